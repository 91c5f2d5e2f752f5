package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What only PostgreSQL can say about a foreign key. */
@ContractTest(only = DatabaseKind.POSTGRESQL)
class PostgresDefinitionTest {

    private static final String USERS = "CREATE TABLE users (id bigint PRIMARY KEY)";

    private final TestServer server;

    PostgresDefinitionTest(TestServer server) {
        this.server = server;
    }

    /** Which one counts for whoever wants to drop an index. */
    @Test
    void theUniqueIndexThatItStandsOnStays() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint NOT NULL CONSTRAINT u UNIQUE, r bigint NOT NULL, CONSTRAINT ru UNIQUE (r, id))",
                "ALTER TABLE users ADD CONSTRAINT pk PRIMARY KEY (id)",
                "CREATE TABLE by_key (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE by_column (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users (id))",
                "CREATE TABLE by_two (r bigint, u bigint, CONSTRAINT fk FOREIGN KEY (r, u) REFERENCES users (r, id))")) {
            String indexes =
                    "SELECT conrelid::regclass::text, conindid::regclass::text FROM pg_constraint WHERE contype = 'f' ORDER BY 1";
            List<List<Object>> before = contract.database().rows(indexes);
            assertThat(before).extracting(row -> row.get(1)).containsExactly("u", "pk", "ru");
            contract.migrate();
            assertThat(contract.database().rows(indexes)).isEqualTo(before);
            contract.undoExactly();
            assertThat(contract.database().rows(indexes)).isEqualTo(before);
        }
    }

    @Test
    void deferrability() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE late (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users DEFERRABLE INITIALLY DEFERRED)",
                "CREATE TABLE able (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users DEFERRABLE)",
                "CREATE TABLE never (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users NOT DEFERRABLE)")) {
            contract.migrate().assertCascading("late.fk", "able.fk", "never.fk").assertRepeatable();

            try (Connection connection = contract.database().connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("INSERT INTO late VALUES (1)");
                statement.execute("SET CONSTRAINTS ALL DEFERRED");
                statement.execute("INSERT INTO users VALUES (1)");
                connection.commit();
            }
            contract.assertRefused("INSERT INTO late VALUES (2)");
            contract.assertRefused("INSERT INTO able VALUES (2)");
            contract.execute("DELETE FROM users");
            assertThat(contract.count("late")).isZero();

            contract.undoExactly();
        }
    }

    @Test
    void setNullOfSomeColumnsOnly() throws Exception {
        server.assumeMajorAtLeast(15);
        try (CascadeContract contract = CascadeContract.on(
                server, "CREATE TABLE users (tenant bigint, id bigint, PRIMARY KEY (tenant, id))", """
                CREATE TABLE posts (tenant bigint NOT NULL, author bigint,
                  CONSTRAINT fk FOREIGN KEY (tenant, author) REFERENCES users ON DELETE SET NULL (author))""", """
                CREATE TABLE notes (tenant bigint NOT NULL, author bigint DEFAULT 0, editor bigint,
                  CONSTRAINT fk FOREIGN KEY (tenant, author) REFERENCES users ON DELETE SET DEFAULT (author))""")) {
            assertThat(contract.before().get("posts.fk").onDeleteColumns()).containsExactly("author");
            contract.migrate().assertCascading("posts.fk", "notes.fk").assertRepeatable();

            contract.execute(
                    "INSERT INTO users VALUES (1, 0), (1, 1)",
                    "INSERT INTO posts VALUES (1, 1)",
                    "INSERT INTO notes VALUES (1, 1)",
                    "DELETE FROM users WHERE id = 1");
            assertThat(contract.count("posts") + contract.count("notes")).isZero();

            contract.undoExactly();
            contract.execute(
                    "INSERT INTO users VALUES (1, 1)",
                    "INSERT INTO posts VALUES (1, 1)",
                    "INSERT INTO notes VALUES (1, 1)",
                    "DELETE FROM users WHERE id = 1");
            assertThat(contract.database().rows("SELECT tenant, author FROM posts"))
                    .containsExactly(Arrays.asList(1L, null));
            assertThat(contract.database().rows("SELECT tenant, author FROM notes"))
                    .containsExactly(List.of(1L, 0L));
        }
    }

    @Test
    void comments() throws Exception {
        String comment =
                "it's \"quoted\", with \\backslash, $$dollars$$, a\nnewline, 'E' and ünïcödé; DROP TABLE users --";
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE plain (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "COMMENT ON CONSTRAINT fk ON t IS " + literal(comment))) {
            assertThat(contract.before().get("t.fk").comment()).isEqualTo(comment);
            contract.migrate().assertCascading("t.fk", "plain.fk").assertRepeatable();
            contract.undoExactly();
        }
    }

    @Test
    void commentsUnderNonStandardStrings() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE \"back\\slash\" (\"c\\'\" bigint, CONSTRAINT \"\\'; --\" FOREIGN KEY (\"c\\'\") REFERENCES users)",
                "COMMENT ON CONSTRAINT \"\\'; --\" ON \"back\\slash\" IS " + literal("a \\' quote"))) {
            contract.flyway(flyway -> flyway.initSql("SET standard_conforming_strings = off"))
                    .migrate()
                    .assertCascading(id -> true)
                    .assertRepeatable();
            contract.undoExactly();
        }
    }

    @Test
    void unloggedTablesAndATemporaryUsersTable() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                        server,
                        USERS,
                        "CREATE UNLOGGED TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)");
                Connection other = contract.database().connect();
                Statement statement = other.createStatement()) {
            // Another session's temporary tables are in the catalog, but nobody else can alter them.
            statement.execute("CREATE TEMP TABLE users (id bigint PRIMARY KEY)");
            statement.execute(
                    "CREATE TEMP TABLE child (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES pg_temp.users)");
            CatalogSnapshot before = contract.now();

            contract.migrate();
            contract.now().assertEqualTo(before.cascading(id -> id.table().equals("t")));
            contract.assertRepeatable().undo();
            contract.now().assertEqualTo(before);
        }
    }

    @Test
    void ownTemporaryTableInFrontOfUsersIsNotTheParent() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server, USERS, "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            contract.flyway(flyway -> flyway.initSql("CREATE TEMP TABLE users (id bigint PRIMARY KEY)"))
                    .migrate()
                    .assertCascading("t.fk")
                    .assertRepeatable();
            contract.undoExactly();
        }
    }

    @Test
    void generatedColumns() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (key text, u bigint GENERATED ALWAYS AS (length(key)) STORED, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            contract.migrate().assertCascading("t.fk").assertRepeatable();
            contract.execute("INSERT INTO users VALUES (3)", "INSERT INTO t VALUES ('abc')", "DELETE FROM users");
            assertThat(contract.count("t")).isZero();
            contract.undoExactly();
        }
    }

    @Test
    void notEnforced() throws Exception {
        server.assumeMajorAtLeast(18);
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE checked (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE loose (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users NOT ENFORCED)")) {
            contract.migrate().assertCascading("checked.fk").assertRepeatable();
            contract.execute("INSERT INTO loose VALUES (9)");
            contract.undoExactly();
        }
    }

    @Test
    void periodForeignKeysAreRefusedUnlessTheyAreKept() throws Exception {
        server.assumeMajorAtLeast(18);
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id int4range, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS), n bigint UNIQUE)",
                """
                CREATE TABLE t (u int4range, during daterange, n bigint CONSTRAINT plain REFERENCES users (n),
                  CONSTRAINT fk FOREIGN KEY (u, PERIOD during) REFERENCES users (id, PERIOD during))""")) {
            assertThat(contract.migrateRefused()).contains("t.fk", "PERIOD", "cascade_keep (t.fk)");

            contract.with("cascade_keep", "t.fk")
                    .migrate()
                    .assertCascading("t.plain")
                    .assertRepeatable();
            contract.undoExactly();
        }
    }

    private static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
