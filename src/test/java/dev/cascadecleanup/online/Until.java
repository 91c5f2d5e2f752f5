package dev.cascadecleanup.online;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, and fails when it does not come true: what these tests do in place of sleeping. */
public final class Until {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long PAUSE = Duration.ofMillis(5).toNanos();

    private Until() {}

    /** @throws AssertionError if five minutes pass first */
    public static void isTrue(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }
}
