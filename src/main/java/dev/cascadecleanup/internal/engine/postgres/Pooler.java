package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pooler such as PgBouncer between here and the server. In transaction mode it lends a session for one transaction only: a lock of a
 * session would stay with it when the run is long over.
 */
final class Pooler {

    private static final String DRIVER = "org.postgresql.PGConnection";

    private final Connection connection;
    private final @Nullable DataSource others;
    private final Console console;

    private Pooler(Connection connection, @Nullable DataSource others, Console console) {
        this.connection = connection;
        this.others = others;
        this.console = console;
    }

    /**
     * Makes sure, as far as can be seen from here, that all transactions of the connection are in one session.
     *
     * @param others gives another connection of the same kind, or null
     * @throws SQLException if they are not
     */
    static void refuseTransactionMode(Connection connection, @Nullable DataSource others, Console console)
            throws SQLException {
        new Pooler(connection, others, console).check();
    }

    private void check() throws SQLException {
        int first = sessionOf(connection);
        int second = sessionOf(connection);
        if (first != second) {
            throw refused("two transactions of this connection were in two sessions of the server (pids " + first
                    + " and " + second + ")");
        }
        OptionalInt told = toldByDriver();
        if (told.isEmpty() || told.getAsInt() == second) {
            return;
        }
        // Nobody else may be using it: then even in transaction mode each transaction gets the session that was used
        // last.
        if (isLentToOthers(second)) {
            throw refused("the session of this connection (pid " + second
                    + ") was lent to another connection between two" + " transactions");
        }
        console.warn(
                "a pooler is between here and the server. It has to be in session mode: in transaction mode this run would"
                        + " lose its advisory lock, and could leave it behind in a session of the pooler");
    }

    private static SQLException refused(String what) {
        return new SQLException(
                what
                        + ": a pooler in transaction mode is between here and the server, in which this run would lose its advisory"
                        + " lock and leave it behind. " + SqlErrors.POOLER_REMEDY,
                SqlStates.LOCK_NOT_AVAILABLE);
    }

    static int sessionOf(Connection connection) throws SQLException {
        return PostgresTransaction.readAtOnce(connection, flight -> {
            Supplier<List<Integer>> pids = flight.query("SELECT pg_backend_pid()", row -> row.getInt(1));
            return () -> pids.get().get(0);
        });
    }

    /** The driver learns it when it connects; a pooler tells it a number of its own. */
    private OptionalInt toldByDriver() {
        try {
            Class<?> type = Class.forName(DRIVER, false, connection.getClass().getClassLoader());
            if (!connection.isWrapperFor(type)) {
                return OptionalInt.empty();
            }
            return OptionalInt.of((int) type.getMethod("getBackendPID").invoke(connection.unwrap(type)));
        } catch (ReflectiveOperationException | SQLException | LinkageError e) {
            // Another driver, or a pool that shows nothing of it: then there is nothing to compare with.
            return OptionalInt.empty();
        }
    }

    private boolean isLentToOthers(int session) {
        if (others == null) {
            return false;
        }
        try (Connection other = others.getConnection()) {
            return sessionOf(other) == session;
        } catch (SQLException e) {
            // There may be no room for another connection. Then it is not seen, and said so.
            return false;
        }
    }
}
