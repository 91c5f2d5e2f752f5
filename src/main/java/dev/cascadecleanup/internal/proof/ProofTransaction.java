package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.Transactions;
import dev.cascadecleanup.internal.proof.row.Savepoints;
import java.sql.Connection;
import java.sql.SQLException;

/** A transaction that ends in a rollback whatever happens, and that refuses to begin where a rollback would not undo everything. */
final class ProofTransaction {

    private static final String OUTER = "cascade_proof";
    private static final String SYSTEM_PATH = "pg_catalog, pg_temp";

    private final Connection connection;
    private final boolean postgres;
    private final Savepoints savepoints;
    private final String sessionPath;

    /** Work inside the transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run(ProofTransaction transaction) throws SQLException;
    }

    /**
     * Does the work and rolls it back.
     *
     * @throws ProofRefusedException if there is no transaction to be had, or the work ended it
     */
    static <T> T rolledBack(Connection connection, Server server, Work<T> work) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        if (connection.getAutoCommit()) {
            throw new ProofRefusedException(
                    "autocommit cannot be turned off on this connection, so that nothing could be rolled back",
                    "Use a plain connection of the driver or of a pool");
        }
        T result;
        try {
            ProofTransaction transaction = new ProofTransaction(connection, server);
            result = work.run(transaction);
            transaction.requireStillOpen();
        } catch (Throwable e) {
            // Whatever it is, an Error too: turning autocommit on again would commit what was done.
            try {
                rollBack(connection);
                Transactions.restoreAutoCommit(connection, autoCommit);
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        rollBack(connection);
        Transactions.restoreAutoCommit(connection, autoCommit);
        return result;
    }

    /** A connection that cannot even do that is cut off: whoever gets it next, or turns autocommit on, might commit. */
    private static void rollBack(Connection connection) throws SQLException {
        try {
            connection.rollback();
        } catch (SQLException e) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Begins it. */
    private ProofTransaction(Connection connection, Server server) throws SQLException {
        this.connection = connection;
        this.postgres = server.product() == Product.POSTGRESQL;
        if (postgres) {
            // READ COMMITTED, so that a lookup row that somebody changes meanwhile is waited for and not a failure.
            Sql.execute(connection, "SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
            sessionPath = Sql.queryFirst(
                            connection, "SELECT pg_catalog.current_setting('search_path')", row -> row.getString(1))
                    .orElseThrow();
            Sql.execute(connection, "SET LOCAL search_path = " + SYSTEM_PATH);
            // Also while it holds locks of its own.
            Sql.execute(connection, PostgresTransaction.WAIT_BRIEFLY);
            // Rows that a policy hides would be counted as gone: off makes the server refuse instead (manual, 5.9).
            Sql.execute(connection, "SET LOCAL row_security = off");
            savepoints = new Savepoints(connection, statementTimeoutMillis(connection));
            usePath(connection, sessionPath);
        } else {
            sessionPath = "";
            savepoints = new Savepoints(connection, -1);
            holdSchemaChanges(connection);
        }
        try {
            Sql.execute(connection, "SAVEPOINT " + OUTER);
        } catch (SQLException e) {
            throw new ProofRefusedException(
                    "there is no transaction on this connection although autocommit is off (" + e.getMessage()
                            + "), so that nothing could be rolled back",
                    "Connect to the database itself, not through a pool"
                            + " that shares a connection between statements");
        }
    }

    private static long statementTimeoutMillis(Connection connection) throws SQLException {
        return Sql.queryFirst(
                        connection,
                        "SELECT setting::bigint FROM pg_catalog.pg_settings WHERE name = 'statement_timeout'",
                        row -> row.getLong(1))
                .orElse(0L);
    }

    /**
     * Since v25.1 a schema change commits the transaction that it stands in, unless it is told not to (autocommit_before_ddl), and what
     * then needs a transaction only warns.
     */
    private static void holdSchemaChanges(Connection connection) throws SQLException {
        boolean known = Sql.queryFirst(
                        connection,
                        "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'autocommit_before_ddl'",
                        row -> true)
                .isPresent();
        if (known) {
            Sql.execute(connection, "SET LOCAL autocommit_before_ddl = off");
        }
    }

    private void requireOpenTransaction() throws SQLException {
        String status = Sql.queryFirst(connection, "SHOW transaction_status", row -> row.getString(1))
                .orElse("");
        if (!status.equals("Open")) {
            throw new ProofRefusedException(
                    "something ended the proof's transaction while it ran (its status is " + status
                            + "), and rows of the throw-away users" + " may have been committed",
                    "Look for a COMMIT or a schema change in the SQL that runs first, in triggers and in the pool");
        }
    }

    /** Goes back to the beginning: fails if somebody has ended the transaction in between, and so kept what was done. */
    private void requireStillOpen() throws SQLException {
        if (!postgres) {
            requireOpenTransaction();
        }
        try {
            Sql.execute(connection, "ROLLBACK TO SAVEPOINT " + OUTER);
        } catch (SQLException e) {
            throw new ProofRefusedException(
                    "something ended the proof's transaction while it ran (" + e.getMessage() + "), and rows"
                            + " of the throw-away users may have been committed",
                    "Look for a COMMIT in the SQL that runs first, in triggers" + " and in the pool");
        }
    }

    Savepoints savepoints() {
        return savepoints;
    }

    boolean isPostgres() {
        return postgres;
    }

    /** For what the application's own code would run into: inserts and deletes fire triggers that may rely on the search path. */
    void useSessionPath() throws SQLException {
        if (postgres) {
            usePath(connection, sessionPath);
        }
    }

    /** For reading: no object of a schema that a user can write to stands in for a system one. */
    void useSystemPath() throws SQLException {
        if (postgres) {
            usePath(connection, SYSTEM_PATH);
        }
    }

    private static void usePath(Connection connection, String path) throws SQLException {
        Sql.forEach(connection, "SELECT pg_catalog.set_config('search_path', ?, true)", row -> {}, path);
    }
}
