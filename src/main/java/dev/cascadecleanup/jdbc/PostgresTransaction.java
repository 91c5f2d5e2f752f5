package dev.cascadecleanup.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A short transaction of our own on a borrowed PostgreSQL connection. Whatever it sets is local to it, so that commit and
 * rollback both give the session back as it was; autocommit is restored too.
 */
public final class PostgresTransaction {

    /** Work on the connection, between BEGIN and COMMIT. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /**
     * READ COMMITTED, so that what is read after a lock was taken is what the lock protects, whatever the session's default
     * is; and a search path with nothing on it but the system's own, which no user can add to.
     */
    private static final String OWN_SETTINGS = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; "
            + "SET LOCAL search_path = pg_catalog, pg_temp";

    private PostgresTransaction() {
    }

    /** Runs work that only reads, in a transaction that the server holds to that. */
    public static <T> T read(Connection connection, Work<T> work) throws SQLException {
        return run(connection, OWN_SETTINGS + "; SET TRANSACTION READ ONLY", work);
    }

    /** Runs work that writes. Work that already committed, as the last statement of a flight, is fine. */
    public static <T> T write(Connection connection, Work<T> work) throws SQLException {
        return run(connection, OWN_SETTINGS, work);
    }

    private static <T> T run(Connection connection, String settings, Work<T> work) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            Sql.execute(connection, settings);
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
