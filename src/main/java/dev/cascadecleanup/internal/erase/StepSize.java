package dev.cascadecleanup.internal.erase;

import java.time.Duration;

/**
 * How many rows the next step takes, so that it lasts about as long as it should. Rows of different tables are compared by what they weigh:
 * one, and more for each foreign key that the server looks into when such a row goes.
 */
final class StepSize {

    private static final int FIRST = 10_000;
    /** Of the time there is, so that a slower stretch is not given up at once. */
    private static final double CAUTION = 0.7;

    private static final int MOST = 1_000_000;
    /** Below this, what a step costs is not its rows. */
    private static final int LEAST = 10;

    private final long goalNanos;
    private double size = FIRST;
    private double weighed;
    private long nanos;

    StepSize(Duration goal) {
        this.goalNanos = goal.toNanos();
    }

    /** How many rows of this weight. */
    int rows(int weight) {
        return (int) Math.max(LEAST, size / weight);
    }

    /**
     * A step of so many rows took this long. It grows to at most four times as many, so that one lucky step does not make a long one; a
     * small step says little about a large one, and only lets it grow.
     */
    void took(int rows, int weight, Duration elapsed) {
        double work = (double) rows * weight;
        weighed += work;
        nanos += elapsed.toNanos();
        double fitting = work * (goalNanos / (double) Math.max(1, elapsed.toNanos())) * CAUTION;
        if (work >= size / 2 || fitting > size) {
            size = Math.max(LEAST, Math.min(MOST, Math.min(Math.max(fitting, size / 4.0), size * 4.0)));
        }
    }

    /** Whether rows of this weight in all would go in a single step, by all that the steps so far have shown; no, as long as they are few. */
    boolean fits(double work) {
        return nanos >= goalNanos / 2 && work * nanos <= weighed * goalNanos * CAUTION;
    }

    /**
     * A step of this size was given up.
     *
     * @return whether a smaller one makes sense
     */
    boolean tooLong(int weight) {
        if (rows(weight) <= LEAST) {
            return false;
        }
        size = Math.max(LEAST, size / 4);
        return true;
    }
}
