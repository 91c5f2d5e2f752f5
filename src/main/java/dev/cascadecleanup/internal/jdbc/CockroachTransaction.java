package dev.cascadecleanup.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Runs work on CockroachDB again when it lost against another transaction, or when its answer was lost (manual, Transaction Retry
 * Error Reference, client-side retry handling). The work must bear being run twice.
 */
public final class CockroachTransaction {

    /** Work on a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** Work on a connection that returns nothing. */
    @FunctionalInterface
    public interface Action {
        void run() throws SQLException;
    }

    private static final int MOST_ATTEMPTS = 10;
    private static final long PAUSE_MILLIS = 20;

    private CockroachTransaction() {}

    /** In a transaction of its own; autocommit is restored. */
    public static <T> T write(Connection connection, Work<T> work) throws SQLException {
        return retry(() -> once(connection, work));
    }

    /** The same for work that returns nothing. What it would insert may be there already: see {@link #retry(Action)}. */
    public static void write(Connection connection, Action work) throws SQLException {
        retry(() -> once(connection, returningNothing(work)));
    }

    private static <T> T once(Connection connection, Work<T> work) throws SQLException {
        return Transactions.run(connection, work::run);
    }

    private static Work<Boolean> returningNothing(Action work) {
        return () -> {
            work.run();
            return true;
        };
    }

    /** The same for work that only reads, which the server holds to that. */
    public static <T> T read(Connection connection, Work<T> work) throws SQLException {
        return write(connection, () -> {
            Sql.execute(connection, "SET TRANSACTION READ ONLY");
            return work.run();
        });
    }

    /** The same for work that keeps what it reads. */
    public static void read(Connection connection, Action work) throws SQLException {
        read(connection, returningNothing(work));
    }

    /**
     * The same in one snapshot; nothing of it may have left this method before it has returned.
     *
     * @param follower whether the nearest replica may answer, some seconds in the past (manual, Follower Reads)
     */
    public static <T> T snapshot(Connection connection, boolean follower, Work<T> work) throws SQLException {
        return write(connection, () -> {
            Sql.execute(connection, "SET TRANSACTION READ ONLY");
            if (follower) {
                Sql.execute(connection, "SET TRANSACTION AS OF SYSTEM TIME follower_read_timestamp()");
            }
            return work.run();
        });
    }

    /** As it is: for work that is a single statement. */
    public static <T> T retry(Work<T> work) throws SQLException {
        Attempts attempts = new Attempts();
        while (true) {
            try {
                return work.run();
            } catch (SQLException e) {
                attempts.failed(e);
            }
        }
    }

    /** The same for work that returns nothing. Where what it would insert is there, the attempt whose answer was lost had succeeded. */
    public static void retry(Action work) throws SQLException {
        Attempts attempts = new Attempts();
        while (true) {
            try {
                work.run();
                return;
            } catch (SQLException e) {
                if (attempts.perhapsDone && SqlStates.is(e, SqlStates.UNIQUE_VIOLATION)) {
                    return;
                }
                attempts.failed(e);
            }
        }
    }

    private static final class Attempts {

        private int failures;
        private boolean perhapsDone;

        /** Waits for the next attempt, or throws the error where it would be of no use. */
        void failed(SQLException e) throws SQLException {
            failures++;
            boolean unknown = SqlStates.is(e, SqlStates.STATEMENT_COMPLETION_UNKNOWN);
            if (failures == MOST_ATTEMPTS || !(unknown || SqlStates.is(e, SqlStates.SERIALIZATION_FAILURE))) {
                throw e;
            }
            perhapsDone |= unknown;
            sleep(failures * PAUSE_MILLIS);
        }
    }

    /** A pause, which an interruption ends as an error. */
    public static void sleep(long millis) throws SQLException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted before another attempt", SqlStates.QUERY_CANCELED, e);
        }
    }
}
