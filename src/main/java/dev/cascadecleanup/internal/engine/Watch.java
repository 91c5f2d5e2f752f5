package dev.cascadecleanup.internal.engine;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Looks every now and then, from a thread of its own, while a statement runs that says nothing itself. */
public final class Watch implements AutoCloseable {

    /** What is done each time. */
    @FunctionalInterface
    public interface Look {
        /**
         * Looks; must not throw.
         *
         * @param running for how long the statement has been running
         */
        void look(Duration running);
    }

    /** Before this nobody has begun to wonder. */
    private static final Duration FIRST = Duration.ofSeconds(5);

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(30);
    private static final long MOST_MILLIS_TO_CLOSE = 2_000;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Duration first;
    private final Duration longest;
    private final Look look;
    private final long start = System.nanoTime();
    private final Thread thread;

    private Watch(Duration first, Duration longest, Look look) {
        this.first = first;
        this.longest = longest;
        this.look = look;
        this.thread = new Thread(this::run, "cascade-cleanup-watch");
        this.thread.setDaemon(true);
    }

    /** Begins to watch; close it when the statement has ended. */
    public static Watch start(Look look) {
        return start(FIRST, look);
    }

    /** The same with another first pause. */
    public static Watch start(Duration first, Look look) {
        return new Watch(first, LONGEST_INTERVAL, look).started();
    }

    /** Looks at this pace from the beginning to the end. */
    public static Watch every(Duration interval, Look look) {
        return new Watch(interval, interval, look).started();
    }

    private Watch started() {
        thread.start();
        return this;
    }

    /** Ends the watch, and waits for a look that is under way, if that does not take long. */
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
            Duration pause = first;
            Duration next = shorter(INTERVAL);
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                look.look(Duration.ofNanos(System.nanoTime() - start));
                pause = next;
                next = shorter(next.multipliedBy(3).dividedBy(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration shorter(Duration interval) {
        return interval.compareTo(longest) < 0 ? interval : longest;
    }
}
