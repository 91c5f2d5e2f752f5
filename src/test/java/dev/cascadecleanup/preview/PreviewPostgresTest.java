package dev.cascadecleanup.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.DoubledConnections;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only PostgreSQL has. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class PreviewPostgresTest {

    private final TestServer server;
    private TestDatabase database;
    private int rounds;

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
        return CascadeCleanup.of(database.warmDataSource()).preview(key);
    }

    /** Asked in each of the preview's own transactions before it ends; those that end on the server, in a flight, have just ended. */
    @Test
    void nothingIsWrittenAndNoTransactionIdIsTaken() throws SQLException {
        List<String> ends = new ArrayList<>();
        try (Connection connection = database.connect()) {
            Connection asking = (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("commit")
                                || (method.getName().equals("rollback") && arguments == null)) {
                            ends.add(end(connection));
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
            CascadeCleanup.of(new SharedConnection(asking)).preview("1");
            CascadeCleanup.of(new SharedConnection(asking)).previewPeople(PreviewOptions.defaults(), 0);
        }
        assertThat(ends).contains("repeatable read, read only: on, id: none").allMatch(end -> end.endsWith("id: none"));
    }

    private static String end(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT current_setting('transaction_isolation') || ', read only: '"
                                + " || current_setting('transaction_read_only') || ', id: '"
                                + " || coalesce(pg_current_xact_id_if_assigned()::text, 'none')")) {
            row.next();
            return row.getString(1);
        }
    }

    /** Between the look at the catalog and the snapshot, and after the snapshot where the table is rewritten and looks empty from then on. */
    @Test
    void aSchemaThatChangesMeanwhileIsReadAgain() throws SQLException {
        database.execute("INSERT INTO users VALUES (3)", "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint)");
        database.execute("INSERT INTO notes VALUES (1, 3)");
        assertThat(previewWhile("REPEATABLE READ", "ALTER TABLE notes ADD FOREIGN KEY (user_id) REFERENCES users", "3")
                        .verdict())
                .isEqualTo(PreviewVerdict.REFUSED);
        database.execute("DROP TABLE notes");
        assertThat(previewWhile("FROM \"public\".\"users\"", "ALTER TABLE posts ALTER user_id TYPE int", "1")
                        .rowsDeleted())
                .isEqualTo(3);
    }

    /** Runs this once, over another connection, when the preview is about to send such a statement. */
    private PreviewReport previewWhile(String when, String change, String key) {
        List<String> changes = new ArrayList<>(List.of(change));
        DataSource changing = DoubledConnections.over(database.dataSource(), (connection, sql) -> {
            if (sql.contains(when) && !changes.isEmpty()) {
                database.execute(changes.remove(0));
            }
            return sql;
        });
        PreviewReport report = CascadeCleanup.of(changing).preview(key);
        assertThat(changes).as("not run: there was no " + when).isEmpty();
        return report;
    }

    @Test
    void aSchemaThatNeverRestsIsNotSeen() throws SQLException {
        database.execute("CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users)");
        DataSource changing = DoubledConnections.over(database.dataSource(), (connection, sql) -> {
            if (sql.contains("REPEATABLE READ")) {
                database.execute("ALTER TABLE notes ADD COLUMN c" + rounds++ + " int");
            }
            return sql;
        });
        assertThatThrownBy(() -> CascadeCleanup.of(changing).preview("1"))
                .isInstanceOf(CascadeException.class)
                .hasMessageContaining("not seen: the schema was changed");
        assertThat(rounds).isEqualTo(3);
    }

    /** However it came to be one: no foreign key works there, and the preview is about a DELETE in this session. */
    @Test
    void aSessionOfReplicationLeavesRowsBehind() throws SQLException {
        try (Connection replica = database.connect();
                Statement statement = replica.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            assertThatRowsStay(new SharedConnection(replica));
            assertThat(statement.executeUpdate("DELETE FROM users WHERE id = 1"))
                    .isEqualTo(1);
        }
        assertThat(database.<Long>value("SELECT count(*) FROM posts WHERE user_id = 1"))
                .as("as the preview says")
                .isEqualTo(2);
    }

    @Test
    void soDoesARoleOrADatabaseThatMakesItOne() throws SQLException {
        String role = database.createRole("replica");
        database.execute(
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role,
                "ALTER ROLE " + role + " SET session_replication_role = replica");
        assertThatRowsStay(database.dataSource(role, role));
        assertThat(preview("1").verdict()).as("another role").isEqualTo(PreviewVerdict.SUCCEEDS);
        database.execute("ALTER DATABASE " + database.name() + " SET session_replication_role = replica");
        assertThatRowsStay(database.dataSource());
    }

    private static void assertThatRowsStay(DataSource replica) {
        PreviewReport report = CascadeCleanup.of(replica).preview("1");
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.LEAVES_ROWS_BEHIND);
        assertThat(report.reasons()).allMatch(reason -> reason.contains("session_replication_role"));
        assertThat(report.rowsDeleted()).isEqualTo(1);
        assertThat(CascadeCleanup.of(replica)
                        .previewPeople(PreviewOptions.defaults(), 0)
                        .count(PreviewVerdict.SUCCEEDS))
                .isZero();
    }

    /** That nothing is left behind is the accident of a person without rows. */
    @Test
    void inASessionOfReplicationNobodySucceeds() throws SQLException {
        database.execute("INSERT INTO users VALUES (3)");
        assertThat(preview("3").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
        try (Connection replica = database.connect();
                Statement statement = replica.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            PreviewReport report =
                    CascadeCleanup.of(new SharedConnection(replica)).preview("3");
            assertThat(report.verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
            assertThat(report.notSeen()).anyMatch(line -> line.contains("session_replication_role"));
        }
    }

    @Test
    void whatIsEnabledAlwaysWorksInASessionOfReplicationToo() throws SQLException {
        database.rows("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgisinternal")
                .forEach(row -> {
                    try {
                        database.execute("ALTER TABLE " + row.get(0) + " ENABLE ALWAYS TRIGGER \"" + row.get(1) + '"');
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
        try (Connection replica = database.connect();
                Statement statement = replica.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            PreviewReport report =
                    CascadeCleanup.of(new SharedConnection(replica)).preview("1");
            assertThat(report.rowsDeleted()).isEqualTo(3);
            assertThat(report.rowsDetached()).isEqualTo(1);
            statement.execute("DELETE FROM users WHERE id = 1");
        }
        assertThat(database.<Long>value("SELECT count(*) FROM posts")).isEqualTo(1);
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
        assertThat(preview("2").verdict())
                .as("the server asks before it looks for rows")
                .isEqualTo(PreviewVerdict.REFUSED);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 2"))
                .hasMessageContaining("replica identity");
    }

    /** A cascade leaves out the partitions that cannot have what it looks for. */
    @Test
    void aPublicationOfOnePartition() throws SQLException {
        database.execute(
                "CREATE TABLE notes (user_id bigint REFERENCES users ON DELETE CASCADE) PARTITION BY LIST (user_id)",
                "CREATE TABLE notes_1 PARTITION OF notes FOR VALUES IN (1)",
                "CREATE TABLE notes_2 PARTITION OF notes FOR VALUES IN (2)",
                "INSERT INTO users VALUES (3)",
                "INSERT INTO notes VALUES (1), (2)",
                "CREATE PUBLICATION of_a_part FOR TABLE notes_1");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("replica identity");
        assertThat(preview("3").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
    }

    /** What the server said is not repeated: there are values in it. */
    @Test
    void aCheckThatRaisesAnError() throws SQLException {
        database.execute(
                "CREATE FUNCTION strict(bigint, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF $1 IS NULL THEN RAISE 'not %', $2; END IF; RETURN true; END $$",
                "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, secret text,"
                        + " CONSTRAINT is_strict CHECK (strict(user_id, secret)))",
                "INSERT INTO users VALUES (3)",
                "INSERT INTO seats VALUES (1, 1, 'sesame')");
        PreviewReport report = preview("1");
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThat(report.notSeen()).anyMatch(line -> line.contains("CHECK is_strict of seats may refuse"));
        assertThat(report.toString()).doesNotContain("sesame");
        assertThat(report.tables())
                .extracting(table -> table.table().name(), TablePreview::detached)
                .contains(tuple("seats", 1L));
        assertThat(preview("3").verdict()).as("nobody's").isEqualTo(PreviewVerdict.SUCCEEDS);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("not sesame");
    }

    /** All of them say something else of a row that nobody has changed. */
    @Test
    void checksThatLookBeyondTheRow() throws SQLException {
        database.execute(
                "CREATE TABLE switches (on_ boolean)",
                "INSERT INTO switches VALUES (true)",
                "CREATE FUNCTION reads() RETURNS boolean LANGUAGE sql AS 'SELECT bool_and(on_) FROM public.switches'",
                "CREATE FUNCTION calls(int) RETURNS boolean LANGUAGE sql AS 'SELECT public.\"reads\" ()'",
                "CREATE FUNCTION watches(timestamptz) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN $1 > clock_timestamp (); END'",
                "CREATE FUNCTION is_on(int, int) RETURNS boolean LANGUAGE plpgsql AS"
                        + " 'BEGIN RETURN (SELECT bool_and(on_) FROM public.switches); END'",
                "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = is_on)",
                "CREATE FUNCTION compares(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN $1 OPERATOR(public.===) 1; END'",
                "CREATE FUNCTION dashes(int) RETURNS boolean LANGUAGE sql AS"
                        + " 'SELECT ''--'' <> '''' AND (SELECT bool_and(on_) FROM public.switches)'",
                "CREATE FUNCTION trims(int) RETURNS boolean LANGUAGE sql AS"
                        + " 'SELECT trim((SELECT bool_and(on_)::text FROM public.switches)) = ''true'''",
                "CREATE FUNCTION unnests(int) RETURNS boolean LANGUAGE sql AS"
                        + " 'SELECT bool_and(e) FROM unnest((SELECT array_agg(on_) FROM public.switches)) e'",
                "CREATE DOMAIN switched AS int CHECK (reads())",
                "CREATE FUNCTION plain(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN $1 IS DISTINCT FROM 7; END'",
                "INSERT INTO users VALUES (3)");
        for (String check : List.of(
                "calls(n)",
                "watches(at)",
                "n === 1",
                "compares(n)",
                "dashes(n)",
                "trims(n)",
                "unnests(n)",
                "CAST(n AS switched) = 1",
                "by = current_user",
                "current_setting('search_path') <> ''")) {
            database.execute(
                    "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, n int, by text,"
                            + " at timestamptz, CHECK (" + check + "))",
                    "INSERT INTO seats VALUES (1, 1, 1, current_user, now() + interval '1 day')");
            assertThat(preview("1").verdict()).as(check).isEqualTo(PreviewVerdict.NOT_SEEN);
            assertThat(preview("3").verdict()).as(check).isEqualTo(PreviewVerdict.SUCCEEDS);
            database.execute("DROP TABLE seats");
        }
        database.execute(
                "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, n int, CHECK (plain(n)))",
                "INSERT INTO seats VALUES (1, 1, 1)");
        assertThat(preview("1").verdict()).as("at its argument alone").isEqualTo(PreviewVerdict.SUCCEEDS);
        // What the documentation advises.
        for (String advice : List.of(
                "ALTER TABLE seats DROP CONSTRAINT seats_check, ADD CONSTRAINT seats_check CHECK (at > TIMESTAMPTZ '2000-01-01 00:00Z')",
                "ALTER TABLE seats DROP CONSTRAINT seats_user_id_fkey, ADD CONSTRAINT seats_user_id_fkey FOREIGN KEY (user_id)"
                        + " REFERENCES users ON DELETE CASCADE")) {
            database.execute(
                    "DROP TABLE seats",
                    "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, at timestamptz,"
                            + " CONSTRAINT seats_check CHECK (watches(at)))",
                    "INSERT INTO seats VALUES (1, 1, now() + interval '1 day')");
            assertThat(preview("1").verdict()).as(advice).isEqualTo(PreviewVerdict.NOT_SEEN);
            database.execute(advice);
            assertThat(preview("1").verdict()).as(advice).isEqualTo(PreviewVerdict.SUCCEEDS);
            database.execute("BEGIN; DELETE FROM users WHERE id = 1; ROLLBACK");
        }
    }

    /** What is generated from a column that loses its value may have a foreign key of its own. */
    @Test
    void aForeignKeyOfAGeneratedColumn() throws SQLException {
        database.execute(
                "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL,"
                        + " holder bigint GENERATED ALWAYS AS (coalesce(user_id, 77)) STORED REFERENCES users ON DELETE CASCADE,"
                        + " label text GENERATED ALWAYS AS ('seat') STORED)",
                "INSERT INTO users VALUES (3)",
                "INSERT INTO seats VALUES (1, 1)");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("violates foreign key");
        assertThat(preview("3").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    /** Other generated columns stay what they are. */
    @Test
    void aColumnGeneratedFromOthers() throws SQLException {
        database.execute(
                "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, title text,"
                        + " search tsvector GENERATED ALWAYS AS (to_tsvector('english', title)) STORED)",
                "INSERT INTO seats VALUES (1, 1, 'a')");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
        database.execute("DELETE FROM users WHERE id = 1");
    }

    /** Before PostgreSQL 18 a cascade compares by the collation of its own column. */
    @Test
    void differentKeysThatAreTheSame() throws SQLException {
        assumeTrue(server.major() < 18, "since PostgreSQL 18 there are no such foreign keys");
        database.execute(
                "CREATE COLLATION ci (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false)",
                "CREATE TABLE names (name text PRIMARY KEY)",
                "CREATE TABLE badges (id int PRIMARY KEY, name text COLLATE ci REFERENCES names ON DELETE CASCADE)",
                "INSERT INTO names VALUES ('Ann'), ('ann')",
                "INSERT INTO badges VALUES (1, 'Ann'), (2, 'ann')");
        CascadeCleanup names = CascadeCleanup.of(database.dataSource());
        names = names.withOptions(names.options().toBuilder().parent("names").build());
        assertThat(names.preview("Ann").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThat(names.verify().result()).isEqualTo(Verification.Result.NOT_SEEN);
        assertThatThrownBy(() -> database.execute("DO $$ BEGIN DELETE FROM names WHERE name = 'Ann';"
                        + " IF NOT EXISTS (SELECT FROM badges) THEN RAISE 'all gone'; END IF; END $$"))
                .hasMessageContaining("all gone");
        // The advice, as printed.
        String remedy = names.verify().notSeen().get(0).remedy();
        database.execute(remedy.substring(remedy.indexOf("ALTER TABLE")));
        assertThat(names.verify().result()).isEqualTo(Verification.Result.YES);
        assertThat(names.preview("Ann").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
        database.execute("DELETE FROM names WHERE name = 'Ann'");
        assertThat(database.<Integer>value("SELECT id FROM badges")).isEqualTo(2);
    }

    /** A key that has to be whole or nothing, of which one column is set to NULL (PostgreSQL 15). */
    @Test
    void partOfAKeyThatHasToBeWhole() throws SQLException {
        server.assumeMajorAtLeast(15);
        database.execute(
                "ALTER TABLE users ADD code int NOT NULL DEFAULT 1, ADD UNIQUE (id, code)",
                "CREATE TABLE seats (id int, user_id bigint, code int,"
                        + " FOREIGN KEY (user_id, code) REFERENCES users (id, code) MATCH FULL ON DELETE SET NULL (user_id))",
                "INSERT INTO seats VALUES (1, 1, 1)");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("MATCH FULL");
    }

    @Test
    void theDefaultOfADomain() throws SQLException {
        database.execute(
                "CREATE DOMAIN somebody AS bigint DEFAULT 77",
                "CREATE DOMAIN nobody AS somebody",
                "CREATE TABLE seats (id int, user_id nobody REFERENCES users ON DELETE SET DEFAULT)",
                "INSERT INTO seats VALUES (1, 1)");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("violates foreign key");
    }

    /** Nobody looks whether it is there. */
    @Test
    void aDefaultThatIsNotChecked() throws SQLException {
        database.execute(
                "CREATE TABLE seats (id int, user_id bigint DEFAULT 77 REFERENCES users ON DELETE SET DEFAULT)",
                "INSERT INTO seats VALUES (1, 1)",
                "ALTER TABLE seats DISABLE TRIGGER ALL");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
    }

    /** It goes with its post a level further down, and has lost its user before. */
    @Test
    void aRowThatIsChangedBeforeItGoes() throws SQLException {
        database.execute(
                "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$",
                "INSERT INTO posts VALUES (101, 1), (102, 1)");
        for (String obstacle : List.of(
                "CREATE UNIQUE INDEX ON notes (k) WHERE user_id IS NULL",
                "ALTER TABLE notes ADD g bigint GENERATED ALWAYS AS (coalesce(user_id, 0)) STORED CHECK (g > 0)",
                "CREATE TRIGGER no BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION no()",
                "ALTER TABLE notes ADD UNIQUE (user_id); CREATE TABLE marks (user_id bigint REFERENCES notes (user_id) ON DELETE CASCADE);"
                        + " INSERT INTO marks VALUES (1)",
                "CREATE PUBLICATION notes WITH (publish = 'update'); ALTER PUBLICATION notes ADD TABLE notes")) {
            database.execute(
                    "CREATE TABLE notes (id int, post_id bigint REFERENCES posts ON DELETE CASCADE,"
                            + " user_id bigint REFERENCES users ON DELETE SET NULL, k int)",
                    "INSERT INTO notes VALUES (1, 101, 1, 1)"
                            + (obstacle.contains("UNIQUE (user_id)") ? "" : ", (2, 102, 1, 1)"),
                    obstacle);
            assertThat(preview("1").verdict()).as(obstacle).isIn(PreviewVerdict.NOT_SEEN, PreviewVerdict.REFUSED);
            assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                    .as(obstacle)
                    .isInstanceOf(SQLException.class);
            database.execute("DROP TABLE notes CASCADE");
        }
    }

    /** What the catalog says of NULL in a column holds for every person. */
    @Test
    void whatSetNullCannotMeet() throws SQLException {
        database.execute(
                "CREATE EXTENSION btree_gist",
                "CREATE EXTENSION citext",
                "CREATE FUNCTION tidy(text) RETURNS boolean LANGUAGE plpgsql AS"
                        + " $$ BEGIN /* from a to z */ RETURN replace($1, ' from ', '') <> 'from'; END -- of the table\n $$",
                "CREATE FUNCTION full_(text[]) RETURNS boolean LANGUAGE sql AS"
                        + " 'SELECT bool_and(length(e) > 0) FROM unnest($1) AS e'");
        for (String harmless : List.of(
                "CREATE UNIQUE INDEX ON notes (slug) WHERE deleted_at IS NULL",
                "ALTER TABLE notes ADD v tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(slug, ''))) STORED",
                "CREATE UNIQUE INDEX ON notes (slug) WHERE user_id IS NOT NULL",
                "ALTER TABLE notes ADD EXCLUDE USING gist (user_id WITH =, span WITH &&)",
                "ALTER TABLE notes ADD CHECK (char_length(slug) < 10)",
                "ALTER TABLE notes ADD doc jsonb CHECK (doc ? 'a' AND jsonb_typeof(doc) = 'object'), ADD CHECK (user_id IS NOT NULL OR doc ? 'a'"
                        + " OR slug = 'a')",
                "ALTER TABLE notes ADD CHECK (tidy(slug))",
                "ALTER TABLE notes ADD tags text[], ADD CHECK (full_(tags))")) {
            database.execute(
                    "CREATE TABLE notes (id int, user_id bigint REFERENCES users ON DELETE SET NULL, slug text,"
                            + " deleted_at timestamptz, span tstzrange)",
                    "INSERT INTO notes VALUES (1, 1, 'a', now(), tstzrange(now(), NULL))",
                    harmless);
            assertThat(preview("1").verdict()).as(harmless).isEqualTo(PreviewVerdict.SUCCEEDS);
            database.execute("BEGIN; DELETE FROM users WHERE id = 1; ROLLBACK", "DROP TABLE notes");
        }
        database.execute(
                "CREATE TABLE notes (id int, user_id bigint REFERENCES users ON DELETE SET NULL) PARTITION BY RANGE (id)",
                "CREATE TABLE notes_1 PARTITION OF notes FOR VALUES FROM (0) TO (10)",
                "INSERT INTO notes VALUES (1, 1)");
        assertThat(preview("1").verdict()).as("another key").isEqualTo(PreviewVerdict.SUCCEEDS);
        database.execute("DELETE FROM users WHERE id = 1");
    }

    /** The statement of such a foreign key is about the partition alone. */
    @Test
    void aPartitionThatNoRowCanLeave() throws SQLException {
        database.execute(
                "CREATE TABLE notes (id int, user_id bigint) PARTITION BY LIST (user_id)",
                "CREATE TABLE notes_1 PARTITION OF notes FOR VALUES IN (1, 2)",
                "CREATE TABLE notes_0 PARTITION OF notes FOR VALUES IN (NULL)",
                "ALTER TABLE notes_1 ADD FOREIGN KEY (user_id) REFERENCES users ON DELETE SET NULL",
                "INSERT INTO notes VALUES (1, 1)");
        CascadeCleanup cleanup = CascadeCleanup.of(database.dataSource());
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThat(cleanup.withOptions(cleanup.options().toBuilder()
                                .parent("users")
                                .scope(CascadeOptions.Scope.CLOSURE)
                                .keepSetNull(true)
                                .build())
                        .verify()
                        .result())
                .isNotEqualTo(Verification.Result.YES);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("partition constraint");
    }

    /** What moves is inserted, and checked by its other foreign keys, too. */
    @Test
    void aRowThatMovesBeforeItGoes() throws SQLException {
        database.execute(
                "CREATE TABLE marks (id int PRIMARY KEY, post_id bigint REFERENCES posts ON DELETE CASCADE)",
                "CREATE TABLE notes (mark_id int REFERENCES marks ON DELETE CASCADE, user_id bigint REFERENCES users ON DELETE SET NULL)"
                        + " PARTITION BY LIST (user_id)",
                "CREATE TABLE notes_1 PARTITION OF notes FOR VALUES IN (1, 2)",
                "CREATE TABLE notes_0 PARTITION OF notes FOR VALUES IN (NULL)",
                "INSERT INTO posts VALUES (101, 1)",
                "INSERT INTO marks VALUES (1, 101)",
                "INSERT INTO notes VALUES (1, 1)");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("violates foreign key");
    }

    /** Nobody asks it of the rows. */
    @Test
    void whatAPartitionAloneAsks() throws SQLException {
        database.execute(
                "CREATE FUNCTION plain(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0'",
                "CREATE TABLE notes (id int, user_id bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (id)",
                "CREATE TABLE notes_1 PARTITION OF notes FOR VALUES IN (1, 2)",
                "INSERT INTO notes VALUES (1, 1, 1)");
        for (String own : List.of(
                "ALTER TABLE notes_1 ADD CONSTRAINT own CHECK (k > 5) NOT VALID",
                "ALTER TABLE notes_1 ADD CONSTRAINT own CHECK (plain(k));"
                        + " CREATE OR REPLACE FUNCTION plain(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 5'")) {
            database.execute(own);
            assertThat(preview("1").verdict()).as(own).isEqualTo(PreviewVerdict.NOT_SEEN);
            assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                    .as(own)
                    .hasMessageContaining("check constraint");
            database.execute("ALTER TABLE notes_1 DROP CONSTRAINT own");
        }
        if (server.major() >= 18) {
            database.execute(
                    "UPDATE notes SET k = NULL", "ALTER TABLE notes_1 ADD CONSTRAINT own NOT NULL k NOT VALID");
            assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
            assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                    .hasMessageContaining("null value");
        }
    }

    /** Every CHECK is asked again, also one that has come to say something else. */
    @Test
    void aFunctionThatSaysSomethingElseNow() throws SQLException {
        database.execute(
                "CREATE FUNCTION plain(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0'",
                "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, n int, CHECK (plain(n)))",
                "INSERT INTO seats VALUES (1, 1, 1), (2, 2, 7)",
                "CREATE OR REPLACE FUNCTION plain(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 5'");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("check constraint");
        assertThat(preview("2").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    /** A cast calls a function, too. */
    @Test
    void aCastThatSaysSomethingElseNow() throws SQLException {
        database.execute(
                "CREATE TYPE level AS (n int)",
                "CREATE FUNCTION level(int) RETURNS level LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1)::level'",
                "CREATE CAST (int AS level) WITH FUNCTION level(int)",
                "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, n int, CHECK ((n::level).n > 0))",
                "INSERT INTO seats VALUES (1, 1, 1), (2, 2, 7)",
                "CREATE OR REPLACE FUNCTION level(int) RETURNS level LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1 - 5)::level'");
        assertThat(preview("1").verdict()).isIn(PreviewVerdict.REFUSED, PreviewVerdict.NOT_SEEN);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("check constraint");
    }

    /** A row that is changed gets a new entry in each index, unless none is about what changes. */
    @Test
    void anIndexWhoseFunctionRaisesByNow() throws SQLException {
        for (String index : List.of("(plain(n))", "(id) WHERE plain(n)", "(n, plain(n)) WHERE id > 0")) {
            database.execute(
                    "CREATE FUNCTION plain(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 > 0; END'",
                    "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, n int)",
                    "CREATE INDEX ON seats (user_id)",
                    "CREATE INDEX ON seats " + index,
                    "INSERT INTO seats VALUES (1, 1, 1), (2, 2, 7)",
                    "CREATE OR REPLACE FUNCTION plain(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS"
                            + " 'BEGIN IF $1 < 5 THEN RAISE ''by now''; END IF; RETURN true; END'");
            assertThat(preview("1").verdict()).as(index).isEqualTo(PreviewVerdict.NOT_SEEN);
            assertThat(preview("2").verdict()).as(index).isEqualTo(PreviewVerdict.SUCCEEDS);
            assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                    .as(index)
                    .hasMessageContaining("by now");
            database.execute("DROP TABLE seats", "DROP FUNCTION plain");
        }
    }

    /** A B-tree takes a third of a page for an entry. */
    @Test
    void anIndexForWhichARowIsTooLong() throws SQLException {
        database.execute("INSERT INTO users VALUES (3)");
        for (String index : List.of(
                "(note) WHERE user_id IS NULL",
                "(id) INCLUDE (note) WHERE user_id IS NULL AND id > 0",
                "(lower(note)) WHERE user_id IS NULL",
                "(note) WHERE free",
                // Of an array the catalog has the length of an element.
                "(tags) WHERE user_id IS NULL",
                // And of all rows, with something else in it once the reference is gone.
                "(coalesce(user_id::text, note))",
                "(made)",
                "(id, lower(made))")) {
            database.execute(
                    "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, note text, tags varchar(40)[],"
                            + " free boolean GENERATED ALWAYS AS (user_id IS NULL) STORED,"
                            + " made text GENERATED ALWAYS AS (coalesce(user_id::text, note)) STORED)",
                    "CREATE INDEX ON seats " + index,
                    "INSERT INTO seats SELECT 1, 1, string_agg(md5(i::text), ''), array_agg(md5(i::text)) FROM generate_series(1, 400) i",
                    "INSERT INTO seats VALUES (2, 2, 'short', '{short}'), (3, 3, repeat('compressed', 1000), NULL)");
            assertThat(preview("1").verdict()).as(index).isEqualTo(PreviewVerdict.NOT_SEEN);
            assertThat(preview("2").verdict()).as(index).isEqualTo(PreviewVerdict.SUCCEEDS);
            assertThat(preview("3").verdict()).as(index).isIn(PreviewVerdict.SUCCEEDS, PreviewVerdict.NOT_SEEN);
            assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                    .as(index)
                    .hasMessageContaining("index row");
            database.execute("BEGIN; DELETE FROM users WHERE id IN (2, 3); ROLLBACK", "DROP TABLE seats");
        }
    }

    /** Each of its values is short enough. */
    @Test
    void anIndexForWhichSeveralValuesAreTooLong() throws SQLException {
        database.execute(
                "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, title varchar(100), note text)",
                "ALTER TABLE seats ALTER note SET STORAGE EXTERNAL",
                "CREATE INDEX ON seats (title, note) WHERE user_id IS NULL",
                "INSERT INTO seats SELECT 1, 1, repeat('t', 100), left(string_agg(encode(sha256(i::text::bytea), 'base64'), ''), 2595)"
                        + " FROM generate_series(1, 60) i");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("index row");
    }

    /** One that is longer than the value which it takes the place of. */
    @Test
    void anIndexForWhichADefaultIsTooLong() throws SQLException {
        database.execute(
                "ALTER TABLE users ADD name text UNIQUE",
                "UPDATE users SET name = id",
                "INSERT INTO users VALUES (3, repeat('gone', 25))",
                "CREATE TABLE seats (id int, user_name text DEFAULT '" + "gone".repeat(25)
                        + "' REFERENCES users (name) ON DELETE SET DEFAULT, note text)",
                "ALTER TABLE seats ALTER note SET STORAGE EXTERNAL",
                "CREATE INDEX ON seats (user_name, note)",
                "INSERT INTO seats VALUES (2, '2', 'short')",
                "INSERT INTO seats SELECT 1, '1', left(string_agg(encode(sha256(i::text::bytea), 'base64'), ''), 2650)"
                        + " FROM generate_series(1, 61) i");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThat(preview("2").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("index row");
        database.execute("DELETE FROM users WHERE id = 2");
    }

    /** The rows of the other partitions are not in it. */
    @Test
    void anIndexThatAPartitionHasAlone() throws SQLException {
        database.execute("INSERT INTO users VALUES (3)");
        for (String index : List.of("(note) WHERE user_id IS NULL", "(plain(n))")) {
            database.execute(
                    "CREATE FUNCTION plain(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 > 0; END'",
                    "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, n int, note text) PARTITION BY LIST (id)",
                    "CREATE TABLE seats_1 PARTITION OF seats FOR VALUES IN (1, 2)",
                    "CREATE TABLE seats_3 PARTITION OF seats FOR VALUES IN (3)",
                    "CREATE INDEX ON seats (user_id)",
                    "CREATE INDEX ON seats_1 " + index,
                    "INSERT INTO seats SELECT id, id, 1, string_agg(md5(i::text), '') FROM unnest('{1, 3}'::int[]) id, generate_series(1, 400) i"
                            + " GROUP BY id",
                    "INSERT INTO seats VALUES (2, 2, 7, 'short')",
                    "CREATE OR REPLACE FUNCTION plain(int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS"
                            + " 'BEGIN IF $1 < 5 THEN RAISE ''index row by now''; END IF; RETURN true; END'");
            assertThat(preview("1").verdict()).as(index).isEqualTo(PreviewVerdict.NOT_SEEN);
            assertThat(preview("2").verdict()).as(index).isEqualTo(PreviewVerdict.SUCCEEDS);
            assertThat(preview("3").verdict()).as(index).isEqualTo(PreviewVerdict.SUCCEEDS);
            assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                    .as(index)
                    .hasMessageContaining("index row");
            database.execute(
                    "BEGIN; DELETE FROM users WHERE id IN (2, 3); ROLLBACK", "DROP TABLE seats", "DROP FUNCTION plain");
        }
    }

    /** More of them than are tried in all combinations; each alone is. */
    @Test
    void aRowWithManyReferencesOfWhichOneIsSet() throws SQLException {
        database.execute(
                "INSERT INTO users VALUES (3), (4), (5)",
                "CREATE TABLE seats (a bigint REFERENCES users ON DELETE SET NULL, b bigint REFERENCES users ON DELETE SET NULL,"
                        + " c bigint REFERENCES users ON DELETE SET NULL, d bigint REFERENCES users ON DELETE SET NULL,"
                        + " e bigint REFERENCES users ON DELETE SET NULL, note text)",
                "CREATE INDEX ON seats (note) WHERE c IS NULL",
                "INSERT INTO seats VALUES (1, 1, 1, NULL, NULL, 'short')");
        assertThat(preview("1").verdict()).as("no CHECK, and a short value").isEqualTo(PreviewVerdict.SUCCEEDS);
        database.execute(
                "BEGIN; DELETE FROM users WHERE id = 1; ROLLBACK",
                "DELETE FROM seats",
                "ALTER TABLE seats ADD CONSTRAINT one CHECK (coalesce(a, b, c, d, e) IS NOT NULL)",
                "INSERT INTO seats VALUES (1, NULL, NULL, NULL, NULL), (NULL, 2, NULL, NULL, NULL), (NULL, NULL, 3, NULL, NULL),"
                        + " (NULL, NULL, NULL, 4, NULL), (NULL, NULL, NULL, NULL, 5)");
        for (int person = 1; person <= 5; person++) {
            String delete = "DELETE FROM users WHERE id = " + person;
            assertThat(preview(String.valueOf(person)).verdict()).as(delete).isEqualTo(PreviewVerdict.REFUSED);
            assertThatThrownBy(() -> database.execute(delete)).hasMessageContaining("check constraint");
        }
    }

    /** The usual one: somebody who stands for all who are gone. */
    @Test
    void aDefaultInAColumnThatIsNotNull() throws SQLException {
        database.execute("INSERT INTO users VALUES (3)");
        for (String obstacle : List.of(
                "CREATE INDEX ON seats ((1 / (user_id - 3)))",
                "ALTER TABLE seats ADD CHECK (starts > now())",
                "ALTER TABLE seats ADD CHECK (user_id IS NOT NULL); CREATE INDEX ON seats ((1 / (user_id - 3)))")) {
            database.execute(
                    "CREATE TABLE seats (id int, user_id bigint NOT NULL DEFAULT 3 REFERENCES users ON DELETE SET DEFAULT,"
                            + " starts timestamptz)",
                    "INSERT INTO seats VALUES (1, 1, now() + interval '1 day')",
                    obstacle);
            assertThat(preview("1").verdict()).as(obstacle).isEqualTo(PreviewVerdict.NOT_SEEN);
            database.execute("DROP TABLE seats");
        }
    }

    /** It is asked under another search path than the DELETE's, and of columns that stay it said yes once. */
    @Test
    void aFunctionThatCountsOnTheSearchPath() throws SQLException {
        database.execute(
                "CREATE TYPE mood AS ENUM ('a', 'b')",
                "CREATE FUNCTION ok(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS"
                        + " $$ DECLARE m mood; BEGIN m := $1::mood; RETURN true; END $$",
                "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, n text CHECK (ok(n)))",
                "INSERT INTO seats VALUES (1, 1, 'a')");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
        database.execute("DELETE FROM users WHERE id = 1");
    }

    /** Beside one of the whole table. */
    @Test
    void aForeignKeyOfOnePartition() throws SQLException {
        database.execute(
                "CREATE TABLE seats (id int, user_id bigint, other_id bigint REFERENCES users ON DELETE CASCADE, k int)"
                        + " PARTITION BY LIST (id)",
                "CREATE TABLE seats_1 PARTITION OF seats FOR VALUES IN (1, 2)",
                "ALTER TABLE seats_1 ADD FOREIGN KEY (user_id) REFERENCES users ON DELETE SET NULL",
                "CREATE UNIQUE INDEX ON seats_1 (k) WHERE user_id IS NULL",
                "INSERT INTO seats VALUES (1, 1, NULL, 5), (2, NULL, NULL, 5)");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("duplicate key");
    }

    /** Only rows that lose their reference can meet it. */
    @Test
    void aDoubtAboutRowsThatAPersonDoesNotHave() throws SQLException {
        database.execute(
                "CREATE FUNCTION quota() RETURNS boolean LANGUAGE sql AS 'SELECT count(*) < 10 FROM users'",
                "CREATE TABLE seats (id int, user_id bigint REFERENCES users ON DELETE SET NULL, CHECK (quota()))",
                "INSERT INTO users VALUES (3)",
                "INSERT INTO seats VALUES (1, 1)");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThat(preview("3").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    @Test
    void aPublicationOfUpdatesRefusesWhatIsDetached() throws SQLException {
        database.execute(
                "CREATE TABLE seen (user_id bigint REFERENCES users ON DELETE SET NULL)",
                "INSERT INTO seen VALUES (1)",
                "CREATE PUBLICATION updates FOR TABLE seen WITH (publish = 'update')");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("replica identity");
        database.execute("ALTER PUBLICATION updates SET (publish = 'delete')");
        assertThat(preview("1").verdict()).as("no row of it goes").isEqualTo(PreviewVerdict.SUCCEEDS);
        database.execute("DELETE FROM users WHERE id = 1");
    }

    @Test
    void theFilterOfAPublicationIsNotLookedInto() throws SQLException {
        server.assumeMajorAtLeast(15);
        database.execute("CREATE PUBLICATION filtered FOR TABLE posts WHERE (user_id > 0)");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("cannot delete from table");
    }

    /** As its owner a table is written and locked. */
    @Test
    void anOwnerWithoutPrivilegesRefuses() throws SQLException {
        String owner = database.createRole("owner");
        database.execute(
                "ALTER TABLE tasks OWNER TO " + owner,
                "GRANT SELECT ON users TO " + owner,
                "REVOKE UPDATE ON tasks FROM " + owner);
        assertThat(preview("2").verdict()).isEqualTo(PreviewVerdict.REFUSED);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 2"))
                .hasMessageContaining("permission denied");
        database.execute("GRANT UPDATE ON tasks TO " + owner);
        assertThat(preview("2").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
        database.execute("REVOKE SELECT ON tasks FROM " + owner);
        assertThat(preview("2").verdict()).isEqualTo(PreviewVerdict.REFUSED);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 2"))
                .hasMessageContaining("permission denied");
        database.execute("GRANT SELECT ON tasks TO " + owner, "REVOKE USAGE ON SCHEMA public FROM PUBLIC");
        assertThat(preview("2").verdict()).isEqualTo(PreviewVerdict.REFUSED);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 2"))
                .hasMessageContaining("permission denied for schema");
        database.execute("ALTER TABLE tasks OWNER TO " + database.user());
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

    /** As the foreign key compares: not as the server would where nobody says what the values are. */
    @Test
    void columnsOfDifferentTypes() throws SQLException {
        database.execute(
                "CREATE TABLE codes (id char(5) PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE uses (id bigint PRIMARY KEY, code text REFERENCES codes ON DELETE CASCADE)",
                "CREATE TABLE speeds (id real PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE runs (id bigint PRIMARY KEY, speed int REFERENCES speeds ON DELETE CASCADE)",
                "INSERT INTO codes VALUES ('a', 1)",
                "INSERT INTO uses VALUES (1, 'a'), (2, 'a ')",
                "INSERT INTO speeds VALUES (16777216, 1)",
                "INSERT INTO runs VALUES (1, 16777217)");
        assertThat(preview("1").rowsDeleted()).isEqualTo(8);
    }

    /** Each partition of the referenced table has triggers of its own. */
    @Test
    void anOrderOfTriggersThatIsAnotherOnOnePartition() throws SQLException {
        database.execute(
                "CREATE TABLE members (id bigint PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE members_2 PARTITION OF members FOR VALUES FROM (10) TO (20)",
                "CREATE TABLE visits (id int PRIMARY KEY, member bigint)",
                "ALTER TABLE visits ADD CONSTRAINT a FOREIGN KEY (member) REFERENCES members ON DELETE CASCADE",
                "ALTER TABLE visits ADD CONSTRAINT b FOREIGN KEY (member) REFERENCES members",
                // Its row in the catalog is now the later one.
                "ALTER TABLE visits RENAME CONSTRAINT a TO c",
                "CREATE TABLE members_1 PARTITION OF members FOR VALUES FROM (0) TO (10)",
                "INSERT INTO members VALUES (1)",
                "INSERT INTO visits VALUES (1, 1)");
        CascadeCleanup cleanup = CascadeCleanup.of(database.dataSource());
        PreviewVerdict verdict = cleanup.withOptions(
                        cleanup.options().toBuilder().parent("members").build())
                .preview("1")
                .verdict();
        assertThat(verdict).isEqualTo(PreviewVerdict.REFUSED);
        assertThatThrownBy(() -> database.execute("DELETE FROM members WHERE id = 1"))
                .hasMessageContaining("violates foreign key");
    }

    /** Rows of a partition are read by its own name, and what is hidden there is not hidden to the DELETE. */
    @Test
    void whatAPartitionHides() throws SQLException {
        String role = database.createRole("reader");
        database.execute(
                "CREATE TABLE texts (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE) PARTITION BY RANGE (id)",
                "CREATE TABLE texts_1 PARTITION OF texts FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE notes (id bigint PRIMARY KEY, text_id bigint REFERENCES texts)",
                "INSERT INTO texts VALUES (1, 1)",
                "INSERT INTO notes VALUES (1, 1)",
                "GRANT SELECT ON users, posts, tasks, texts, notes TO " + role);
        CascadeCleanup reader = CascadeCleanup.of(database.dataSource(role, role));
        assertThat(reader.preview("1").verdict()).as("no SELECT on it").isEqualTo(PreviewVerdict.NOT_SEEN);
        database.execute("GRANT SELECT ON texts_1 TO " + role);
        assertThat(reader.preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
        database.execute("ALTER TABLE texts_1 ENABLE ROW LEVEL SECURITY");
        assertThat(reader.preview("1").verdict()).as("its policies").isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("violates foreign key");
    }

    @Test
    void aTriggerWithTheNameOfAnotherKind() throws SQLException {
        database.execute(
                "CREATE FUNCTION \"FOR EACH ROW\"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END'",
                "CREATE TRIGGER t AFTER DELETE ON posts FOR EACH STATEMENT EXECUTE FUNCTION \"FOR EACH ROW\"()",
                "INSERT INTO users VALUES (3)");
        assertThat(preview("3").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
    }

    @Test
    void oldRowsWithoutAValueThatIsRequiredNow() throws SQLException {
        server.assumeMajorAtLeast(18);
        database.execute(
                "ALTER TABLE tasks ADD COLUMN k int",
                "INSERT INTO tasks VALUES (21, 1, NULL)",
                "ALTER TABLE tasks ADD CONSTRAINT k_is_there NOT NULL k NOT VALID");
        assertThat(preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .hasMessageContaining("not-null constraint");
    }
}
