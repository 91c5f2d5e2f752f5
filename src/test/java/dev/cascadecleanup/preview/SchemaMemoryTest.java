package dev.cascadecleanup.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseRefusedException;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.DoubledConnections;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What is kept of a schema between previews over one object is not used once anything has changed that a preview depends on. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class SchemaMemoryTest {

    /** In a statement with which the catalog is read, and in none for the rows. */
    private static final String READS_CATALOG = "RI\\_FKey";

    /** Whoever erases beside the tables: session, parent, row, lock, snapshot, key, end, DELETE and lock again. */
    private static final int FEW = 15;

    private final TestServer server;

    SchemaMemoryTest(TestServer server) {
        this.server = server;
    }

    /** Previews over one object for all, and over a new one each time. */
    private static final class Looker {

        private final DataSource dataSource;
        private final AtomicInteger looks = new AtomicInteger();
        private final AtomicInteger statements = new AtomicInteger();
        private final CascadeCleanup kept;
        private Object last = "";

        Looker(DataSource dataSource) {
            this.dataSource = dataSource;
            this.kept = CascadeCleanup.of(DoubledConnections.over(dataSource, (connection, sql) -> {
                statements.incrementAndGet();
                if (sql.contains(READS_CATALOG)) {
                    looks.incrementAndGet();
                }
                return sql;
            }));
        }

        /** Whether the catalog was looked at for it. */
        boolean looksAndSaysTheSame(String what) {
            int before = looks.get();
            last = said(kept);
            assertThat(last).as(what).isEqualTo(said(CascadeCleanup.of(dataSource)));
            return looks.get() > before;
        }

        /** The same for the last; whoever may not read anything has to look why. */
        boolean looksAgain() {
            int before = looks.get();
            assertThat(said(kept)).isEqualTo(last);
            return looks.get() > before && last instanceof List;
        }

        private static Object said(CascadeCleanup cleanup) {
            try {
                PreviewReport report = cleanup.preview("1");
                return List.of(
                        report.verdict(),
                        report.reasons(),
                        report.tables(),
                        report.links(),
                        report.copies(),
                        report.notSeen(),
                        report.triggers(),
                        // Not to the nanosecond, which the order of adding up decides.
                        report.forecast().toString(),
                        report.forecast().missingIndexes(),
                        report.complete(),
                        report.server());
            } catch (CascadeException e) {
                return String.valueOf(e.getMessage());
            }
        }
    }

    /**
     * Something that is done.
     *
     * @param forBoth whether the role that owns nothing looks too
     * @param back whether it leads to a session that was seen before
     */
    private record Change(String what, boolean forBoth, boolean back, String... sql) {}

    private static Change change(String what, String... sql) {
        return new Change(what, false, false, sql);
    }

    private static Change forBoth(String what, String... sql) {
        return new Change(what, true, false, sql);
    }

    private static final String[] SCHEMA = {
        "CREATE TABLE users (id bigint PRIMARY KEY, email text)",
        "CREATE DOMAIN owner_id AS bigint",
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "CREATE FUNCTION positive(bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0'",
        "CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.at = now(); RETURN NEW; END'",
        "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, mood mood)",
        "CREATE INDEX posts_user ON posts (user_id)",
        "CREATE TABLE tasks (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL, at timestamptz)",
        "CREATE TABLE marks (id bigint PRIMARY KEY, user_id owner_id REFERENCES users ON DELETE SET NULL)",
        "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint DEFAULT 2 REFERENCES users ON DELETE SET DEFAULT,"
                + " CHECK (positive(user_id)))",
        "CREATE TABLE events (id bigint, kind int, user_id bigint REFERENCES users ON DELETE CASCADE) PARTITION BY LIST (kind)",
        "CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)",
        "CREATE TABLE events_2 (id bigint, kind int, user_id bigint)",
        "INSERT INTO users VALUES (1), (2)",
        "INSERT INTO posts VALUES (10, 1), (11, 1), (12, 2)",
        "INSERT INTO tasks VALUES (20, 1)",
        "INSERT INTO marks VALUES (30, 1)",
        "INSERT INTO notes VALUES (40, 1)",
        "INSERT INTO events VALUES (50, 1, 1)",
        "INSERT INTO events_2 VALUES (51, 2, 1)",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC",
        "CREATE TABLE likes (id bigint, user_id bigint)",
        "INSERT INTO likes VALUES (1, 1)",
        "GRANT SELECT ON likes TO PUBLIC"
    };

    private static List<Change> changes(String database, String app, String group) {
        String grantInherited = "GRANT " + group + " TO " + app;
        return List.of(
                change(
                        "a foreign key is added",
                        "ALTER TABLE likes ADD CONSTRAINT l FOREIGN KEY (user_id) REFERENCES users NOT VALID"),
                change("it is validated", "ALTER TABLE likes VALIDATE CONSTRAINT l"),
                change("it is deferred", "ALTER TABLE likes ALTER CONSTRAINT l DEFERRABLE INITIALLY DEFERRED"),
                change("it has a comment", "COMMENT ON CONSTRAINT l ON likes IS 'to be decided'"),
                change("it is renamed", "ALTER TABLE likes RENAME CONSTRAINT l TO liked"),
                change("it is dropped", "ALTER TABLE likes DROP CONSTRAINT liked"),
                change("a column looks like a reference no more", "ALTER TABLE likes RENAME user_id TO liked"),
                change("a table is dropped", "DROP TABLE likes"),
                change(
                        "a table without a foreign key",
                        "CREATE TABLE sights (user_id bigint)",
                        "INSERT INTO sights VALUES (1)"),
                change("a trigger", "CREATE TRIGGER t BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION touched()"),
                change(
                        "its function",
                        "CREATE OR REPLACE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"),
                change("the function's name", "ALTER FUNCTION touched() RENAME TO touches"),
                change("the trigger is switched off", "ALTER TABLE tasks DISABLE TRIGGER t"),
                change("it goes", "DROP TRIGGER t ON tasks"),
                change("triggers of foreign keys are switched off", "ALTER TABLE users DISABLE TRIGGER ALL"),
                change("and on", "ALTER TABLE users ENABLE TRIGGER ALL"),
                change("a rule", "CREATE RULE r AS ON DELETE TO posts DO ALSO NOTHING"),
                change("it is switched off", "ALTER TABLE posts DISABLE RULE r"),
                forBoth("row-level security", "ALTER TABLE posts ENABLE ROW LEVEL SECURITY"),
                forBoth("a policy", "CREATE POLICY p ON posts USING (true)"),
                forBoth("a role that bypasses it", "ALTER ROLE " + app + " BYPASSRLS"),
                forBoth("and not", "ALTER ROLE " + app + " NOBYPASSRLS"),
                forBoth("no row-level security", "ALTER TABLE posts DISABLE ROW LEVEL SECURITY"),
                forBoth("SELECT is revoked", "REVOKE SELECT ON posts FROM PUBLIC"),
                forBoth("and granted to a group", "GRANT SELECT ON posts TO " + group, grantInherited),
                forBoth("the role leaves the group", "REVOKE " + group + " FROM " + app),
                forBoth(
                        "the owner has no DELETE",
                        "ALTER TABLE posts OWNER TO " + group,
                        "REVOKE DELETE ON posts FROM " + group),
                forBoth("the group is renamed", "ALTER ROLE " + group + " RENAME TO " + group + "x"),
                forBoth("and called as before", "ALTER ROLE " + group + "x RENAME TO " + group),
                forBoth("no USAGE", "REVOKE USAGE ON SCHEMA public FROM PUBLIC"),
                forBoth("USAGE", "GRANT USAGE ON SCHEMA public TO PUBLIC", "GRANT SELECT ON posts TO PUBLIC"),
                change("a partition", "ALTER TABLE events ATTACH PARTITION events_2 FOR VALUES IN (2)"),
                change("an index", "CREATE INDEX tasks_user ON tasks (user_id)"),
                change("no index", "DROP INDEX posts_user"),
                change("a unique index", "CREATE UNIQUE INDEX tasks_once ON tasks ((coalesce(user_id, 0)))"),
                change("no unique index", "DROP INDEX tasks_once"),
                change("NOT NULL", "ALTER TABLE tasks ALTER user_id SET NOT NULL"),
                change("no NOT NULL", "ALTER TABLE tasks ALTER user_id DROP NOT NULL"),
                change("a CHECK", "ALTER TABLE tasks ADD CONSTRAINT c CHECK (user_id IS NOT NULL OR id > 100)"),
                change("no CHECK", "ALTER TABLE tasks DROP CONSTRAINT c"),
                change("a domain's CHECK", "ALTER DOMAIN owner_id ADD CONSTRAINT known CHECK (VALUE IS NOT NULL)"),
                change("a domain's CHECK goes", "ALTER DOMAIN owner_id DROP CONSTRAINT known"),
                change(
                        "the function of a CHECK",
                        "CREATE OR REPLACE FUNCTION positive(bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 5'"),
                change("a default", "ALTER TABLE notes ALTER user_id SET DEFAULT 1"),
                change(
                        "a generated column",
                        "ALTER TABLE tasks ADD g bigint GENERATED ALWAYS AS (100 / (user_id + 1)) STORED"),
                change("an enum's value", "ALTER TYPE mood ADD VALUE 'so so'"),
                change("a type's name", "ALTER TYPE mood RENAME TO moods"),
                change("a publication", "CREATE PUBLICATION " + database + "_p FOR TABLE tasks, events"),
                change("an identity", "ALTER TABLE tasks REPLICA IDENTITY NOTHING"),
                change("another one", "ALTER TABLE tasks REPLICA IDENTITY FULL"),
                change("of inserts alone", "ALTER PUBLICATION " + database + "_p SET (publish = 'insert')"),
                change("no publication", "DROP PUBLICATION " + database + "_p"),
                change("a child", "CREATE TABLE people () INHERITS (users)"),
                change("no child", "ALTER TABLE people NO INHERIT users"),
                change("a table's name", "ALTER TABLE tasks RENAME TO jobs"),
                change("a rewritten table", "ALTER TABLE jobs ALTER id TYPE int"),
                change("an aggregated one", "ALTER TABLE marks SET UNLOGGED"),
                change(
                        "a function that stands before the server's",
                        "CREATE FUNCTION now() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
                change("a session of replication", "SET session_replication_role = replica"),
                new Change("none", false, true, "RESET session_replication_role"),
                forBoth("another way to print", "SET IntervalStyle = 'sql_standard'"),
                forBoth("row security that is off", "SET row_security = off"),
                forBoth(
                        "another schema in front",
                        "CREATE SCHEMA front",
                        "CREATE TABLE front.users (id bigint PRIMARY KEY)",
                        "INSERT INTO front.users VALUES (1)",
                        "GRANT USAGE ON SCHEMA front TO PUBLIC",
                        "GRANT SELECT ON front.users TO PUBLIC",
                        "SET search_path = front, public"),
                forBoth("a schema's name", "ALTER SCHEMA front RENAME TO back"));
    }

    /** Each is noticed at once, and what is kept then is used for what comes after. */
    @Test
    void nothingIsKeptThatHasChanged() throws SQLException {
        try (TestDatabase database = server.createDatabase()) {
            database.execute(SCHEMA);
            String app = database.createRole("app");
            String group = database.createRole("team");
            try (Connection owner = database.connect();
                    Connection other = database.dataSource(app, app).getConnection()) {
                Looker mine = new Looker(new SharedConnection(owner));
                Looker theirs = new Looker(new SharedConnection(other));
                assertThat(mine.looksAndSaysTheSame("first")).isTrue();
                for (Change change : changes(database.name(), app, group)) {
                    List<Looker> lookers = change.forBoth() ? List.of(mine, theirs) : List.of(mine);
                    for (String sql : change.sql()) {
                        execute(owner, sql);
                        if (sql.startsWith("SET ") && change.forBoth()) {
                            execute(other, sql);
                        }
                    }
                    boolean noticed = false;
                    for (Looker looker : lookers) {
                        noticed |= looker.looksAndSaysTheSame(change.what());
                        assertThat(looker.looksAgain()).as(change.what()).isFalse();
                    }
                    assertThat(noticed || change.back()).as(change.what()).isTrue();
                }
            }
        }
    }

    /** Neighbouring rows changed by neighbouring transactions, in which the bits of the one make up for those of the other. */
    @Test
    void changesThatLookAlike() throws SQLException {
        try (TestDatabase database = server.createDatabase()) {
            database.execute(SCHEMA);
            int number = 0;
            long trigger;
            do {
                String table = "pair_" + ++number;
                database.execute(
                        "CREATE TABLE " + table + " (user_id bigint DEFAULT 1 REFERENCES users ON DELETE SET DEFAULT)");
                trigger = database.<Long>value(
                        "SELECT min(oid)::bigint FROM pg_trigger WHERE tgrelid = '" + table + "'::regclass");
            } while (trigger % 2 != 0 && number < 50);
            Looker looker = new Looker(database.dataSource());
            looker.looksAndSaysTheSame("first");
            for (int i = 0; i < 3; i++) {
                for (String change : List.of("DISABLE", "ENABLE")) {
                    String sql = "ALTER TABLE pair_" + number + ' ' + change + " TRIGGER ALL";
                    database.execute(sql);
                    assertThat(looker.looksAndSaysTheSame(sql)).as(sql).isTrue();
                }
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** What does not matter is not looked at. */
    @Test
    void rowsStatisticsAndTemporaryTablesAreNoChange() throws SQLException {
        try (TestDatabase database = server.createDatabase()) {
            database.execute(SCHEMA);
            Looker looker = new Looker(database.dataSource());
            looker.looksAndSaysTheSame("first");
            try (Connection connection = database.connect()) {
                for (String sql : List.of(
                        "INSERT INTO posts VALUES (13, 1)",
                        "DELETE FROM tasks",
                        "VACUUM (FREEZE, ANALYZE)",
                        "CREATE TEMPORARY TABLE t (id bigint PRIMARY KEY CHECK (id > 0), user_id bigint DEFAULT 1, t text)",
                        "CREATE INDEX ON t (user_id)",
                        "ALTER TABLE t ADD FOREIGN KEY (user_id) REFERENCES t")) {
                    connection.createStatement().execute(sql);
                    assertThat(looker.looksAndSaysTheSame(sql)).as(sql).isFalse();
                }
            }
        }
    }

    /** A routing data source leads to several databases, and to several schemas of one, under the same object. */
    @Test
    void eachDatabaseAndEachTenantHasItsOwn() throws SQLException {
        try (TestDatabase one = server.createDatabase();
                TestDatabase other = server.createDatabase()) {
            one.execute(SCHEMA);
            one.execute(
                    "CREATE SCHEMA tenant",
                    "CREATE TABLE tenant.users (id bigint PRIMARY KEY)",
                    "CREATE TABLE tenant.posts (id bigint PRIMARY KEY, user_id bigint REFERENCES tenant.users)",
                    "INSERT INTO tenant.users VALUES (1)",
                    "INSERT INTO tenant.posts VALUES (1, 1)");
            other.execute(SCHEMA);
            other.execute("ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey");
            PGSimpleDataSource tenant = new PGSimpleDataSource();
            tenant.setUrl(one.jdbcUrl());
            tenant.setUser(one.user());
            tenant.setPassword(one.password());
            tenant.setCurrentSchema("tenant");
            List<DataSource> all = List.of(one.dataSource(), other.dataSource(), tenant);
            AtomicInteger turn = new AtomicInteger();
            DataSource routing = (DataSource) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (proxy, method, arguments) -> method.invoke(all.get(turn.get()), arguments));
            CascadeCleanup kept = CascadeCleanup.of(routing);
            List<PreviewVerdict> verdicts = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                turn.set(i % all.size());
                verdicts.add(kept.preview("1").verdict());
                assertThat(Looker.said(kept)).isEqualTo(Looker.said(CascadeCleanup.of(all.get(turn.get()))));
            }
            assertThat(verdicts.get(2)).isEqualTo(PreviewVerdict.REFUSED);
        }
    }

    /** One round trip for each table, and a few more: none of them reads the catalog but the one that asks whether it is what it was. */
    @Test
    void aLightPersonTakesOneRoundTripForEachTable() throws SQLException {
        int tables = 12;
        try (TestDatabase database = server.createDatabase()) {
            database.execute(
                    "CREATE TABLE users (id bigint PRIMARY KEY)", "INSERT INTO users SELECT generate_series(1, 9)");
            for (int table = 1; table <= tables; table++) {
                database.execute(
                        "CREATE TABLE t" + table
                                + " (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE)",
                        "INSERT INTO t" + table + " SELECT i, i FROM generate_series(1, 9) i");
            }
            Looker looker = new Looker(database.dataSource());
            looker.kept.erase("1", EraseOptions.defaults());
            looker.statements.set(0);
            looker.looks.set(0);
            assertThat(looker.kept.erase("2", EraseOptions.defaults()).rowsDeleted())
                    .isEqualTo(1 + tables);
            assertThat(looker.looks).hasValue(0);
            assertThat(looker.statements).hasValueLessThanOrEqualTo(tables + FEW);
        }
    }

    /** An erasure whose look ahead was overtaken looks again, and keeps what it has seen then. */
    @Test
    void anErasureThatIsOvertakenKeepsNothingOld() throws SQLException {
        try (TestDatabase database = server.createDatabase()) {
            database.execute(SCHEMA);
            List<String> changes = new ArrayList<>(
                    List.of("ALTER TABLE likes ADD CONSTRAINT liked FOREIGN KEY (user_id) REFERENCES users"));
            CascadeCleanup kept =
                    CascadeCleanup.of(DoubledConnections.over(database.dataSource(), (connection, sql) -> {
                        if (sql.contains("REPEATABLE READ") && !changes.isEmpty()) {
                            database.execute(changes.remove(0));
                        }
                        return sql;
                    }));
            for (int time = 1; time <= 2; time++) {
                assertThatThrownBy(() -> kept.erase("1", EraseOptions.defaults()))
                        .isInstanceOf(EraseRefusedException.class)
                        .hasMessageContaining("refused by likes.liked");
            }
            assertThat(changes).isEmpty();
        }
    }

    @Test
    void severalThreadsShareIt() throws Exception {
        try (TestDatabase database = server.createDatabase()) {
            database.execute(SCHEMA);
            Looker looker = new Looker(database.dataSource());
            Object alone = Looker.said(looker.kept);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<Object>> reports = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    reports.add(threads.submit(() -> Looker.said(looker.kept)));
                }
                for (Future<Object> report : reports) {
                    assertThat(report.get()).isEqualTo(alone);
                }
                assertThat(looker.looks).hasValue(1);
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
