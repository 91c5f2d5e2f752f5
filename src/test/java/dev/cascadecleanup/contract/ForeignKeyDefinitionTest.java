package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a foreign key says besides ON DELETE stays as it is, and the undo brings every action back. */
@ContractTest
class ForeignKeyDefinitionTest {

    private static final String USERS = "CREATE TABLE users (id bigint PRIMARY KEY)";

    private final TestServer server;

    ForeignKeyDefinitionTest(TestServer server) {
        this.server = server;
    }

    @Test
    void everyActionBecomesCascadeAndComesBack() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE no_action (u bigint NOT NULL, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE restricted (u bigint NOT NULL, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON DELETE RESTRICT)",
                "CREATE TABLE nulled (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL)",
                "CREATE TABLE defaulted (u bigint DEFAULT 0, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON DELETE SET DEFAULT)",
                "CREATE TABLE cascading (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON DELETE CASCADE)")) {
            contract.migrate()
                    .assertCascading("no_action.fk", "restricted.fk", "nulled.fk", "defaulted.fk")
                    .assertRepeatable();

            contract.execute("INSERT INTO users VALUES (0), (1), (2)");
            List<String> tables = List.of("no_action", "restricted", "nulled", "defaulted", "cascading");
            for (String table : tables) {
                contract.execute("INSERT INTO " + table + " VALUES (1), (2)");
                contract.assertRefused("INSERT INTO " + table + " VALUES (9)");
            }
            contract.execute("DELETE FROM users WHERE id = 1");
            for (String table : tables) {
                assertThat(contract.database().rows("SELECT u FROM " + table))
                        .as(table)
                        .containsExactly(List.of(2L));
            }

            contract.undoExactly();
            contract.assertRefused("DELETE FROM users WHERE id = 2");
            contract.execute("DELETE FROM no_action", "DELETE FROM restricted", "DELETE FROM users WHERE id = 2");
            assertThat(contract.database().rows("SELECT u FROM defaulted")).containsExactly(List.of(0L));
            assertThat(contract.database().rows("SELECT 1 FROM nulled WHERE u IS NULL"))
                    .hasSize(1);
            assertThat(contract.count("cascading")).isZero();
        }
    }

    @Test
    void updateActions() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE followed (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON UPDATE CASCADE)",
                "CREATE TABLE forgotten (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON UPDATE SET NULL)",
                "CREATE TABLE reset (u bigint DEFAULT 0, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON UPDATE SET DEFAULT)",
                "CREATE TABLE fixed (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON UPDATE RESTRICT ON DELETE SET NULL)")) {
            contract.migrate()
                    .assertCascading("followed.fk", "forgotten.fk", "reset.fk", "fixed.fk")
                    .assertRepeatable();

            contract.execute(
                    "INSERT INTO users VALUES (0), (1), (2)",
                    "INSERT INTO followed VALUES (1)",
                    "INSERT INTO forgotten VALUES (1)",
                    "INSERT INTO reset VALUES (1)",
                    "INSERT INTO fixed VALUES (2)",
                    "UPDATE users SET id = 5 WHERE id = 1");
            assertThat(contract.database().rows("SELECT u FROM followed")).containsExactly(List.of(5L));
            assertThat(contract.database().rows("SELECT 1 FROM forgotten WHERE u IS NULL"))
                    .hasSize(1);
            assertThat(contract.database().rows("SELECT u FROM reset")).containsExactly(List.of(0L));
            contract.assertRefused("UPDATE users SET id = 6 WHERE id = 2");
            contract.execute("DELETE FROM users");
            assertThat(contract.count("followed") + contract.count("reset") + contract.count("fixed"))
                    .isZero();

            contract.undoExactly();
        }
    }

    @Test
    void compositeKeysInAnotherOrderThanTheParents() throws Exception {
        // CockroachDB v21.1 wants an index in the very order of the foreign key.
        String inOrder = server.isCockroach() ? ", UNIQUE (id, tenant), UNIQUE (id, region, tenant)" : "";
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (tenant bigint, id bigint, region bigint, PRIMARY KEY (tenant, id), UNIQUE (region, tenant, id)"
                        + inOrder + ")",
                """
                CREATE TABLE swapped (a bigint, the_tenant bigint, b bigint, the_user bigint,
                  CONSTRAINT fk FOREIGN KEY (the_user, the_tenant) REFERENCES users (id, tenant))""",
                """
                CREATE TABLE three (x bigint, y bigint, z bigint,
                  CONSTRAINT fk FOREIGN KEY (z, x, y) REFERENCES users (id, region, tenant) ON DELETE RESTRICT)""")) {
            contract.migrate().assertCascading("swapped.fk", "three.fk").assertRepeatable();
            assertThat(contract.now().get("swapped.fk").referencedColumns()).containsExactly("id", "tenant");

            contract.execute(
                    "INSERT INTO users (tenant, id, region) VALUES (1, 2, 3), (2, 1, 3)",
                    "INSERT INTO swapped (the_tenant, the_user) VALUES (1, 2), (2, 1), (NULL, 77)",
                    "INSERT INTO three (x, y, z) VALUES (3, 1, 2), (3, 2, 1)");
            contract.assertRefused("INSERT INTO swapped (the_tenant, the_user) VALUES (2, 2)");
            contract.execute("DELETE FROM users WHERE tenant = 1 AND id = 2");
            assertThat(contract.database().rows("SELECT the_user FROM swapped ORDER BY 1"))
                    .containsExactly(List.of(1L), List.of(77L));
            assertThat(contract.database().rows("SELECT y FROM three")).containsExactly(List.of(2L));

            contract.undoExactly();
            contract.assertRefused("DELETE FROM users WHERE tenant = 2");
        }
    }

    @Test
    void matchFull() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server, "CREATE TABLE users (tenant bigint, id bigint, PRIMARY KEY (tenant, id))", """
                CREATE TABLE t (tenant bigint, u bigint,
                  CONSTRAINT fk FOREIGN KEY (tenant, u) REFERENCES users (tenant, id) MATCH FULL ON UPDATE CASCADE)""")) {
            contract.migrate().assertCascading("t.fk").assertRepeatable();

            contract.execute("INSERT INTO users VALUES (1, 1)", "INSERT INTO t VALUES (1, 1), (NULL, NULL)");
            contract.assertRefused("INSERT INTO t VALUES (1, NULL)");
            contract.execute("DELETE FROM users");
            assertThat(contract.count("t")).isEqualTo(1);

            contract.undoExactly();
        }
    }

    @Test
    void uniqueColumnsOtherThanTheKey() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(200) UNIQUE, handle text)",
                "CREATE UNIQUE INDEX users_handle ON users (handle)",
                "CREATE TABLE logins (mail varchar(200) NOT NULL, CONSTRAINT fk FOREIGN KEY (mail) REFERENCES users (email))",
                "CREATE TABLE pages (owner text NOT NULL, CONSTRAINT fk FOREIGN KEY (owner) REFERENCES users (handle))")) {
            contract.migrate().assertCascading("logins.fk", "pages.fk").assertRepeatable();

            contract.execute(
                    "INSERT INTO users VALUES (1, 'a@x', 'a'), (2, 'b@x', 'b')",
                    "INSERT INTO logins VALUES ('a@x'), ('b@x')",
                    "INSERT INTO pages VALUES ('a'), ('b')");
            contract.assertRefused("INSERT INTO logins VALUES ('c@x')");
            contract.execute("DELETE FROM users WHERE id = 1");
            assertThat(contract.database().rows("SELECT mail FROM logins")).containsExactly(List.of("b@x"));
            assertThat(contract.database().rows("SELECT owner FROM pages")).containsExactly(List.of("b"));

            contract.undoExactly();
        }
    }

    @Test
    void severalForeignKeysOnOneColumnAndInOneTable() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (id bigint PRIMARY KEY, u bigint, recorded_by bigint)",
                "ALTER TABLE t ADD CONSTRAINT first FOREIGN KEY (u) REFERENCES users",
                "ALTER TABLE t ADD CONSTRAINT second FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL",
                "ALTER TABLE t ADD CONSTRAINT third FOREIGN KEY (u) REFERENCES users ON DELETE CASCADE",
                "ALTER TABLE t ADD CONSTRAINT recorder FOREIGN KEY (recorded_by) REFERENCES users")) {
            contract.migrate()
                    .assertCascading("t.first", "t.second", "t.recorder")
                    .assertRepeatable();

            contract.execute(
                    "INSERT INTO users VALUES (1), (2), (3)", "INSERT INTO t VALUES (1, 1, 3), (2, 2, 1), (3, 2, 3)");
            contract.execute("DELETE FROM users WHERE id = 1");
            assertThat(contract.database().rows("SELECT id FROM t")).containsExactly(List.of(3L));

            contract.undoExactly();
        }
    }

    @Test
    void foreignKeysBetweenOtherTablesAreNotTouched() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE orders (id bigint PRIMARY KEY, u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE lines (o bigint, CONSTRAINT fk FOREIGN KEY (o) REFERENCES orders)",
                "CREATE TABLE users_archive (id bigint PRIMARY KEY)",
                "CREATE TABLE old (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users_archive ON DELETE SET NULL)",
                "ALTER TABLE users ADD COLUMN archived bigint",
                "ALTER TABLE users ADD CONSTRAINT outgoing FOREIGN KEY (archived) REFERENCES users_archive")) {
            contract.migrate().assertCascading("orders.fk").assertRepeatable();

            contract.execute(
                    "INSERT INTO users VALUES (1)", "INSERT INTO orders VALUES (1, 1)", "INSERT INTO lines VALUES (1)");
            contract.assertRefused("DELETE FROM users WHERE id = 1");
            contract.execute("DELETE FROM lines", "DELETE FROM users WHERE id = 1");
            assertThat(contract.count("orders")).isZero();

            contract.undoExactly();
        }
    }

    @Test
    void nothingToDoIsASuccess() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON DELETE CASCADE)")) {
            contract.migrate().assertCascading().assertRepeatable();
            assertThat(contract.undoExactly().restored()).isEmpty();
        }
        try (CascadeContract contract = CascadeContract.on(server, USERS)) {
            contract.migrate().assertCascading().assertRepeatable();
            assertThat(contract.undoExactly().restored()).isEmpty();
        }
    }
}
