package dev.cascadecleanup.internal.erase;

import java.time.Duration;

/** How many rows the next step takes, so that it lasts about as long as it should. */
final class StepSize {

    private static final int FIRST = 2_000;
    /** Of the time there is, so that a slower stretch is not given up at once. */
    private static final double CAUTION = 0.7;

    private static final int MOST = 200_000;
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

    /**
     * A step of so many rows took this long. It grows to at most four times as many, so that one lucky step does not make a long one; a
     * small step says little about a large one, and only lets it grow.
     */
    void took(int rows, Duration elapsed) {
        double fitting = rows * (goalNanos / (double) Math.max(1, elapsed.toNanos())) * CAUTION;
        if (rows >= size / 2 || fitting > size) {
            size = (int) Math.max(LEAST, Math.min(MOST, Math.min(Math.max(fitting, size / 4.0), size * 4.0)));
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
