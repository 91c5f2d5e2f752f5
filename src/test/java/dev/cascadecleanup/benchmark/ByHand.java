package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What a DBA types, on plain connections. */
final class ByHand {

    private static final int MOST_ATTEMPTS = 3;

    private ByHand() {}

    static Effort dropAndAdd(TestDatabase database, Schema schema) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String table : schema.tables()) {
                statement.execute(drop(table));
                statement.execute(add(table));
            }
        }
        return Effort.NOTHING_TO_SAY;
    }

    /** Again when it loses a deadlock, as somebody would who has to get it done. */
    static Effort oneTransaction(TestDatabase database, Schema schema) throws SQLException {
        String lastError = null;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int attempt = 1; ; attempt++) {
                try {
                    for (String table : schema.tables()) {
                        statement.execute(drop(table));
                        statement.execute(add(table));
                    }
                    connection.commit();
                    return new Effort(Duration.ZERO, attempt, lastError);
                } catch (SQLException e) {
                    connection.rollback();
                    lastError = e.getSQLState();
                    if (attempt == MOST_ATTEMPTS) {
                        return new Effort(Duration.ZERO, attempt, lastError + ", given up");
                    }
                }
            }
        }
    }

    /** Every foreign key cascades and is still to be validated. */
    static void swapAll(TestDatabase database, Schema schema) throws SQLException {
        for (String table : schema.tables()) {
            database.execute(drop(table) + ", " + addition(table) + " NOT VALID");
        }
    }

    /** From so many connections, each with its share of the tables. */
    static Effort validate(TestDatabase database, Schema schema, int connections) throws Exception {
        List<Callable<Duration>> shares = new ArrayList<>();
        for (int share = 0; share < connections; share++) {
            int first = share;
            shares.add(() -> validateShare(database, schema, first, connections));
        }
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            Duration scans = Duration.ZERO;
            for (Future<Duration> share : threads.invokeAll(shares)) {
                scans = scans.plus(share.get());
            }
            return new Effort(scans, 1, null);
        } finally {
            threads.shutdown();
        }
    }

    private static Duration validateShare(TestDatabase database, Schema schema, int share, int shares)
            throws SQLException {
        long nanos = 0;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (int i = share; i < schema.tables().size(); i += shares) {
                String table = schema.tables().get(i);
                long began = System.nanoTime();
                statement.execute("ALTER TABLE " + table + " VALIDATE CONSTRAINT " + Schema.foreignKey(table));
                nanos += System.nanoTime() - began;
            }
            return Duration.ofNanos(nanos);
        }
    }

    private static String drop(String table) {
        return "ALTER TABLE " + table + " DROP CONSTRAINT " + Schema.foreignKey(table);
    }

    private static String add(String table) {
        return "ALTER TABLE " + table + " " + addition(table);
    }

    private static String addition(String table) {
        return "ADD CONSTRAINT " + Schema.foreignKey(table)
                + " FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE";
    }
}
