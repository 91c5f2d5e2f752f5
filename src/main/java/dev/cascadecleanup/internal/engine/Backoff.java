package dev.cascadecleanup.internal.engine;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Growing, jittered pauses until a deadline. */
public final class Backoff {

    private final Duration longest;
    private final Duration maxWait;
    private final long start = System.nanoTime();
    private Duration next;

    public Backoff(Duration first, Duration longest, Duration maxWait) {
        this.next = first;
        this.longest = longest;
        this.maxWait = maxWait;
    }

    /** Whether the time is up. */
    public boolean isOver() {
        return waited().compareTo(maxWait) >= 0;
    }

    /** How long it has been since the beginning. */
    public Duration waited() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Sleeps, but not past the deadline: the last look is at the deadline itself. */
    public void pause() throws SQLException {
        long millis = next.toMillis();
        long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        long left = Math.max(1, maxWait.minus(waited()).toMillis());
        Retry.sleep(Duration.ofMillis(Math.min(jittered, left)));
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) < 0 ? doubled : longest;
    }
}
