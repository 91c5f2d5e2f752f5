package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Two session advisory locks on the connection that does the work (PostgreSQL manual, 13.3.5), so that they are gone when it is. The
 * first has the parent and a hash of the key for its key, and keeps others out. The second has the two keys {@value #SINCE} and the time
 * in seconds, and tells them since when: a session's own start says nothing where connections come from a pool. It is shared, because
 * others begin in the same second.
 */
final class PostgresPersonLock implements MigrationLock {

    /** The letters {@code eras}. */
    private static final int SINCE = 0x65726173;

    private final Connection connection;
    private final Console console;
    private final long lock;
    private final int since;
    private final int pid;

    private PostgresPersonLock(Connection connection, Console console, long lock, int since, int pid) {
        this.connection = connection;
        this.console = console;
        this.lock = lock;
        this.since = since;
        this.pid = pid;
    }

    /** What was taken, or what would have been. */
    private record Attempt(boolean taken, long lock, int since, int pid) {}

    static PostgresPersonLock take(Connection connection, ParentKey parent, String key, Console console)
            throws SQLException {
        // Both in one statement, so that whoever sees the first held finds the second; outside of it for an instant
        // only.
        Attempt attempt = PostgresTransaction.readAtOnce(connection, flight -> {
            Supplier<List<Attempt>> attempts = flight.query(
                    """
                    SELECT taken, lock, since, pg_backend_pid() AS pid,
                           CASE WHEN taken THEN pg_try_advisory_lock_shared(?, since) END AS noted
                    FROM (SELECT pg_try_advisory_lock(lock) AS taken, lock, since
                          FROM (SELECT hashtextextended(?, ?) AS lock, extract(epoch FROM clock_timestamp())::int AS since OFFSET 0) k
                          OFFSET 0) l
                    """,
                    row -> new Attempt(
                            row.getBoolean("taken"), row.getLong("lock"), row.getInt("since"), row.getInt("pid")),
                    SINCE,
                    key,
                    parent.table().oid());
            return () -> attempts.get().get(0);
        });
        if (!attempt.taken()) {
            throw PersonLock.busy(parent, key, holder(connection, attempt.lock()));
        }
        return new PostgresPersonLock(connection, console, attempt.lock(), attempt.since(), attempt.pid());
    }

    /**
     * The same lock for the time of a transaction, as a condition on the person's row, under any search path.
     *
     * @param key the key as the server writes it, as SQL
     */
    static String untilTheEnd(ParentKey parent, String key) {
        return "pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended(" + key + " COLLATE pg_catalog.\"C\", "
                + parent.table().oid() + "))";
    }

    /** What goes with it, to be selected beforehand. */
    static final String NOTE_THE_TIME = "pg_catalog.pg_try_advisory_xact_lock_shared(" + SINCE
            + ", CAST(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) AS pg_catalog.int4))";

    private static String holder(Connection connection, long lock) throws SQLException {
        Optional<String> holder = PostgresTransaction.readAtOnce(connection, flight -> {
            Supplier<List<String>> holders = flight.query(
                    """
                    SELECT l.pid, a.usename, a.application_name,
                           greatest(0, extract(epoch FROM clock_timestamp())::bigint - s.objid::bigint) AS seconds
                    FROM pg_locks l
                    LEFT JOIN pg_locks s ON s.pid = l.pid AND s.locktype = 'advisory' AND s.granted AND s.objsubid = 2
                     AND s.classid = ?::oid AND s.database = l.database
                    LEFT JOIN pg_stat_activity a ON a.pid = l.pid
                    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND (l.classid::bigint << 32) | l.objid::bigint = ?
                    """,
                    row -> "pid " + row.getInt("pid")
                            + (row.getString("usename") == null ? "" : ", user " + row.getString("usename"))
                            + (row.getString("application_name") == null
                                            || row.getString("application_name").isEmpty()
                                    ? ""
                                    : ", application " + row.getString("application_name"))
                            + (row.getString("seconds") == null ? "" : ", for " + row.getString("seconds") + " s"),
                    String.valueOf(SINCE),
                    lock);
            return () -> holders.get().stream().findFirst();
        });
        return holder.orElse("a session that has just ended");
    }

    /** A pooler in transaction mode gives each transaction another session; the lock stays behind on the first. */
    @Override
    public void ensureHeld() throws SQLException {
        int now = Sql.queryFirst(connection, "SELECT pg_catalog.pg_backend_pid()", row -> row.getInt(1))
                .orElseThrow();
        if (now != pid) {
            throw new SQLException(
                    "this session was pid " + pid + " and is pid " + now
                            + " now: a pooler gave the statement to another one, and the lock on"
                            + " the person stays on the first. Connect to the server directly, or to PgBouncer in session mode; free the"
                            + " lock with SELECT pg_terminate_backend(" + pid + "), and run again",
                    SqlStates.LOCK_NOT_AVAILABLE);
        }
    }

    @Override
    public void close() {
        try {
            if (connection.isClosed()) {
                return;
            }
            boolean given = PostgresTransaction.readAtOnce(connection, flight -> {
                Supplier<List<Boolean>> unlocked = flight.query(
                        "SELECT pg_advisory_unlock_shared(?, ?), pg_advisory_unlock(?)",
                        row -> row.getBoolean(2),
                        SINCE,
                        since,
                        lock);
                return () -> unlocked.get().get(0);
            });
            if (!given) {
                console.warn(
                        "the lock on the person is not held by this session any more; if a pooler is in between, it stays on pid "
                                + pid + " until SELECT pg_terminate_backend(" + pid + ")");
            }
        } catch (SQLException e) {
            // Most likely the session is gone and the lock with it; what made it go is the exception that matters.
            console.warn("the lock on the person could not be given back (" + e.getSQLState()
                    + "); it ends with its session");
        }
    }
}
