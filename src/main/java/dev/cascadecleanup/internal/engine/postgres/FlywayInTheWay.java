package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.internal.engine.Watch;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks over a second connection whether a concurrent build has come to wait for a session in which Flyway holds its lock
 * ({@link FlywayLockSession}), which may be waiting for us; then it ends the build's statement.
 */
final class FlywayInTheWay implements Watch.Look {

    /** So long Flyway, and the clients that queue up behind its migration, are held up by us. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    private final @Nullable DataSource monitor;
    private final int pid;
    private volatile boolean seen;
    private boolean unavailable;

    /**
     * @param monitor gives that connection; null if there is none, and nothing is seen
     * @param pid of the session that builds
     */
    FlywayInTheWay(@Nullable DataSource monitor, int pid) {
        this.monitor = monitor;
        this.pid = pid;
    }

    /** Whether that was so. */
    boolean seen() {
        return seen;
    }

    @Override
    public void look(Duration running) {
        if (monitor == null || seen || unavailable) {
            return;
        }
        try (Connection connection = monitor.getConnection()) {
            seen = PostgresTransaction.readAtOnce(connection, flight -> {
                Supplier<List<Boolean>> waits =
                        flight.query("""
                        SELECT pg_cancel_backend(p.pid) FROM pg_stat_progress_create_index p
                        WHERE p.pid = ? AND p.phase LIKE 'waiting%%' AND p.current_locker_pid IN (%s)
                        """.formatted(FlywayLockSession.SESSIONS), row -> row.getBoolean(1), pid);
                return () -> waits.get().contains(true);
            });
        } catch (SQLException | RuntimeException e) {
            // The progress says so, in words, and no single wait is long without a second connection.
            unavailable = true;
        }
    }
}
