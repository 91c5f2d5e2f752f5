package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The session in which Flyway holds its own lock while a migration runs. By default that is an advisory lock of a transaction, and the
 * transaction keeps the snapshot of its last query, as Flyway's driver leaves the query's portal open. CREATE INDEX CONCURRENTLY waits
 * for every older snapshot, so inside that migration it would wait for a session that waits for it. With
 * {@code flyway.postgresql.transactional.lock=false} the lock is one of the session, which is in no transaction then.
 */
public final class FlywayLockSession {

    /** The letters {@code Flyway}, to which Flyway adds the hash of its history table's name. */
    private static final long KEY = 0x466C79776179L;

    private static final long LARGEST_HASH = 1L << 31;

    /** The sessions that have that lock, and are in a transaction. */
    static final String SESSIONS = """
            SELECT l.pid FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND ((l.classid::bigint << 32) | l.objid::bigint) BETWEEN %d AND %d
              AND l.pid IN (SELECT v.pid FROM pg_locks v WHERE v.locktype = 'virtualxid' AND v.granted)""".formatted(KEY - LARGEST_HASH, KEY + LARGEST_HASH);

    private FlywayLockSession() {}

    /**
     * Such a session in words, if there is one that holds a snapshot, or may: of a session of another user PostgreSQL tells the locks, but
     * not the snapshot.
     */
    public static Optional<String> holdingSnapshot(Connection connection) throws SQLException {
        return PostgresTransaction.readAtOnce(connection, flight -> {
            Supplier<List<String>> sessions = flight.query("""
                    SELECT a.pid, a.usename, a.application_name, a.backend_type, a.state, a.query,
                           extract(epoch FROM clock_timestamp() - a.xact_start)::numeric(20, 1)::text AS seconds
                    FROM pg_stat_activity a
                    WHERE a.pid <> pg_backend_pid() AND (a.backend_xmin IS NOT NULL OR a.state IS NULL)
                      AND a.pid IN (%s)
                    """.formatted(SESSIONS), BlockingSessions::describe);
            return () -> sessions.get().stream().findFirst();
        });
    }
}
