package dev.cascadecleanup.benchmark;

import java.time.Duration;

/**
 * What a way has to say about its own work, beyond how long it took.
 *
 * @param statements the time of the single statements, added up; zero where that is not known
 * @param attempts how often it was tried
 * @param lastError the SQLSTATE of the last attempt that failed, or null
 */
record Effort(Duration statements, int attempts, String lastError) {

    static final Effort NOTHING_TO_SAY = new Effort(Duration.ZERO, 1, null);
}
