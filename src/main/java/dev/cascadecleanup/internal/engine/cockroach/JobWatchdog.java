package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Watches one statement from a second connection, because the statement itself says nothing while it waits: not when its job is
 * paused, nor when a client's transaction holds it up. Takes the connection only when the statement has run for a while, and
 * leaves it to others in between.
 */
final class JobWatchdog implements AutoCloseable {

    /**
     * How long a statement may take before somebody looks, how soon again, and how seldom in the end: SHOW JOBS takes 0.1 s of a
     * server that has run thousands of jobs in the last hours.
     */
    record Timing(Duration first, Duration interval, Duration longestInterval) {

        static final Timing DEFAULT = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(10));
    }

    /**
     * What is watched.
     *
     * @param subject what the messages begin with
     * @param tables the tables that the statement changes
     * @param sessionId the session that it runs in
     */
    record Watched(String subject, List<TableName> tables, String sessionId) {}

    private static final long MOST_MILLIS_TO_CLOSE = 2_000;

    private final SecondConnection second;
    /** Whether others keep the second connection, and give it back. */
    private final boolean shared;

    private final Timing timing;
    private final JobWarnings warnings;
    private final Watched watched;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private boolean transactionsVisible = true;

    private JobWatchdog(SecondConnection second, boolean shared, Timing timing, JobWarnings warnings, Watched watched) {
        this.second = second;
        this.shared = shared;
        this.timing = timing;
        this.warnings = warnings;
        this.watched = watched;
        this.thread = new Thread(this::run, "cascade-cleanup-watchdog");
        this.thread.setDaemon(true);
    }

    /** Begins to watch; close it when the statement has ended. */
    static JobWatchdog start(
            SecondConnection second, boolean shared, Timing timing, JobWarnings warnings, Watched watched) {
        JobWatchdog watchdog = new JobWatchdog(second, shared, timing, warnings, watched);
        watchdog.thread.start();
        return watchdog;
    }

    /** Ends the watch, and waits until the second connection is given back, if that does not take long. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(MOST_MILLIS_TO_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            if (closedWithin(timing.first())) {
                return;
            }
            Duration pause = timing.interval();
            do {
                second.visit(this::lookUnlessClosed);
                Duration longer = pause.multipliedBy(3).dividedBy(2);
                pause = longer.compareTo(timing.longestInterval()) < 0 ? longer : timing.longestInterval();
            } while (!closedWithin(pause));
        } catch (SQLException | RuntimeException e) {
            if (closed.getCount() > 0) {
                warnings.noMonitor(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!shared) {
                second.giveBack();
            }
        }
    }

    private boolean closedWithin(Duration pause) throws InterruptedException {
        return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** It may have been waited for. */
    private void lookUnlessClosed(Connection connection) throws SQLException {
        if (closed.getCount() > 0) {
            look(connection);
        }
    }

    private void look(Connection connection) throws SQLException {
        List<SchemaJob> jobs =
                new SchemaJobs(connection).unfinished(watched.tables().toArray(TableName[]::new));
        if (jobs.stream().anyMatch(SchemaJob::isPaused)) {
            warnings.paused(watched.subject(), jobs);
            return;
        }
        if (!transactionsVisible) {
            return;
        }
        try {
            warnings.openTransactions(
                    watched.subject(), OpenTransaction.olderThan(connection, timing.first(), watched.sessionId()));
        } catch (SQLException e) {
            // Not an admin, or a server that closes crdb_internal. A connection that is gone fails at the next look.
            transactionsVisible = false;
            warnings.openTransactionsUnknown(watched.subject());
        }
    }
}
