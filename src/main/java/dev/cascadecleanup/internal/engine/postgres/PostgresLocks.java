package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock discipline on PostgreSQL. A change of the catalog is made in two steps:
 *
 * <ol>
 * <li>SHARE UPDATE EXCLUSIVE on both tables. It stops no client, keeps other DDL out, and makes an autovacuum give way (which
 * happens only after {@code deadlock_timeout}, longer than a client should wait). Everything that needs a round trip happens
 * here.</li>
 * <li>One flight of statements that ends with COMMIT. Only these take ACCESS EXCLUSIVE, for the server's own time: when our
 * process freezes or dies, nobody waits for it.</li>
 * </ol>
 *
 * <p>How long each may take is in {@link LockTimeouts}.
 */
public final class PostgresLocks {

    private static final String KEPT_SEARCH_PATH = "cascade_cleanup.search_path";
    private static final String GENTLE_MODE = "SHARE UPDATE EXCLUSIVE MODE";

    private final Connection connection;
    private final Duration lockTimeout;
    private final Duration gentleTimeout;
    private final int major;
    private final String searchPath;
    /** By OID; asked once in a run, and again where the answer has become wrong. */
    private final Map<Long, Boolean> mayLock = new HashMap<>();

    private PostgresLocks(
            Connection connection, Duration lockTimeout, Duration gentleTimeout, int major, String searchPath) {
        this.connection = connection;
        this.lockTimeout = lockTimeout;
        this.gentleTimeout = gentleTimeout;
        this.major = major;
        this.searchPath = searchPath;
    }

    static PostgresLocks of(Connection connection, Duration lockTimeout, Duration deadlockTimeout, int major)
            throws SQLException {
        String searchPath = Sql.queryFirst(
                        connection, "SELECT pg_catalog.current_setting('search_path')", row -> row.getString(1))
                .orElseThrow();
        return new PostgresLocks(
                connection, lockTimeout, LockTimeouts.gentle(lockTimeout, deadlockTimeout), major, searchPath);
    }

    /** What is read, and written to the journal, under the gentle lock. */
    @FunctionalInterface
    interface Preparation {
        /** Adds it to the flight that takes the lock. */
        Change addTo(Flight flight);
    }

    /** What to do then. */
    @FunctionalInterface
    interface Change {
        /** The statements, without COMMIT, or null to change nothing, the journal included. */
        @Nullable
        String statements() throws SQLException;
    }

    /**
     * Makes one change. Its commit does not wait for the disk: for as long as it did, it would hold up every client, and what the
     * caller commits next, in the same log, waits for both.
     *
     * @return whether there was one to make
     */
    boolean change(Table table, Table referenced, Preparation preparation) throws SQLException {
        boolean mayLockReferenced = mayLock(referenced);
        try {
            return change(table, referenced, mayLockReferenced, preparation);
        } catch (SQLException e) {
            if (!SqlStates.is(e, SqlStates.INSUFFICIENT_PRIVILEGE)) {
                throw e;
            }
            mayLock.remove(referenced.oid());
            if (mayLock(referenced) == mayLockReferenced) {
                throw e;
            }
            // A privilege was taken away since it was asked for.
            return change(table, referenced, !mayLockReferenced, preparation);
        }
    }

    private boolean change(Table table, Table referenced, boolean mayLockReferenced, Preparation preparation)
            throws SQLException {
        return PostgresTransaction.write(connection, flight -> {
            LockTimeouts.ofAttempt(gentleTimeout).forEach(flight::execute);
            LockTimeouts.withoutTransactionTimeout(major).forEach(flight::execute);
            settings("off").forEach(flight::execute);
            flight.execute(gentleLock(table));
            if (mayLockReferenced) {
                flight.execute(gentleLock(referenced));
            }
            return runAndCommit(flight, preparation, LockTimeouts.ofAttempt(lockTimeout));
        });
    }

    private boolean runAndCommit(Flight flight, Preparation preparation, List<String> settings) throws SQLException {
        Change change = preparation.addTo(flight);
        flight.run();
        String statements = change.statements();
        if (statements == null) {
            connection.rollback();
            return false;
        }
        Sql.execute(connection, String.join("; ", settings) + "; " + statements + "; COMMIT");
        return true;
    }

    /** A role that may only reference the other table may not lock it either; then the swap takes its chance with autovacuum. */
    private boolean mayLock(Table referenced) throws SQLException {
        Boolean known = mayLock.get(referenced.oid());
        if (known == null) {
            known = PostgresTransaction.readAtOnce(connection, flight -> {
                Supplier<List<Boolean>> answer = flight.query(
                        "SELECT has_table_privilege(?::oid, 'UPDATE, DELETE, TRUNCATE')",
                        row -> row.getBoolean(1),
                        referenced.oid());
                return () -> answer.get().get(0);
            });
            mayLock.put(referenced.oid(), known);
        }
        return known;
    }

    /** Runs one statement that takes as long as it takes, under locks that stop no client. */
    void runLong(String statement) throws SQLException {
        PostgresTransaction.writeAtOnce(connection, flight -> {
            addLongSettings(flight);
            flight.execute(useSearchPathOfSession());
            flight.execute(statement);
        });
    }

    /** The same under a lock that keeps other DDL away from the table while the statement is prepared. */
    void runLong(TableName table, Preparation preparation) throws SQLException {
        PostgresTransaction.write(connection, flight -> {
            addLongSettings(flight);
            flight.execute("LOCK TABLE ONLY " + table.quoted() + " IN " + GENTLE_MODE);
            return runAndCommit(flight, preparation, List.of(useSearchPathOfSession()));
        });
    }

    private void addLongSettings(Flight flight) {
        LockTimeouts.ofLongWork(gentleTimeout, major).forEach(flight::execute);
        settings("local").forEach(flight::execute);
    }

    /** Reads for as long as it takes. */
    <T> T readLong(PostgresTransaction.Work<T> query) throws SQLException {
        return PostgresTransaction.write(connection, flight -> {
            flight.execute("SET LOCAL statement_timeout = 0");
            LockTimeouts.withoutTransactionTimeout(major).forEach(flight::execute);
            flight.run();
            return query.run();
        });
    }

    /** A SQL statement that puts the session's own search path back, for DDL that may fire somebody's event triggers. */
    String useSearchPathOfSession() {
        return "SELECT pg_catalog.set_config('search_path', " + Identifiers.literal(searchPath) + ", true)";
    }

    /** For a script: a statement that keeps the session's search path in a setting of our own. */
    public static String keepSearchPath() {
        return "SELECT pg_catalog.set_config('" + KEPT_SEARCH_PATH
                + "', pg_catalog.current_setting('search_path'), false)";
    }

    /** A statement that puts the kept search path back, for the transaction (as {@link #useSearchPathOfSession()}) or for good. */
    public static String useKeptSearchPath(boolean forTransaction) {
        return "SELECT pg_catalog.set_config('search_path', pg_catalog.current_setting('" + KEPT_SEARCH_PATH + "'), "
                + forTransaction + ")";
    }

    /** A statement that leaves only the system's schema on the search path of the session. */
    public static String leaveSystemSearchPath() {
        return "SET search_path = pg_catalog, pg_temp";
    }

    /** A SQL statement that leaves only the system's schema on the search path. */
    public static String useSystemSearchPath() {
        return "SET LOCAL search_path = pg_catalog, pg_temp";
    }

    /** With the partitions, which a foreign key reaches, but without inheritance children, which it does not. */
    public static String gentleLock(Table table) {
        return "LOCK TABLE " + (table.kind() == TableKind.PARTITIONED_TABLE ? "" : "ONLY ")
                + table.name().quoted() + " IN " + GENTLE_MODE;
    }

    /**
     * A commit keeps its locks while it waits for a synchronous standby, and with remote_apply that standby may wait for a report;
     * so ours waits for the local disk at most. Flyway's own commit comes later in the same log and waits for both.
     */
    private static List<String> settings(String synchronousCommit) {
        return List.of(
                LockTimeouts.idle(),
                "SELECT pg_catalog.set_config('synchronous_commit', CASE pg_catalog.current_setting('synchronous_commit')"
                        + " WHEN 'off' THEN 'off' ELSE '" + synchronousCommit + "' END, true)");
    }
}
