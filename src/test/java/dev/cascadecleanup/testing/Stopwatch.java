package dev.cascadecleanup.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;

/** Limits in seconds, which say nothing while other programs want the same cores. */
public final class Stopwatch {

    private Stopwatch() {}

    /** Prints the time, and fails if it is too long; on a busy machine the test is skipped instead. */
    public static void assertQuick(String what, Duration took, Duration limit) {
        System.out.println(what + ": " + took.toMillis() + " ms");
        assumeTrue(
                took.compareTo(limit) < 0 || !isBusy(),
                () -> took.toMillis() + " ms, but the machine is busy: load average "
                        + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        assertThat(took).isLessThan(limit);
    }

    private static boolean isBusy() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system.getSystemLoadAverage() > 2 * system.getAvailableProcessors();
    }
}
