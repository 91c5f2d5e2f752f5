package dev.cascadecleanup.internal.erase;

import java.time.Duration;

/** How many rows the next step takes, so that it lasts about as long as it should. */
final class StepSize {

    private static final int FIRST = 500;
    private static final int MOST = 50_000;
    /** Below this, what a step costs is not its rows. */
    private static final int LEAST = 10;

    private final long goalNanos;
    private int size = FIRST;

    StepSize(Duration goal) {
        this.goalNanos = goal.toNanos();
    }

    int rows() {
        return size;
    }

    /** A step of so many rows took this long. It grows to at most twice, so that one lucky step does not make a long one. */
    void took(int rows, Duration elapsed) {
        double factor = goalNanos / (double) Math.max(1, elapsed.toNanos());
        if (factor < 1 || rows >= size) {
            double next = Math.min(rows, size) * Math.max(0.25, Math.min(2, factor * 0.9));
            size = (int) Math.max(LEAST, Math.min(MOST, next));
        }
    }

    /**
     * A step of this size was given up.
     *
     * @return whether a smaller one makes sense
     */
    boolean tooLong() {
        if (size <= LEAST) {
            return false;
        }
        size = Math.max(LEAST, size / 4);
        return true;
    }
}
