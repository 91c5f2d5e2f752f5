package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.internal.engine.Backoff;
import dev.cascadecleanup.internal.engine.GiveWayException;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.engine.postgres.FlywayLockSession;
import dev.cascadecleanup.internal.plan.Durations;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * Work under this library's lock. A concurrent build waits for every Flyway that is at work, since that holds its own lock in a
 * transaction; and if that Flyway comes to a cascade migration, it waits for this library's lock. So a build gives way: the lock is given
 * back until that Flyway is through, and the work begins again with a new look at the catalog.
 */
final class LockedRun {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** The work. */
    @FunctionalInterface
    interface Work<T> {
        T run(MigrationLock lock) throws SQLException;
    }

    private LockedRun() {}

    static <T> T of(Session session, CascadeOptions options, Work<T> work) throws SQLException {
        Backoff patience = null;
        for (; ; ) {
            GiveWayException reason;
            try (MigrationLock lock = session.lock(options)) {
                return work.run(lock);
            } catch (GiveWayException e) {
                reason = e;
            }
            if (patience == null) {
                patience = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, options.maxWait());
            }
            session.console().info(reason.getMessage() + "; waiting until it is through");
            awaitFlyway(session, options, reason, patience);
        }
    }

    private static void awaitFlyway(Session session, CascadeOptions options, GiveWayException reason, Backoff patience)
            throws SQLException {
        for (; ; ) {
            Optional<String> flyway = FlywayLockSession.holdingSnapshot(session.connection());
            if (flyway.isEmpty()) {
                return;
            }
            if (patience.isOver()) {
                SQLTimeoutException timeout = new SQLTimeoutException(
                        reason.getMessage() + ", which has not ended for cascade_max_wait = "
                                + Durations.format(options.maxWait()) + ": " + flyway.get()
                                + "; wait for it, or raise cascade_max_wait",
                        reason.getSQLState());
                timeout.initCause(reason);
                throw timeout;
            }
            patience.pause();
        }
    }
}
