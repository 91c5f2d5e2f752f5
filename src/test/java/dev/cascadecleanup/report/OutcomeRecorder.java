package dev.cascadecleanup.report;

import dev.cascadecleanup.report.Outcome.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down what ran and what was skipped, for {@link RunReport}. JUnit finds it by itself, in every JVM of the tests; each writes
 * a file of its own into the directory that the build names.
 */
public final class OutcomeRecorder implements TestExecutionListener {

    /** Set by the build: a directory for each run. */
    public static final String DIRECTORY = "cascade.run";

    /** A test publishes what it ran with under this key. */
    public static final String RAN_WITH = "ran with";

    private static final Pattern FLYWAY = Pattern.compile("flyway-core-(.+)\\.jar");
    private static final Pattern SERVER = Pattern.compile("(PostgreSQL|CockroachDB|server by URL) .*");

    private final String directory = System.getProperty(DIRECTORY);
    private final String flyway = flywayVersion();
    private TestPlan plan;

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        write(Kind.SKIPPED, identifier, reason.replaceFirst("^System property .* ==> ", ""));
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        String text = result.getThrowable()
                .map(Throwable::getMessage)
                .map(message -> message.lines().findFirst().orElse(""))
                .orElse("");
        switch (result.getStatus()) {
            case ABORTED -> write(Kind.SKIPPED, identifier, text);
            case FAILED -> write(Kind.FAILED, identifier, text);
            case SUCCESSFUL -> {
                if (identifier.isTest()) {
                    write(Kind.PASSED, identifier, "");
                }
            }
        }
    }

    @Override
    public void reportingEntryPublished(TestIdentifier identifier, ReportEntry entry) {
        String value = entry.getKeyValuePairs().get(RAN_WITH);
        if (value != null) {
            write(Kind.NOTE, identifier, value);
        }
    }

    private synchronized void write(Kind kind, TestIdentifier identifier, String text) {
        if (directory == null) {
            return;
        }
        Outcome outcome =
                new Outcome(kind, Runtime.version().feature(), flyway, server(identifier), name(identifier), text);
        try {
            Path file = Files.createDirectories(Path.of(directory))
                    .resolve(ProcessHandle.current().pid() + ".tsv");
            Files.writeString(
                    file,
                    outcome.line() + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A contract test has its server among its parents. */
    private String server(TestIdentifier identifier) {
        for (Optional<TestIdentifier> at = Optional.of(identifier); at.isPresent(); at = plan.getParent(at.get())) {
            Matcher server = SERVER.matcher(at.get().getDisplayName());
            if (at.get().isContainer() && server.matches()) {
                return server.group();
            }
        }
        return "";
    }

    private static String name(TestIdentifier identifier) {
        return identifier
                .getSource()
                .map(source -> {
                    if (source instanceof MethodSource method) {
                        return simple(method.getClassName()) + "." + method.getMethodName();
                    }
                    return source instanceof ClassSource type ? simple(type.getClassName()) : null;
                })
                .orElse(identifier.getDisplayName());
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private static String flywayVersion() {
        String location =
                Flyway.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        Matcher jar = FLYWAY.matcher(location.substring(location.lastIndexOf('/') + 1));
        return jar.matches() ? jar.group(1) : "?";
    }
}
