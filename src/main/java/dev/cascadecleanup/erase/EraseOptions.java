package dev.cascadecleanup.erase;

import java.time.Duration;
import java.util.Objects;

/**
 * How to erase.
 *
 * @param drainAbove a person with fewer rows than this in all is deleted by the one DELETE, and of a heavier one so are the tables with less
 *     than a tenth of it
 * @param stepGoal how long one step may take, roughly: its number of rows follows the time that the steps before it took
 * @param stepTimeout when a step is given up, and tried with fewer rows ({@code statement_timeout})
 * @param lockTimeout how long a step, or the one DELETE, waits for a lock of somebody else before it lets go and tries later
 *     ({@code lock_timeout}; PostgreSQL). Below {@code deadlock_timeout} no client loses a deadlock against the erasure
 * @param deleteTimeout when the one DELETE at the end is given up ({@code statement_timeout})
 * @param pause how long to rest after each step
 * @param maxWait how long to go on trying against locks, deadlocks and serialization failures, for each step and for the DELETE
 * @param preview whether to look first whether the DELETE would be refused or would take rows of others, and to delete nothing then
 * @param triggersTrusted whether the preview takes it that no trigger or rule of the schema's own changes what the DELETE does; otherwise
 *     one on the way makes it refuse
 * @param listener who is told, and may take part
 */
public record EraseOptions(
        int drainAbove,
        Duration stepGoal,
        Duration stepTimeout,
        Duration lockTimeout,
        Duration deleteTimeout,
        Duration pause,
        Duration maxWait,
        boolean preview,
        boolean triggersTrusted,
        ErasureListener listener) {

    private static final EraseOptions DEFAULTS = new EraseOptions(
            10_000,
            Duration.ofMillis(200),
            Duration.ofMillis(400),
            Duration.ofMillis(200),
            Duration.ofMinutes(10),
            Duration.ZERO,
            Duration.ofMinutes(1),
            true,
            false,
            ErasureListener.NONE);

    public EraseOptions {
        Objects.requireNonNull(listener, "listener");
        if (drainAbove < 1) {
            throw new IllegalArgumentException("drainAbove is at least 1");
        }
        if (pause.isNegative()) {
            throw new IllegalArgumentException("pause is not negative");
        }
        if (stepGoal.toMillis() < 1
                || stepTimeout.toMillis() < 1
                || lockTimeout.toMillis() < 1
                || deleteTimeout.toMillis() < 1
                || maxWait.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "stepGoal, stepTimeout, lockTimeout, deleteTimeout and maxWait are at least 1ms");
        }
        if (stepTimeout.compareTo(stepGoal) < 0) {
            throw new IllegalArgumentException("stepTimeout is not shorter than stepGoal");
        }
    }

    /** Steps of 200 ms for people with 10,000 rows or more, after a preview. */
    public static EraseOptions defaults() {
        return DEFAULTS;
    }

    /** The same, taking people apart who have this many rows or more. */
    public EraseOptions withDrainAbove(int rows) {
        return new EraseOptions(
                rows,
                stepGoal,
                stepTimeout,
                lockTimeout,
                deleteTimeout,
                pause,
                maxWait,
                preview,
                triggersTrusted,
                listener);
    }

    /** The same with steps of about this long, given up at twice that. */
    public EraseOptions withStepGoal(Duration goal) {
        return new EraseOptions(
                drainAbove,
                goal,
                goal.multipliedBy(2),
                lockTimeout,
                deleteTimeout,
                pause,
                maxWait,
                preview,
                triggersTrusted,
                listener);
    }

    /** The same with steps given up after this long. */
    public EraseOptions withStepTimeout(Duration timeout) {
        return new EraseOptions(
                drainAbove,
                stepGoal,
                timeout,
                lockTimeout,
                deleteTimeout,
                pause,
                maxWait,
                preview,
                triggersTrusted,
                listener);
    }

    /** The same, waiting this long for a lock before it lets go; in a step for half of its time-out at most. */
    public EraseOptions withLockTimeout(Duration timeout) {
        return new EraseOptions(
                drainAbove,
                stepGoal,
                stepTimeout,
                timeout,
                deleteTimeout,
                pause,
                maxWait,
                preview,
                triggersTrusted,
                listener);
    }

    /** The same with this long for the one DELETE. */
    public EraseOptions withDeleteTimeout(Duration timeout) {
        return new EraseOptions(
                drainAbove,
                stepGoal,
                stepTimeout,
                lockTimeout,
                timeout,
                pause,
                maxWait,
                preview,
                triggersTrusted,
                listener);
    }

    /** The same, resting after each step. */
    public EraseOptions withPause(Duration rest) {
        return new EraseOptions(
                drainAbove,
                stepGoal,
                stepTimeout,
                lockTimeout,
                deleteTimeout,
                rest,
                maxWait,
                preview,
                triggersTrusted,
                listener);
    }

    /** The same, trying for this long. */
    public EraseOptions withMaxWait(Duration wait) {
        return new EraseOptions(
                drainAbove,
                stepGoal,
                stepTimeout,
                lockTimeout,
                deleteTimeout,
                pause,
                wait,
                preview,
                triggersTrusted,
                listener);
    }

    /**
     * The same without a look ahead. The DELETE is tried at once, for as long as a step may take; only when that is too long the person
     * is drained, and only where every foreign key on the way cascades for certain: nothing else could show that the DELETE will not be
     * refused in the end.
     */
    public EraseOptions withoutPreview() {
        return new EraseOptions(
                drainAbove,
                stepGoal,
                stepTimeout,
                lockTimeout,
                deleteTimeout,
                pause,
                maxWait,
                false,
                triggersTrusted,
                listener);
    }

    /** The same, trusting triggers and rules or not. The tables that have some are not taken apart either way. */
    public EraseOptions withTriggersTrusted(boolean trusted) {
        return new EraseOptions(
                drainAbove,
                stepGoal,
                stepTimeout,
                lockTimeout,
                deleteTimeout,
                pause,
                maxWait,
                preview,
                trusted,
                listener);
    }

    /** The same, telling this one. */
    public EraseOptions withListener(ErasureListener other) {
        return new EraseOptions(
                drainAbove,
                stepGoal,
                stepTimeout,
                lockTimeout,
                deleteTimeout,
                pause,
                maxWait,
                preview,
                triggersTrusted,
                other);
    }
}
