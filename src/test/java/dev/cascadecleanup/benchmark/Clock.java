package dev.cascadecleanup.benchmark;

import java.util.concurrent.locks.LockSupport;

/** Time in nanoseconds, to be replaced in tests. */
interface Clock {

    /** The machine's own. */
    Clock SYSTEM = new Clock() {
        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public void sleepUntil(long time) {
            for (long left = time - now(); left > 0; left = time - now()) {
                LockSupport.parkNanos(left);
            }
        }
    };

    long now();

    /** Returns at once if that is past. */
    void sleepUntil(long time);
}
