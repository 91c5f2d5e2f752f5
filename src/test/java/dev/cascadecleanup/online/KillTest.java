package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The migrating process is killed before, during and after every statement that changes something. The next run, which may begin
 * while the last statement of the killed one still runs on the server, reaches the same end as an undisturbed one.
 */
class KillTest {

    private enum Moment {
        BEFORE,
        DURING,
        AFTER
    }

    /** Which death is next: of the process once for each kind of statement, and of its connections from then on. */
    private static final class Deaths {

        private final Death first;
        private final Set<String> kinds = new HashSet<>();

        Deaths(Death first) {
            this.first = first;
        }

        Death nextDuring(String obstacle) {
            return kinds.add(obstacle) ? first : Death.CONNECTIONS;
        }
    }

    private enum Work {
        MIGRATE,
        UNDO
    }

    /** A process that loses its connections is the same for the server as one that is killed, and saves the start of the next. */
    private enum Death {
        PROCESS,
        CONNECTIONS;

        void of(ChildJvm child) throws InterruptedException {
            if (this == PROCESS) {
                child.kill();
            } else {
                child.cut();
            }
        }
    }

    private static final String SUCCESSOR = "successor";
    private static final SpareChildren CHILDREN = new SpareChildren();

    @AfterAll
    static void endChildren() throws Exception {
        CHILDREN.close();
    }

    /** Each work under both of Flyway's locks. */
    static Stream<Arguments> runs() {
        TestServer newest = Postgres.newest();
        TestServer oldest = Postgres.all().get(0);
        return Stream.of(
                Arguments.of(newest, Work.MIGRATE, true, false, Death.PROCESS),
                Arguments.of(newest, Work.UNDO, false, false, Death.CONNECTIONS),
                Arguments.of(oldest, Work.MIGRATE, false, true, Death.CONNECTIONS),
                Arguments.of(oldest, Work.UNDO, true, true, Death.CONNECTIONS));
    }

    @ParameterizedTest(name = "{0}, {1}, transactional.lock={2}, partitioned={3}, {4}")
    @MethodSource("runs")
    void theNextRunFinishes(TestServer server, Work work, boolean transactionalLock, boolean partitioned, Death death)
            throws Exception {
        try (TestDatabase template = schema(server, partitioned)) {
            List<String> original = ForeignKeys.of(template);
            if (work == Work.UNDO) {
                Migrations.migrate(template.dataSource());
            }
            kill(template, work, transactionalLock, partitioned, new Deaths(death), original);
        }
    }

    private static void kill(
            TestDatabase template,
            Work work,
            boolean transactionalLock,
            boolean partitioned,
            Deaths deaths,
            List<String> original)
            throws Exception {
        TestServer server = template.server();
        Undisturbed undisturbed = Undisturbed.of(template, work, transactionalLock);
        int kills = 0;
        for (int number = 1; ; number++) {
            for (Moment moment : Moment.values()) {
                if (!differs(moment, number, undisturbed.stops())) {
                    continue;
                }
                try (TestDatabase database = server.createDatabaseFrom(template)) {
                    String statement = killAt(database, work, transactionalLock, number, moment, deaths);
                    if (statement == null) {
                        System.out.println("[kill] " + server + ", " + work + ", partitioned=" + partitioned + ": "
                                + kills + " kills at " + (number - 1) + " statements");
                        assertThat(number).isGreaterThan(2 * OnlineSchema.FOREIGN_KEYS);
                        assertThat(number - 1)
                                .as("statements, as without a kill")
                                .isEqualTo(undisturbed.stops().count());
                        return;
                    }
                    kills++;
                    String what = work + " killed " + moment + " statement " + number + ": " + statement;
                    assertThat(Expectation.read(database)).as(what).isEqualTo(undisturbed.end());
                    if (work == Work.MIGRATE) {
                        Migrations.takeBack(database.warmDataSource());
                    }
                    assertThat(ForeignKeys.of(database))
                            .as("undo after " + what)
                            .isEqualTo(original);
                }
            }
        }
    }

    /** Nobody can be killed in the middle of what does not last: that is as before it, or as after it. */
    private static boolean differs(Moment moment, int number, Stops stops) {
        return switch (moment) {
            case BEFORE -> !stops.isTheSameBefore(number);
            case DURING -> stops.at(number).map(KillTest::obstacleTo).isPresent();
            case AFTER -> true;
        };
    }

    private static TestDatabase schema(TestServer server, boolean partitioned) throws Exception {
        return partitioned ? OnlineSchema.createPartitioned(server, 10) : OnlineSchema.create(server);
    }

    /** Gives the statement, or null if the run came to its end before. The work is finished by a second run when this returns. */
    private static String killAt(
            TestDatabase database, Work work, boolean transactionalLock, int number, Moment moment, Deaths deaths)
            throws Exception {
        ChildJvm child = CHILDREN.take();
        Death death = Death.CONNECTIONS;
        try {
            child.tell(work.name(), database, transactionalLock, Gate.CHANGE);
            String statement = child.goTo(number);
            if (statement == null) {
                return null;
            }
            String obstacle = obstacleTo(statement);
            if (moment == Moment.DURING && obstacle != null) {
                death = deaths.nextDuring(obstacle);
                killDuring(database, work, transactionalLock, child, death, obstacle);
            } else {
                if (moment != Moment.BEFORE) {
                    child.go();
                    child.expect("AFTER");
                }
                death.of(child);
                run(database.warmDataSource(), work, transactionalLock);
            }
            return statement;
        } finally {
            CHILDREN.giveBack(child, death == Death.CONNECTIONS);
        }
    }

    /** The statement lasts because of somebody's lock, until the next run has come upon what is left of the killed one. */
    private static void killDuring(
            TestDatabase database, Work work, boolean transactionalLock, ChildJvm child, Death death, String obstacle)
            throws Exception {
        Background<Void> successor;
        try (LogCapture log = LogCapture.open();
                Blocker blocker = Blocker.idleAfter(database, obstacle)) {
            child.go();
            Until.isTrue("held up by " + obstacle, () -> sessionsWaiting(database, ChildMain.APPLICATION_NAME) > 0);
            death.of(child);
            successor = Background.start("successor", () -> {
                run(named(database, SUCCESSOR), work, transactionalLock);
                return null;
            });
            // For the killed one, or, where that one has come to its own end in the meantime, for the obstacle itself.
            Until.isTrue(
                    "the successor waits",
                    () -> waits(database, log) || sessionsWaiting(database, SUCCESSOR) > 0 || successor.isDone());
        }
        successor.join();
    }

    private static void run(DataSource dataSource, Work work, boolean transactionalLock) {
        Migrations.withTransactionalLock(
                        work == Work.MIGRATE ? Migrations.configure(dataSource) : Migrations.configureUndo(dataSource),
                        transactionalLock)
                .load()
                .migrate();
    }

    private static DataSource named(TestDatabase database, String applicationName) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(database.jdbcUrl());
        dataSource.setUser(database.user());
        dataSource.setApplicationName(applicationName);
        return dataSource;
    }

    /** Something that makes this statement last, or null where its transaction has every lock already that it could wait for. */
    private static String obstacleTo(String statement) {
        if (statement.startsWith("INSERT INTO \"public\".\"cascade_cleanup_journal\"")) {
            return null;
        }
        if (statement.contains("VALIDATE CONSTRAINT")) {
            return "LOCK TABLE users IN EXCLUSIVE MODE";
        }
        if (statement.contains("ALTER TABLE")) {
            return "LOCK TABLE orders, posts IN ROW EXCLUSIVE MODE";
        }
        if (statement.contains("CREATE TABLE")) {
            return "LOCK TABLE pg_catalog.pg_class IN SHARE MODE";
        }
        if (statement.contains("COMMENT ON TABLE")) {
            return "LOCK TABLE pg_catalog.pg_description IN SHARE MODE";
        }
        return "LOCK TABLE "
                + (statement.contains("flyway_schema_history") ? "flyway_schema_history" : "cascade_cleanup_journal")
                + " IN SHARE MODE";
    }

    private static long sessionsWaiting(TestDatabase database, String applicationName) throws Exception {
        return database.<Long>value(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = ? AND wait_event_type = 'Lock'",
                applicationName);
    }

    /** For our own lock; or for Flyway's, where that too is a lock of the session that has not noticed that its client is gone. */
    private static boolean waits(TestDatabase database, LogCapture log) throws Exception {
        return log.messages("INFO").stream().anyMatch(line -> line.contains("another cascade migration is at work"))
                || database.<Boolean>value("""
                        SELECT count(*) FILTER (WHERE a.query LIKE '%pg_try_advisory%') > 0 AND count(l.pid) = 0
                        FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid AND l.locktype = 'advisory' AND l.granted
                        WHERE a.datname = current_database() AND a.application_name = 'successor'
                        """);
    }

    /** What the others are compared with: at which statements it could have died, and where it ended. */
    private record Undisturbed(Stops stops, Expectation end) {

        static Undisturbed of(TestDatabase template, Work work, boolean transactionalLock) throws Exception {
            try (TestDatabase database = template.server().createDatabaseFrom(template)) {
                Stops stops = new Stops(database, Gate.CHANGE);
                run(stops.guard(database.dataSource()), work, transactionalLock);
                return new Undisturbed(stops, Expectation.read(database));
            }
        }
    }

    /** Where a run ends, as far as it must not depend on how it came there. */
    private record Expectation(List<String> foreignKeys, List<String> journal, List<String> history) {

        static Expectation read(TestDatabase database) throws Exception {
            return new Expectation(
                    ForeignKeys.of(database), ForeignKeys.journal(database), ForeignKeys.history(database));
        }
    }
}
