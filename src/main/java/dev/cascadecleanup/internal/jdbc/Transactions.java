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
}
