package dev.cascadecleanup.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** How a transaction on a borrowed connection ends. */
public final class Transactions {

    private Transactions() {}

    /** Rolls back because of this; a failure to do so is added to it and does not hide it. */
    public static void rollback(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** On a connection that the server has closed there is nothing to restore, and an exception here would hide the cause. */
    public static void restoreAutoCommit(Connection connection, boolean autoCommit) throws SQLException {
        if (!connection.isClosed()) {
            connection.setAutoCommit(autoCommit);
        }
    }

    /** Work on a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /**
     * A flight that begins its transaction and ends it, over a connection with autocommit on: one that the driver begins is asked for, and
     * answered, apart.
     */
    public static void run(Connection connection, Flight flight) throws SQLException {
        try {
            flight.run();
        } catch (Throwable e) {
            try {
                Sql.execute(connection, "ROLLBACK");
            } catch (SQLException failure) {
                e.addSuppressed(failure);
            }
            throw e;
        }
    }

    /** In a transaction of its own; autocommit is restored. */
    public static <T> T run(Connection connection, Work<T> work) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            T result = work.run();
            connection.commit();
            return result;
        } catch (Throwable e) {
            // Whatever it is, an Error too: turning autocommit on again would commit the half that was done.
            Transactions.rollback(connection, e);
            throw e;
        } finally {
            Transactions.restoreAutoCommit(connection, autoCommit);
        }
    }
}
