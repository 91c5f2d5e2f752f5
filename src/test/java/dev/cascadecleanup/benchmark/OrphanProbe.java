package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tries to insert rows of a user that does not exist, table after table, on connections of its own, and takes back what was let
 * in. A row that was let in shows that its table had no foreign key at that moment.
 */
final class OrphanProbe implements AutoCloseable {

    /**
     * What was seen.
     *
     * @param tries the inserts
     * @param admitted those that no foreign key refused
     * @param unprotected from their share: for how long tables were without a foreign key, the times of all tables added up
     */
    record Result(int tries, int admitted, Duration unprotected) {}

    private static final int CONNECTIONS = 2;
    private static final long INTERVAL = Duration.ofMillis(5).toNanos();
    private static final long FAR = 1_000_000;
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private final List<Future<int[]>> loops = new ArrayList<>();
    private final int tables;
    private final long start = System.nanoTime();
    private volatile boolean stopped;

    private OrphanProbe(int tables) {
        this.tables = tables;
    }

    static OrphanProbe start(TestDatabase database, Schema schema) throws SQLException {
        OrphanProbe probe = new OrphanProbe(schema.tables().size());
        for (int i = 0; i < CONNECTIONS; i++) {
            Connection connection = database.connect();
            int first = i * schema.tables().size() / CONNECTIONS;
            probe.loops.add(probe.threads.submit(() -> probe.run(connection, schema.tables(), first)));
        }
        return probe;
    }

    private int[] run(Connection connection, List<String> names, int first) throws SQLException {
        int tries = 0;
        int admitted = 0;
        try (connection;
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stopped) {
                Clock.SYSTEM.sleepUntil(Clock.SYSTEM.now() + INTERVAL);
                String table = names.get((first + tries++) % names.size());
                try {
                    statement.execute("INSERT INTO " + table + " (id, user_id, amount, note) VALUES (-"
                            + (tries + first * FAR) + ", -1, 0, 'orphan')");
                    admitted++;
                } catch (SQLException e) {
                    if (!FOREIGN_KEY_VIOLATION.equals(e.getSQLState()) && connection.isClosed()) {
                        throw e;
                    }
                }
                connection.rollback();
            }
        }
        return new int[] {tries, admitted};
    }

    /** Also where the work has failed. */
    @Override
    public void close() {
        stopped = true;
        threads.shutdown();
    }

    Result stop() throws Exception {
        stopped = true;
        int tries = 0;
        int admitted = 0;
        for (Future<int[]> loop : loops) {
            int[] counts = loop.get();
            tries += counts[0];
            admitted += counts[1];
        }
        double share = tries == 0 ? 0 : (double) admitted / tries;
        return new Result(tries, admitted, Duration.ofNanos((long) (share * tables * (System.nanoTime() - start))));
    }
}
