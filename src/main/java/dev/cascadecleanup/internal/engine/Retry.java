package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.plan.Durations;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Tries a piece of work again after it lost a lock, with growing, jittered pauses, so that the clients in the queue go first. All
 * of the retry policy is here.
 */
public final class Retry {

    private static final int MOST_SUPPRESSED = 5;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** One attempt. */
    @FunctionalInterface
    public interface Attempt {
        void run() throws SQLException, ForeignKeyChangedException;
    }

    /** Told of every attempt that lost, before the pause. */
    @FunctionalInterface
    public interface Listener {
        void lost(int attempt, SQLException cause, Duration pause) throws SQLException;
    }

    private final Predicate<SQLException> worthAnotherTry;
    private final Duration firstPause;
    private final Duration maxWait;

    private Retry(Predicate<SQLException> worthAnotherTry, Duration firstPause, Duration maxWait) {
        this.worthAnotherTry = worthAnotherTry;
        this.firstPause = firstPause;
        this.maxWait = maxWait;
    }

    /**
     * For statements under a statement_timeout of ours, which ends them with "query canceled".
     *
     * @param firstPause about how long to wait after the first loss; it doubles from there to 15 s
     * @param maxWait how long to go on
     */
    public static Retry ofTimedStatements(Duration firstPause, Duration maxWait) {
        return new Retry(SqlStates::isGivenUp, firstPause, maxWait);
    }

    /** For statements that may take as long as they take: when one is cancelled, an operator did that, and means it. */
    public static Retry ofLongStatements(Duration firstPause, Duration maxWait) {
        return new Retry(SqlStates::isLockConflict, firstPause, maxWait);
    }

    public void run(String what, Attempt attempt, Listener listener) throws SQLException, ForeignKeyChangedException {
        long start = System.nanoTime();
        SQLException first = null;
        for (int number = 1; ; number++) {
            try {
                attempt.run();
                return;
            } catch (SQLException e) {
                if (!worthAnotherTry.test(e)) {
                    throw e;
                }
                if (first == null) {
                    first = e;
                } else if (first.getSuppressed().length < MOST_SUPPRESSED) {
                    first.addSuppressed(e);
                }
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                Duration pause = pause(number);
                if (waited.plus(pause).compareTo(maxWait) > 0) {
                    listener.lost(number, e, Duration.ZERO);
                    throw new SQLTimeoutException(
                            what + ": no lock in " + number + " attempts within cascade_max_wait = "
                                    + Durations.format(maxWait)
                                    + "; end or wait for the sessions named above, or raise cascade_max_wait",
                            e.getSQLState(),
                            first);
                }
                listener.lost(number, e, pause);
                sleep(pause);
            }
        }
    }

    private Duration pause(int number) {
        long base = Math.min(firstPause.toMillis() << Math.min(number - 1, 10), LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(base / 2 + ThreadLocalRandom.current().nextLong(base / 2 + 1));
    }

    static void sleep(Duration pause) throws SQLException {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for a lock", SqlStates.QUERY_CANCELED, e);
        }
    }
}
