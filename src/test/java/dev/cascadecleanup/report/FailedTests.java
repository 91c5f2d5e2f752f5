package dev.cascadecleanup.report;

import dev.cascadecleanup.report.Outcome.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fails the build for a test that failed: Surefire only says it, so that the tests of the jars and the report of the run come still. It
 * looks where the outcomes are and into Surefire's own reports, so that a failure has to get lost twice to be none.
 */
public final class FailedTests {

    /** As the pom writes {@code maven.build.timestamp}, which is UTC. */
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    /** The phases that come to this class once more, at their end. */
    private static final Set<String> COME_AGAIN = Set.of("verify", "install", "deploy");

    private static final Pattern SUITE = Pattern.compile("<testsuite\\b[^>]*>");
    private static final Pattern FAILED = Pattern.compile("\\b(?:failures|errors)=\"[1-9]\\d*\"");

    private FailedTests() {}

    /**
     * Called by the build, with the directory of {@link OutcomeRecorder}, Surefire's, when the build began, and, the first time, Maven's
     * goals.
     */
    public static void main(String[] arguments) throws IOException {
        check(arguments, System.out);
    }

    static void check(String[] arguments, PrintStream out) throws IOException {
        Instant begin = LocalDateTime.parse(arguments[2], TIMESTAMP).toInstant(ZoneOffset.UTC);
        Set<String> failed = in(Path.of(arguments[0]), Path.of(arguments[1]), begin);
        if (failed.isEmpty()) {
            return;
        }
        String what = "tests failed: " + String.join(", ", failed);
        if (arguments.length > 3 && Stream.of(arguments[3].split("[\\[\\], ]+")).anyMatch(COME_AGAIN::contains)) {
            out.println(what);
            out.println("What is left still runs, and the build fails at its end.");
            return;
        }
        throw new IllegalStateException(what);
    }

    static Set<String> in(Path outcomes, Path reports, Instant begin) throws IOException {
        Set<String> failed = new TreeSet<>();
        for (Outcome outcome : RunReport.read(outcomes)) {
            if (outcome.kind() == Kind.FAILED) {
                failed.add(outcome.test());
            }
        }
        if (Files.isDirectory(reports)) {
            try (Stream<Path> files = Files.list(reports)) {
                for (Path report : files.toList()) {
                    String name = report.getFileName().toString();
                    if (name.startsWith("TEST-")
                            && !Files.getLastModifiedTime(report).toInstant().isBefore(begin)
                            && saysFailed(Files.readString(report))) {
                        failed.add(name.substring("TEST-".length()).replaceFirst("\\.xml$", ""));
                    }
                }
            }
        }
        return failed;
    }

    private static boolean saysFailed(String report) {
        Matcher suite = SUITE.matcher(report);
        if (!suite.find()) {
            return true;
        }
        return FAILED.matcher(suite.group()).find();
    }
}
