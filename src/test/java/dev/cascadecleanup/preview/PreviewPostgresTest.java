package dev.cascadecleanup.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only PostgreSQL has. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class PreviewPostgresTest {

    private final TestServer server;
    private TestDatabase database;

    PreviewPostgresTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void createPeople() throws SQLException {
        database = server.databaseOf(
                "preview-postgres",
                empty -> empty.execute(
                        "CREATE TABLE users (id bigint PRIMARY KEY)",
                        "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE)",
                        "CREATE TABLE tasks (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL)",
                        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                        "INSERT INTO users VALUES (1), (2)",
                        "INSERT INTO posts VALUES (10, 1), (11, 1), (12, 2)",
                        "INSERT INTO tasks VALUES (20, 1)"));
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private PreviewReport preview(String key) {
        return CascadeCleanup.of(database.dataSource()).preview(key);
    }

    @Test
    void nothingIsWrittenAndNoTransactionIdIsTaken() throws SQLException {
        try (Connection connection = database.connect()) {
            CascadeCleanup.of(new SharedConnection(connection)).preview("1");
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
            }
            assertThat(assigned(connection)).isNull();
            try (Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
            }
        }
    }

    private static String assigned(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_xact_id_if_assigned()::text")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aTriggerOnTheWayIsNotLookedInto() throws SQLException {
        database.execute("CREATE TRIGGER audit BEFORE DELETE ON posts FOR EACH ROW EXECUTE FUNCTION f()");
        PreviewReport report = preview("1");
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThat(report.triggers()).singleElement().asString().contains("posts.audit", "BEFORE DELETE FOR EACH ROW");
        assertThat(CascadeCleanup.of(database.dataSource())
                        .preview(PreviewOptions.defaults().withTriggersTrusted(true), "1")
                        .verdict())
                .isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    @Test
    void aTriggerElsewhereDoesNotMatter() throws SQLException {
        database.execute(
                "CREATE TRIGGER audit AFTER INSERT ON posts FOR EACH ROW EXECUTE FUNCTION f()",
                "CREATE TRIGGER audit AFTER DELETE ON tasks FOR EACH ROW EXECUTE FUNCTION f()");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    @Test
    void rowLevelSecurityHidesRows() throws SQLException {
        String role = database.createRole("reader");
        database.execute(
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role,
                "ALTER TABLE posts ENABLE ROW LEVEL SECURITY");
        PreviewReport report =
                CascadeCleanup.of(database.dataSource(role, role)).preview("1");
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThat(report.notSeen()).anyMatch(line -> line.contains("posts") && line.contains("row-level security"));
        assertThat(preview("1").verdict()).as("not for its owner").isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    @Test
    void aPublicationWithoutIdentityRefuses() throws SQLException {
        database.execute(
                "CREATE TABLE notes (user_id bigint REFERENCES users ON DELETE CASCADE)",
                "INSERT INTO notes VALUES (1)",
                "CREATE PUBLICATION all_of_it FOR TABLE notes");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
        assertThat(preview("2").verdict()).as("no row of it goes").isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    @Test
    void foreignKeysThatDoNotWorkLeaveRowsBehind() throws SQLException {
        database.execute("ALTER TABLE users DISABLE TRIGGER ALL");
        PreviewReport report = preview("1");
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.LEAVES_ROWS_BEHIND);
        assertThat(report.reasons()).anyMatch(reason -> reason.contains("switched off"));
        assertThat(report.rowsDeleted()).isEqualTo(1);
        assertThat(report.tables())
                .extracting(table -> table.table().name(), TablePreview::leftBehind)
                .contains(tuple("posts", 2L));
    }

    @Test
    void inheritanceChildrenOfTheParentGoWithIt() throws SQLException {
        database.execute(
                "CREATE TABLE admins (PRIMARY KEY (id)) INHERITS (users)",
                "CREATE TABLE keys (id bigint PRIMARY KEY, admin bigint REFERENCES admins ON DELETE CASCADE)",
                "INSERT INTO admins VALUES (7)",
                "INSERT INTO keys VALUES (70, 7), (71, 7)");
        assertThat(preview("7").rowsDeleted()).isEqualTo(3);
        assertThat(preview("1").rowsDeleted()).isEqualTo(3);
    }

    @Test
    void namesThatNeedQuotes() throws SQLException {
        database.execute(
                "CREATE SCHEMA \"o'dd\"",
                "CREATE TABLE \"o'dd\".\"a\"\"b\" (\"i d\" bigint PRIMARY KEY, \"u?\" bigint REFERENCES users ON DELETE CASCADE)",
                "INSERT INTO \"o'dd\".\"a\"\"b\" VALUES (1, 1), (2, 1)");
        assertThat(preview("1").rowsDeleted()).isEqualTo(5);
    }

    @Test
    void columnsThatCollateDifferently() throws SQLException {
        database.execute(
                "CREATE TABLE codes (id text COLLATE \"C\" PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE uses (id bigint PRIMARY KEY, code text COLLATE \"POSIX\" REFERENCES codes ON DELETE CASCADE)",
                "INSERT INTO codes VALUES ('a', 1)",
                "INSERT INTO uses VALUES (1, 'a'), (2, 'a')");
        assertThat(preview("1").rowsDeleted()).isEqualTo(6);
    }

    @Test
    void aKeyThatIsTooLongIsNobodys() throws SQLException {
        database.execute(
                "CREATE TABLE people (name varchar(3) PRIMARY KEY, code char(3) NOT NULL UNIQUE)",
                "INSERT INTO people VALUES ('abc', 'abc')");
        CascadeCleanup people = CascadeCleanup.of(database.dataSource());
        people =
                people.withOptions(people.options().toBuilder().parent("people").build());
        for (String key : new String[] {"abcd", "code=abcd", "a"}) {
            CascadeCleanup cleanup = people;
            assertThatThrownBy(() -> cleanup.preview(key)).hasMessageContaining("no row of people");
        }
        assertThat(people.preview("abc").rowsDeleted()).isEqualTo(1);
        assertThat(people.preview("code=abc").rowsDeleted()).isEqualTo(1);
    }
}
