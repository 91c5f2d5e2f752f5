package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.internal.engine.Backoff;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.plan.Durations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A session advisory lock on the connection that does the work (PostgreSQL manual, 13.3.5): it is there exactly as long as the
 * server process that could still change something. Advisory locks belong to one database, so that databases of one server do
 * not wait for each other.
 */
public final class PostgresAdvisoryLock implements MigrationLock {

    /** The key: the letters {@code cascade1} as a number, {@code 7161131753168725297}. In {@code pg_locks} its two halves. */
    public static final long KEY = 0x6361736361646531L;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_MESSAGES = Duration.ofSeconds(30);
    private static final String ROWS_OF_THE_LOCK = """
            FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (l.classid::bigint << 32) | l.objid::bigint = ?""";

    private final Connection connection;
    private final Console console;
    /** The session in which it was taken. */
    private int session;

    private PostgresAdvisoryLock(Connection connection, Console console) {
        this.connection = connection;
        this.console = console;
    }

    /**
     * Waits for the lock by asking again and again. The form that blocks would hold a snapshot all the while, which CREATE INDEX
     * CONCURRENTLY of another session waits for.
     *
     * @param connection the connection that will do the work, outside a transaction
     * @param others gives another connection of the same kind, to recognise a pooler, or null
     * @param maxWait how long to ask
     * @throws SQLException if another session still has it after that, and the message says which; or if a pooler is in between that
     *     lends sessions for one transaction only
     */
    public static PostgresAdvisoryLock acquire(
            Connection connection, @Nullable DataSource others, Duration maxWait, Console console) throws SQLException {
        Pooler.refuseTransactionMode(connection, others, console);
        PostgresAdvisoryLock lock = new PostgresAdvisoryLock(connection, console);
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, maxWait);
        long lastMessage = 0;
        while (!lock.tryLock()) {
            String holder = lock.holder();
            if (backoff.isOver()) {
                throw new SQLTimeoutException(
                        "another cascade migration has been at work in this database for cascade_max_wait = "
                                + Durations.format(maxWait) + ": " + holder
                                + ". Let it finish, or end its session with "
                                + terminate(lock.sessionsWithLock()) + ", then run again; or raise cascade_max_wait",
                        SqlStates.LOCK_NOT_AVAILABLE);
            }
            if (lastMessage == 0 || System.nanoTime() - lastMessage > BETWEEN_MESSAGES.toNanos()) {
                lastMessage = System.nanoTime();
                console.info("another cascade migration is at work in this database, waiting for it: " + holder);
            }
            backoff.pause();
        }
        return lock;
    }

    @Override
    public void ensureHeld() throws SQLException {
        boolean held = PostgresTransaction.readAtOnce(connection, flight -> {
            Supplier<List<Boolean>> rows = flight.query(
                    "SELECT true " + ROWS_OF_THE_LOCK + " AND l.pid = pg_backend_pid()", row -> row.getBoolean(1), KEY);
            return () -> !rows.get().isEmpty();
        });
        if (!held) {
            throw new SQLException(
                    "this session has lost its advisory lock " + KEY + ": somebody called pg_advisory_unlock_all or"
                            + " DISCARD ALL in it, or a pooler in transaction mode gave the statement to another session. "
                            + SqlErrors.POOLER_REMEDY,
                    SqlStates.LOCK_NOT_AVAILABLE);
        }
    }

    @Override
    public void close() {
        try {
            if (!connection.isClosed() && !unlock() && sessionsWithLock().contains(session)) {
                console.warn("the advisory lock " + KEY + " is left behind in the session with the pid " + session
                        + ", because a pooler gave this connection another one. It keeps every later run out until that session ends: "
                        + terminate(List.of(session)));
            }
        } catch (SQLException e) {
            // Most likely the session is gone and the lock with it; what made it go is the exception that matters.
            console.warn("the advisory lock " + KEY + " could not be given back (" + e.getSQLState()
                    + "); it ends with its session");
        }
    }

    private boolean unlock() throws SQLException {
        return PostgresTransaction.read(
                connection,
                () -> Sql.queryFirst(connection, "SELECT pg_advisory_unlock(?)", row -> row.getBoolean(1), KEY)
                        .orElse(false));
    }

    private boolean tryLock() throws SQLException {
        return PostgresTransaction.read(
                connection,
                () -> Sql.queryFirst(
                                connection,
                                "SELECT pg_try_advisory_lock(?), pg_backend_pid()",
                                row -> {
                                    session = row.getInt(2);
                                    return row.getBoolean(1);
                                },
                                KEY)
                        .orElse(false));
    }

    private List<Integer> sessionsWithLock() throws SQLException {
        return PostgresTransaction.read(
                connection, () -> Sql.query(connection, "SELECT l.pid " + ROWS_OF_THE_LOCK, row -> row.getInt(1), KEY));
    }

    private static String terminate(List<Integer> sessions) {
        return sessions.isEmpty()
                ? "SELECT pg_terminate_backend(pid)"
                : sessions.stream()
                        .map(pid -> "SELECT pg_terminate_backend(" + pid + ")")
                        .collect(Collectors.joining("; "));
    }

    private String holder() throws SQLException {
        List<String> holders = PostgresTransaction.read(
                connection,
                () -> Sql.query(
                        connection,
                        """
                SELECT a.pid, a.usename, a.application_name,
                       extract(epoch FROM clock_timestamp() - a.backend_start)::numeric(20, 0)::text AS seconds
                FROM pg_stat_activity a WHERE a.pid IN (SELECT l.pid %s)
                """.formatted(ROWS_OF_THE_LOCK),
                        row -> "pid " + row.getInt("pid")
                                + (row.getString("usename") == null ? "" : ", user " + row.getString("usename"))
                                + (row.getString("application_name") == null
                                                || row.getString("application_name")
                                                        .isEmpty()
                                        ? ""
                                        : ", application " + row.getString("application_name"))
                                + (row.getString("seconds") == null
                                        ? ""
                                        : ", connected for " + row.getString("seconds") + " s"),
                        KEY));
        return holders.isEmpty() ? "a session that has just ended" : String.join("; ", holders);
    }
}
