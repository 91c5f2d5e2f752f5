package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The migrating process freezes (a stopped container, a full swap, a debugger) at whatever moment: no client waits for it, because
 * it never keeps a lock that stops clients while it is the process's turn.
 */
class FrozenProcessTest {

    private static final int FREEZES = 60;
    /** The lock timeout of the child and what a shared machine adds. With a lock left behind it would be the time until the thaw. */
    private static final Duration LONGEST = Duration.ofMillis(2_500);

    private static final Random RANDOM = new Random(20_26);

    static Stream<TestServer> servers() {
        return Stream.of(Postgres.all().get(0), Postgres.newest()).distinct();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void clientsGoOnWhileItIsFrozen(TestServer server) throws Exception {
        try (TestDatabase database = OnlineSchema.createPartitioned(server, 10);
                ChildJvm child = ChildJvm.start();
                Clients clients = Clients.start(database.dataSource())) {
            child.tell("REPEAT", database, true, null);
            Until.isTrue(
                    "the child is at work",
                    () -> database.<Long>value(
                                    "SELECT count(*) FROM pg_class WHERE relname = 'cascade_cleanup_journal'")
                            == 1);
            int inTransaction = 0;
            for (int i = 0; i < FREEZES; i++) {
                LockSupport.parkNanos(RANDOM.nextInt(20_000_000)); // to meet it at another point each time
                child.freeze();
                inTransaction += database.<Long>value(
                                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                        + " AND application_name = '" + ChildMain.APPLICATION_NAME
                                        + "' AND state <> 'idle'")
                        .intValue();
                clients.awaitProgress();
                assertThat(locksThatStopClients(database))
                        .as("held by a frozen process")
                        .isZero();
                child.thaw();
            }
            System.out.println("[frozen] " + server + ": " + FREEZES + " times, " + inTransaction
                    + " of them in a transaction: longest "
                    + clients.longestStall().toMillis() + " ms (" + clients.figures() + ")");
            assertThat(inTransaction).as("freezes inside a transaction").isPositive();
            clients.requireNoStallBeyond(LONGEST);
            clients.requireNoErrors();
        }
    }

    private static long locksThatStopClients(TestDatabase database) throws Exception {
        return database.<Long>value("SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                + " JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.granted AND a.application_name = '"
                + ChildMain.APPLICATION_NAME
                + "' AND a.datname = current_database() AND c.relname IN ('users', 'orders', 'orders_0', 'orders_1', 'posts')"
                + " AND l.mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock')");
    }
}
