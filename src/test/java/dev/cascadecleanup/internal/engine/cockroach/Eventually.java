package dev.cascadecleanup.internal.engine.cockroach;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Waits for something that another thread or the server brings about. */
public final class Eventually {

    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final long INTERVAL_MILLIS = 20;

    private Eventually() {}

    /** Asks until there is an answer. */
    static <T> T get(String what, Callable<Optional<T>> question) throws Exception {
        long start = System.nanoTime();
        while (System.nanoTime() - start < DEADLINE.toNanos()) {
            Optional<T> answer = question.call();
            if (answer.isPresent()) {
                return answer.get();
            }
            Thread.sleep(INTERVAL_MILLIS);
        }
        throw new AssertionError(what + ": not within " + DEADLINE);
    }

    /** Asks until it is so. */
    public static void isTrue(String what, Callable<Boolean> question) throws Exception {
        get(what, () -> question.call() ? Optional.of(true) : Optional.empty());
    }
}
