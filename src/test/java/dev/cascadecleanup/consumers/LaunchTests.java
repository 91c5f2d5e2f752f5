package dev.cascadecleanup.consumers;

import java.io.PrintWriter;
import java.util.Arrays;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs the tests of the packages that its arguments name, or classes, or methods ({@code Type#method}), in a JVM with another Flyway or
 * another Java.
 */
final class LaunchTests {

    private static final int STACK_LINES = 20;

    private LaunchTests() {}

    public static void main(String[] names) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(names).map(LaunchTests::selector).toList())
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        PrintWriter out = new PrintWriter(System.out, true);
        summary.printFailuresTo(out, STACK_LINES);
        summary.printTo(out);
        // Not all threads of the servers are daemons.
        System.exit(summary.getTotalFailureCount() == 0 && summary.getTestsSucceededCount() > 0 ? 0 : 1);
    }

    private static DiscoverySelector selector(String name) {
        if (name.contains("#")) {
            return DiscoverySelectors.selectMethod(name);
        }
        boolean isClass = Character.isUpperCase(name.charAt(name.lastIndexOf('.') + 1));
        return isClass ? DiscoverySelectors.selectClass(name) : DiscoverySelectors.selectPackage(name);
    }
}
