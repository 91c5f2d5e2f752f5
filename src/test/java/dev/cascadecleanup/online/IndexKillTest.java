package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The migrating process dies before, during and after every statement about an index, of an ordinary table and of a partitioned one. The
 * next run, which may begin while the server still builds for the dead one, reaches the same end, with no invalid index, and an undo
 * leaves every index of the database as it was.
 */
class IndexKillTest {

    private enum Moment {
        BEFORE,
        DURING,
        AFTER
    }

    private static final Pattern ABOUT_INDEXES = Pattern.compile(
            "\\b(CREATE INDEX|DROP INDEX|ALTER INDEX)|(INSERT INTO|UPDATE|CREATE TABLE IF NOT EXISTS) \\S*cascade_cleanup_index");
    private static final String[] SCHEMA = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE orders (id bigint, user_id bigint REFERENCES users) PARTITION BY HASH (id)",
        "CREATE TABLE orders_0 PARTITION OF orders FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
        "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint REFERENCES users)",
        "CREATE INDEX theirs ON posts (id, user_id)",
        "INSERT INTO users SELECT generate_series(1, 10)",
        "INSERT INTO orders SELECT i, i FROM generate_series(1, 10) i",
        "INSERT INTO posts SELECT i, i FROM generate_series(1, 10) i"
    };

    private static final SpareChildren CHILDREN = new SpareChildren();

    /** What the processes waited for that were killed. The others lose their connections, which is the same for the server. */
    private static final Set<String> PROCESSES_KILLED_AT = new HashSet<>();

    @AfterAll
    static void endChildren() throws Exception {
        CHILDREN.close();
    }

    /** Under Flyway's default lock the indexes are built at once, else concurrently. */
    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true"})
    void theNextRunFinishes(boolean undo, boolean transactionalLock) throws Exception {
        TestServer server = Postgres.newest();
        Expectation expected;
        Stops stops;
        try (TestDatabase database = prepared(server, undo)) {
            stops = new Stops(database, ABOUT_INDEXES);
            run(stops.guard(database.dataSource()), undo, transactionalLock);
            expected = Expectation.read(database);
        }
        assertThat(expected.invalid()).isEmpty();
        int kills = 0;
        for (int number = 1; ; number++) {
            for (Moment moment : Moment.values()) {
                if (!differs(moment, number, stops)) {
                    continue;
                }
                try (TestDatabase database = prepared(server, undo)) {
                    String statement = killAt(database, undo, transactionalLock, number, moment);
                    if (statement == null) {
                        System.out.println("[kill] indexes, undo=" + undo + ", transactional.lock=" + transactionalLock
                                + ": " + kills + " kills at " + (number - 1) + " statements");
                        assertThat(number - 1).isGreaterThan(4).isEqualTo(stops.count());
                        return;
                    }
                    kills++;
                    String what = "killed " + moment + " statement " + number + ": " + statement;
                    assertThat(Expectation.read(database)).as(what).isEqualTo(expected);
                    if (!undo) {
                        Migrations.takeBack(database.warmDataSource());
                    }
                    assertThat(indexes(database)).as("undo after " + what).isEqualTo(ORIGINAL);
                }
            }
        }
    }

    /** Nobody can be killed in the middle of what does not last. */
    private static boolean differs(Moment moment, int number, Stops stops) {
        return switch (moment) {
            case BEFORE -> !stops.isTheSameBefore(number);
            case DURING -> stops.at(number).map(IndexKillTest::obstacleTo).isPresent();
            case AFTER -> true;
        };
    }

    private static final List<String> ORIGINAL = new ArrayList<>();

    private static TestDatabase prepared(TestServer server, boolean undo) throws Exception {
        TestDatabase database = server.databaseOf("unindexed-" + undo, empty -> {
            empty.execute(SCHEMA);
            Migrations.baseline(empty);
            ORIGINAL.clear();
            ORIGINAL.addAll(indexes(empty));
            if (undo) {
                run(empty.dataSource(), false, false);
            }
        });
        return database;
    }

    private static void run(DataSource dataSource, boolean undo, boolean transactionalLock) {
        FluentConfiguration flyway = undo ? Migrations.configureUndo(dataSource) : Migrations.configure(dataSource);
        Migrations.withTransactionalLock(flyway, transactionalLock)
                .placeholders(Map.of("cascade_max_wait", "60s", "cascade_indexes", "create"))
                .load()
                .migrate();
    }

    /** Gives the statement, or null if the run came to its end before. The work is finished by a second run when this returns. */
    private static String killAt(
            TestDatabase database, boolean undo, boolean transactionalLock, int number, Moment moment)
            throws Exception {
        ChildJvm child = CHILDREN.take();
        boolean alive = true;
        try {
            child.tell(undo ? "UNDO_INDEXES" : "CREATE_INDEXES", database, transactionalLock, ABOUT_INDEXES);
            String statement = child.goTo(number);
            if (statement == null) {
                return null;
            }
            String obstacle = obstacleTo(statement);
            if (moment == Moment.DURING && obstacle != null) {
                alive = !PROCESSES_KILLED_AT.add(obstacle);
                killDuring(database, undo, transactionalLock, child, alive, obstacle);
            } else {
                if (moment != Moment.BEFORE) {
                    child.go();
                    child.expect("AFTER");
                }
                child.cut();
                run(database.warmDataSource(), undo, transactionalLock);
            }
            return statement;
        } finally {
            CHILDREN.giveBack(child, alive);
        }
    }

    private static void killDuring(
            TestDatabase database,
            boolean undo,
            boolean transactionalLock,
            ChildJvm child,
            boolean alive,
            String obstacle)
            throws Exception {
        Background<Void> successor;
        try (LogCapture log = LogCapture.open();
                Blocker blocker = Blocker.idleAfter(database, obstacle)) {
            child.go();
            Until.isTrue(
                    "held up by " + obstacle,
                    () -> database.<Long>value(
                                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                            + " AND application_name = ? AND wait_event_type = 'Lock'",
                                    ChildMain.APPLICATION_NAME)
                            > 0);
            if (alive) {
                child.cut();
            } else {
                child.kill();
            }
            successor = Background.start("successor", () -> {
                run(database.dataSource(), undo, transactionalLock);
                return null;
            });
            Until.isTrue(
                    "the successor waits",
                    () -> successor.isDone()
                            || log.messages("INFO").stream()
                                    .anyMatch(line -> line.contains("another cascade migration is at work"))
                            || log.messages("WARN").stream()
                                    .anyMatch(line -> line.contains("got no lock") || line.contains("waits for"))
                            || database.<Boolean>value("""
                                    SELECT count(*) FILTER (WHERE a.query LIKE '%pg_try_advisory%') > 0 AND count(l.pid) = 0
                                    FROM pg_stat_activity a LEFT JOIN pg_locks l
                                      ON l.pid = a.pid AND l.locktype = 'advisory' AND l.granted
                                    WHERE a.datname = current_database() AND a.application_name <> ?
                                    """, ChildMain.APPLICATION_NAME));
        }
        successor.join();
    }

    /** Something young that makes this statement last; null for what is one transaction, which has happened or has not. */
    private static String obstacleTo(String statement) {
        if (!statement.contains("CONCURRENTLY")) {
            return null;
        }
        if (statement.contains("orders_0")) {
            return "INSERT INTO orders_0 SELECT * FROM orders_0 WHERE false";
        }
        if (statement.contains("orders_1")) {
            return "INSERT INTO orders_1 SELECT * FROM orders_1 WHERE false";
        }
        return "LOCK TABLE orders, posts IN ROW EXCLUSIVE MODE";
    }

    private static List<String> indexes(TestDatabase database) throws SQLException {
        return database.rows("""
                        SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indislive,
                               (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
                        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'public' AND i.indrelid::regclass::text !~ 'cascade_cleanup|flyway' ORDER BY 1
                        """).stream()
                .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining(" | ")))
                .toList();
    }

    /** Where a run ends, as far as it must not depend on how it came there. */
    private record Expectation(List<String> foreignKeys, List<String> indexes, List<Object> journal) {

        static Expectation read(TestDatabase database) throws Exception {
            return new Expectation(
                    ForeignKeys.of(database),
                    IndexKillTest.indexes(database),
                    List.copyOf(database.rows(
                            "SELECT version, state, table_name, index_name FROM cascade_cleanup_index_journal"
                                    + " WHERE state IN ('building', 'built') ORDER BY index_name")));
        }

        List<String> invalid() {
            return indexes.stream().filter(index -> index.contains("| false")).toList();
        }
    }
}
