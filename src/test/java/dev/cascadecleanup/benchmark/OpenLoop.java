package dev.cascadecleanup.benchmark;

import java.util.function.LongSupplier;

/**
 * Makes requests at fixed times, whether or not the server keeps up. A latency counts from the time at which the request was due:
 * when one stalls, those that should have been made meanwhile are late too, and none is left out (the "coordinated omission" of a
 * loop that waits for each answer before it measures again).
 */
final class OpenLoop {

    /** One request, which is to handle its own errors. */
    @FunctionalInterface
    interface Request {
        void make(long number);
    }

    private final Clock clock;
    private final long start;
    private final long interval;

    /**
     * @param start when the first request is due
     * @param interval from one request to the next
     */
    OpenLoop(Clock clock, long start, long interval) {
        this.clock = clock;
        this.start = start;
        this.interval = interval;
    }

    /** Makes every request that is due before the end, which may be decided on the way. */
    void run(LongSupplier end, Request request, Timeline timeline) {
        long due = start;
        for (long number = 0; due < end.getAsLong(); number++, due += interval) {
            clock.sleepUntil(due);
            if (due >= end.getAsLong()) {
                return;
            }
            request.make(number);
            timeline.add(due, clock.now() - due);
        }
    }
}
