package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.testing.Gate;
import java.time.Duration;

/** Adds up the time of the VALIDATE statements that pass. */
final class ScanClock implements Gate {

    private long began;
    private long nanos;

    @Override
    public void before(String sql) {
        began = Clock.SYSTEM.now();
    }

    @Override
    public void after(String sql) {
        if (sql.contains("VALIDATE CONSTRAINT")) {
            nanos += Clock.SYSTEM.now() - began;
        }
    }

    Duration elapsed() {
        return Duration.ofNanos(nanos);
    }
}
