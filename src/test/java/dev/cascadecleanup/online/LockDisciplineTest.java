package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Somebody holds a lock that the migration needs: it waits and says for whom, and no client waits for it longer than
 * {@code cascade_lock_timeout}.
 */
class LockDisciplineTest {

    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(500);

    private static final String SECRET = "s3cret of a row";

    private enum Obstacle {
        IDLE_READER_OF_CHILD("SELECT count(*) FROM orders WHERE note = '" + SECRET + "'"),
        IDLE_WRITER_OF_CHILD("UPDATE orders SET note = '" + SECRET + "' WHERE id = 9"),
        IDLE_READER_OF_PARENT("SELECT count(*) FROM users WHERE name = '" + SECRET + "'"),
        IDLE_WRITER_OF_PARENT("UPDATE users SET name = E'" + SECRET + "' WHERE id = 9"),
        /** An autovacuum to prevent wraparound, a VACUUM, an ANALYZE, a CREATE INDEX CONCURRENTLY. */
        VACUUM_OF_CHILD("LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE"),
        VACUUM_OF_PARENT("LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE"),
        REPORT("SELECT count(*), pg_sleep(600) FROM orders JOIN users ON users.id = user_id WHERE note <> $$" + SECRET
                + "$$");

        private final String sql;

        Obstacle(String sql) {
            this.sql = sql;
        }

        Blocker stand(TestDatabase database) throws Exception {
            return this == REPORT ? Blocker.busyWith(database, sql) : Blocker.idleAfter(database, sql);
        }
    }

    static Stream<Arguments> obstacles() {
        return Stream.of(Postgres.all().get(0), Postgres.newest())
                .distinct()
                .flatMap(server -> Stream.of(Obstacle.values()).map(obstacle -> Arguments.of(server, obstacle)));
    }

    static Stream<TestServer> servers() {
        return Stream.of(Postgres.all().get(0), Postgres.newest()).distinct();
    }

    @ParameterizedTest
    @MethodSource("obstacles")
    void waitsWithoutHoldingUpClients(TestServer server, Obstacle obstacle) throws Exception {
        try (TestDatabase database = OnlineSchema.create(server);
                LogCapture log = LogCapture.open();
                Clients clients = Clients.start(database.dataSource())) {
            Background<Void> migration;
            int pid;
            try (Blocker blocker = obstacle.stand(database)) {
                pid = blocker.pid();
                migration = start(flyway(database, "10m"));
                Until.isTrue("two attempts failed", () -> attempts(log).size() >= 2 || migration.isDone());
                assertThat(migration.isDone()).isFalse();
            }
            migration.join();
            report(server, obstacle, clients);
            clients.requireNoStallBeyond(LOCK_TIMEOUT);
            clients.requireNoErrors();
            assertThat(ForeignKeys.of(database))
                    .hasSize(OnlineSchema.FOREIGN_KEYS)
                    .allMatch(fk -> fk.contains("ON DELETE CASCADE | true"));
            assertNamesBlocker(log, database, pid);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void givesUpAfterMaxWaitWithNothingHalfDone(TestServer server) throws Exception {
        try (TestDatabase database = OnlineSchema.create(server);
                LogCapture log = LogCapture.open()) {
            List<String> before = ForeignKeys.of(database);
            int pid;
            try (Blocker blocker = Obstacle.IDLE_WRITER_OF_PARENT.stand(database)) {
                pid = blocker.pid();
                assertThatThrownBy(() -> flyway(database, "2s").migrate())
                        .rootCause()
                        .hasMessageNotContaining(SECRET);
                assertThat(log.messages("ERROR"))
                        .anySatisfy(message -> assertThat(message)
                                .contains(
                                        "orders.orders_user_fk",
                                        "cascade_max_wait = 2s",
                                        "Nothing was converted",
                                        "run flyway migrate again"));
            }
            assertThat(ForeignKeys.of(database)).isEqualTo(before);
            assertThat(ForeignKeys.journal(database)).isEmpty();
            assertThat(database.<Long>value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                    .isZero();
            assertNamesBlocker(log, database, pid);

            flyway(database, "10m").migrate();
            assertThat(ForeignKeys.of(database)).allMatch(fk -> fk.contains("ON DELETE CASCADE | true"));
        }
    }

    /** With the default options, on the table that has most locks to take: both free and held at once, by short transactions. */
    @ParameterizedTest
    @MethodSource("servers")
    void keepsTheDefaultPromiseOnPartitionedTables(TestServer server) throws Exception {
        try (TestDatabase database = OnlineSchema.createPartitioned(server, 10);
                LogCapture log = LogCapture.open();
                Clients clients = Clients.start(database.dataSource())) {
            Background<Void> migration;
            try (Blocker blocker =
                    Blocker.idleAfter(database, "SELECT note FROM orders_1 WHERE note = '" + SECRET + "'")) {
                migration = start(Migrations.configure(database.dataSource()).load());
                Until.isTrue(
                        "an attempt failed and the holder of the partition is named",
                        () -> migration.isDone()
                                || attempts(log).stream()
                                        .anyMatch(line -> line.contains("pid " + blocker.pid() + " ")));
                assertThat(migration.isDone()).isFalse();
            }
            migration.join();
            report(server, "partition", clients);
            clients.requireNoStallBeyond(Duration.ofSeconds(1));
            clients.requireNoErrors();
            assertThat(ForeignKeys.of(database)).allMatch(fk -> fk.contains("ON DELETE CASCADE | true"));
            assertThat(log.lines()).noneMatch(line -> line.contains(SECRET));
        }
    }

    /** It has no session that anybody could see, so that without being told an operator looks for it in vain. */
    @ParameterizedTest
    @MethodSource("servers")
    void namesAPreparedTransactionThatWasLeftBehind(TestServer server) throws Exception {
        try (TestDatabase database = OnlineSchema.create(server);
                LogCapture log = LogCapture.open()) {
            database.execute("BEGIN; UPDATE orders SET note = '" + SECRET + "'; PREPARE TRANSACTION 'left behind'");
            Background<Void> migration = start(flyway(database, "10m"));
            Until.isTrue(
                    "an attempt failed and the prepared transaction is named in " + attempts(log),
                    () -> migration.isDone()
                            || attempts(log).stream()
                                    .anyMatch(line -> line.contains("the prepared transaction \"left behind\"")));
            database.execute("ROLLBACK PREPARED 'left behind'");
            migration.join();
            assertThat(ForeignKeys.of(database)).allMatch(fk -> fk.contains("ON DELETE CASCADE | true"));
        }
    }

    private static Flyway flyway(TestDatabase database, String maxWait) {
        return Migrations.configure(database.dataSource())
                .placeholders(
                        Map.of("cascade_lock_timeout", LOCK_TIMEOUT.toMillis() + "ms", "cascade_max_wait", maxWait))
                .load();
    }

    private static Background<Void> start(Flyway flyway) {
        return Background.start("migration", () -> {
            flyway.migrate();
            return null;
        });
    }

    private static List<String> attempts(LogCapture log) {
        return log.messages("WARN").stream()
                .filter(line -> line.contains("got no lock"))
                .toList();
    }

    /** By pid, user, age of the transaction, state and the start of its query, without the values in it. */
    private static void assertNamesBlocker(LogCapture log, TestDatabase database, int pid) {
        assertThat(attempts(log))
                .anySatisfy(line -> assertThat(line)
                        .containsPattern("held by .*pid " + pid + " \\(" + database.user()
                                + ".*\\), in a transaction for \\d+\\.\\d s,"
                                + " (idle in transaction|active): (SELECT|UPDATE|LOCK)"));
        assertThat(log.lines()).noneMatch(line -> line.contains(SECRET) || line.contains("s3cret"));
    }

    private static void report(TestServer server, Object obstacle, Clients clients) {
        System.out.println("[stall] " + server + ", " + obstacle + ": longest "
                + clients.longestStall().toMillis() + " ms (" + clients.figures() + ")");
    }
}
