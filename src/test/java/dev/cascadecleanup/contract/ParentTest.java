package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import org.junit.jupiter.api.Test;

/** Which table is meant. */
@ContractTest(oldestAndNewest = true)
class ParentTest {

    private static final String USERS = "CREATE TABLE users (id bigint PRIMARY KEY)";

    private final TestServer server;

    ParentTest(TestServer server) {
        this.server = server;
    }

    @Test
    void inAnotherSchema() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE SCHEMA app",
                "CREATE SCHEMA billing",
                "CREATE TABLE app.users (id bigint PRIMARY KEY)",
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES app.users)",
                "CREATE TABLE app.t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES app.users)",
                "CREATE TABLE billing.t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES app.users ON DELETE SET NULL)",
                "CREATE TABLE billing.not_this (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES public.users)")) {
            contract.with("cascade_parent", "app.users")
                    .migrate()
                    .assertCascading("public.t.fk", "app.t.fk", "billing.t.fk")
                    .assertRepeatable();
            contract.execute(
                    "INSERT INTO app.users VALUES (1)", "INSERT INTO billing.t VALUES (1)", "DELETE FROM app.users");
            assertThat(contract.count("billing.t")).isZero();
            contract.undoExactly();
        }
    }

    @Test
    void flywaysDefaultSchemaComesBeforeTheSearchPath() throws Exception {
        String[] schema = {
            "CREATE SCHEMA shadow",
            "CREATE SCHEMA app",
            "CREATE TABLE shadow.users (id bigint PRIMARY KEY)",
            "CREATE TABLE app.users (id bigint PRIMARY KEY)",
            "CREATE TABLE shadow.t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES shadow.users)",
            "CREATE TABLE app.t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES app.users)"
        };
        try (CascadeContract contract = CascadeContract.on(server, schema)) {
            contract.flyway(
                    flyway -> flyway.initSql("SET search_path = shadow, app").defaultSchema("app"));
            contract.migrate().assertCascading("app.t.fk").assertRepeatable();
            assertThat(contract.journals()).containsExactly("app");
            contract.undoExactly();
        }
        try (CascadeContract contract = CascadeContract.on(server, schema)) {
            contract.flyway(flyway -> flyway.initSql("SET search_path = shadow, app"));
            contract.migrate().assertCascading("shadow.t.fk").assertRepeatable();
            assertThat(contract.journals()).containsExactly("shadow");
            contract.undoExactly();
        }
    }

    @Test
    void defaultSchemaWithoutTheTableFallsBackToTheSearchPath() throws Exception {
        // On CockroachDB Flyway puts the default schema in place of the search path, not in front of it.
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE SCHEMA history",
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            contract.flyway(flyway -> flyway.defaultSchema("history"));
            contract.migrate().assertCascading("t.fk").assertRepeatable();
            assertThat(contract.journals()).containsExactly("history");
            contract.undoExactly();
        }
    }

    @Test
    void mixedCaseTableIsFoundAsWritten() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE \"Users\" (id bigint PRIMARY KEY)",
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE s (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES \"Users\")")) {
            contract.with("cascade_parent", "Users")
                    .migrate()
                    .assertCascading("s.fk")
                    .assertRepeatable()
                    .undoExactly();
        }
    }

    @Test
    void severalParents() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE accounts (id bigint PRIMARY KEY)",
                "CREATE TABLE others (id bigint PRIMARY KEY)",
                "CREATE TABLE t (u bigint, a bigint, o bigint, CONSTRAINT to_user FOREIGN KEY (u) REFERENCES users,"
                        + " CONSTRAINT to_account FOREIGN KEY (a) REFERENCES accounts,"
                        + " CONSTRAINT to_other FOREIGN KEY (o) REFERENCES others)")) {
            contract.with("cascade_parent", "users, accounts")
                    .migrate()
                    .assertCascading("t.to_user", "t.to_account")
                    .assertRepeatable();
            contract.execute(
                    "INSERT INTO users VALUES (1)",
                    "INSERT INTO accounts VALUES (5)",
                    "INSERT INTO t VALUES (1, NULL), (NULL, 5)",
                    "DELETE FROM users",
                    "DELETE FROM accounts");
            assertThat(contract.count("t")).isZero();
            contract.undoExactly();
        }
    }

    /** A foreign key from one parent to another is no self-reference: deleting an account would be refused by its users. */
    @Test
    void severalParentsThatReferenceEachOther() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE accounts (id bigint PRIMARY KEY)",
                "CREATE TABLE users (id bigint PRIMARY KEY, account bigint, manager bigint,"
                        + " CONSTRAINT to_account FOREIGN KEY (account) REFERENCES accounts,"
                        + " CONSTRAINT to_manager FOREIGN KEY (manager) REFERENCES users)")) {
            contract.with("cascade_parent", "users, accounts")
                    .migrate()
                    .assertCascading("users.to_account")
                    .assertRepeatable();
            contract.undoExactly();
        }
    }

    @Test
    void selfReferencesAreKeptUnlessAskedFor() throws Exception {
        String[] schema = {
            "CREATE TABLE users (id bigint PRIMARY KEY, manager bigint, CONSTRAINT managed FOREIGN KEY (manager) REFERENCES users)",
            "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)"
        };
        try (CascadeContract contract = CascadeContract.on(server, schema)) {
            contract.migrate().assertCascading("t.fk").assertRepeatable();
            contract.execute("INSERT INTO users VALUES (1, NULL), (2, 1)", "INSERT INTO t VALUES (2)");
            contract.assertRefused("DELETE FROM users WHERE id = 1");
            contract.execute("DELETE FROM users WHERE id = 2");
            assertThat(contract.count("t")).isZero();
            contract.undoExactly();
        }
        try (CascadeContract contract = CascadeContract.on(server, schema)) {
            contract.with("cascade_self_references", "cascade")
                    .migrate()
                    .assertCascading("t.fk", "users.managed")
                    .assertRepeatable();
            contract.execute(
                    "INSERT INTO users VALUES (1, NULL), (2, 1), (3, 2)",
                    "INSERT INTO t VALUES (3)",
                    "DELETE FROM users WHERE id = 1");
            assertThat(contract.count("users") + contract.count("t")).isZero();
            contract.undoExactly();
        }
    }

    @Test
    void noSuchTable() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE SCHEMA app",
                "CREATE TABLE \"user\" (id bigint PRIMARY KEY)",
                "CREATE TABLE app.users (id bigint PRIMARY KEY)",
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES \"user\")")) {
            assertThat(contract.migrateRefused())
                    .contains("cascade_parent = users", "no such table", "did you mean user?", "app.users");
            assertThat(contract.with("cascade_parent", "app.user").migrateRefused())
                    .contains("cascade_parent = app.user", "no such table in schema app", "did you mean user?");
            assertThat(contract.with("cascade_parent", "users, nobody").migrateRefused())
                    .contains("cascade_parent = users", "cascade_parent = nobody");
        }
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE SCHEMA app",
                "CREATE TABLE app.accounts (id bigint PRIMARY KEY)",
                "CREATE TABLE t (a bigint, CONSTRAINT fk FOREIGN KEY (a) REFERENCES app.accounts)")) {
            assertThat(contract.with("cascade_parent", "acounts").migrateRefused())
                    .contains("did you mean app.accounts?");
        }
        try (CascadeContract contract = CascadeContract.on(server, "CREATE TABLE unrelated (id bigint PRIMARY KEY)")) {
            assertThat(contract.migrateRefused())
                    .contains("cascade_parent = users", "no such table", "cascade_parent to the referenced table");
        }
    }

    @Test
    void viewOfThatName() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE SCHEMA core",
                "CREATE TABLE core.users (id bigint PRIMARY KEY)",
                "CREATE VIEW users AS SELECT id FROM core.users",
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES core.users)")) {
            assertThat(contract.migrateRefused()).contains("users is a view", "core.users");
            contract.with("cascade_parent", "core.users")
                    .migrate()
                    .assertCascading("t.fk")
                    .assertRepeatable()
                    .undoExactly();
        }
    }
}
