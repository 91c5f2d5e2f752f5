package dev.cascadecleanup.report;

import dev.cascadecleanup.report.Outcome.Kind;
import dev.cascadecleanup.report.SupportedVersions.Cell;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The end of a build: what ran, what was skipped and why, and whether the table of supported versions promises more. */
public final class RunReport {

    private static final List<String> NARROWING =
            List.of("test", "it.test", "skipTests", "skipITs", "groups", "excludedGroups");

    private final List<Outcome> outcomes;
    private final List<String> lines = new ArrayList<>();

    private RunReport(List<Outcome> outcomes) {
        this.outcomes = outcomes;
    }

    /** Called by the build, with the directory of {@link OutcomeRecorder} and whether the profile {@code matrix} is on. */
    public static void main(String[] arguments) throws IOException {
        List<Outcome> outcomes = read(Path.of(arguments[0]));
        boolean matrix = Boolean.parseBoolean(arguments[1]);
        System.out.println(String.join(System.lineSeparator(), of(outcomes)));
        if (outcomes.isEmpty()) {
            return;
        }
        String narrowed = NARROWING.stream()
                .filter(property -> System.getProperty(property) != null)
                .collect(Collectors.joining(", "));
        if (!narrowed.isEmpty()) {
            System.out.println("The table of supported versions was not checked, because this run was limited by "
                    + narrowed + ".");
            return;
        }
        List<Cell> due = SupportedVersions.read(Files.readString(SupportedVersions.PAGE))
                .due(
                        outcomes,
                        matrix,
                        Postgres.all().stream().map(TestServer::displayName).toList());
        List<Cell> broken =
                due.stream().filter(cell -> !cell.isKeptBy(outcomes)).toList();
        if (!broken.isEmpty()) {
            throw new IllegalStateException(
                    "the table in " + SupportedVersions.PAGE + " promises what this run has not tested: " + broken);
        }
        System.out.println(
                "The table of supported versions: this run was to test " + due.size() + " of its cells, and has.");
    }

    static List<Outcome> read(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Outcome> outcomes = new ArrayList<>();
            // Beside them is what the run knows of its containers.
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.readAllLines(file).forEach(line -> outcomes.add(Outcome.parse(line)));
            }
            return outcomes;
        }
    }

    static List<String> of(List<Outcome> outcomes) {
        return new RunReport(outcomes).write();
    }

    private List<String> write() {
        lines.add("----------------------------- what ran -----------------------------");
        if (outcomes.isEmpty()) {
            lines.add("No test.");
        }
        group(of(Kind.PASSED, Kind.FAILED), outcome -> "Java " + outcome.java() + ", Flyway " + outcome.flyway())
                .forEach((jvm, there) -> {
                    lines.add(jvm + ": " + counts(there));
                    group(there, Outcome::server)
                            .forEach((server, tests) -> lines.add(
                                    "  " + (server.isEmpty() ? "on no server of its own, or on the newest" : server)
                                            + ": " + counts(tests)));
                });
        group(of(Kind.NOTE), Outcome::test)
                .forEach((test, notes) -> lines.add(test + ": "
                        + notes.stream().map(Outcome::text).distinct().collect(Collectors.joining("; "))));
        lines.add("------------------------- what was skipped -------------------------");
        if (of(Kind.SKIPPED).isEmpty()) {
            lines.add("Nothing.");
        }
        group(of(Kind.SKIPPED), Outcome::text).forEach((reason, skipped) -> lines.add(reason + ": " + names(skipped)));
        lines.add("--------------------------------------------------------------------");
        return lines;
    }

    private List<Outcome> of(Kind... kinds) {
        return outcomes.stream()
                .filter(outcome -> Set.of(kinds).contains(outcome.kind()))
                .toList();
    }

    private static TreeMap<String, List<Outcome>> group(List<Outcome> outcomes, Function<Outcome, String> by) {
        return outcomes.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.toList()));
    }

    private static String counts(List<Outcome> tests) {
        long failed = tests.stream().filter(test -> test.kind() == Kind.FAILED).count();
        return (tests.size() - failed) + " passed" + (failed == 0 ? "" : ", " + failed + " FAILED");
    }

    private static String names(List<Outcome> skipped) {
        Set<String> names = skipped.stream().map(Outcome::test).collect(Collectors.toCollection(TreeSet::new));
        return names.size() + (names.size() == 1 ? " test, " : " tests or classes, ") + String.join(", ", names);
    }
}
