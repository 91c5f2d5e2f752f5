package dev.cascadecleanup.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The table of supported versions: a row for each Flyway and Java, a column for each server, and in a cell how it is known.
 *
 * @param cells row by row
 */
record SupportedVersions(List<Cell> cells) {

    /** What a cell promises. */
    enum Promise {
        /** Tested by every {@code mvn verify}. */
        BUILD,
        /** Tested by {@code mvn verify -Pmatrix}. */
        MATRIX
    }

    /**
     * @param flyway major and minor, such as {@code 13.12}
     * @param java feature version
     * @param server as the tests call it, such as {@code PostgreSQL 18}
     */
    record Cell(String flyway, int java, String server, Promise promise) {

        boolean isKeptBy(List<Outcome> outcomes) {
            return outcomes.stream()
                    .anyMatch(outcome -> outcome.passed()
                            && outcome.java() == java
                            && outcome.server().equals(server)
                            && (outcome.flyway() + ".").startsWith(flyway + "."));
        }

        @Override
        public String toString() {
            return "Flyway " + flyway + ", Java " + java + ", " + server + ": "
                    + promise.name().toLowerCase();
        }
    }

    /** The page that has it. */
    static final Path PAGE = Path.of("src", "docs", "supported-versions.md");

    private static final Pattern ROW = Pattern.compile("Flyway ([\\d.]+), Java (\\d+)");

    /** The first table of the page. */
    static SupportedVersions read(String page) {
        List<List<String>> table = page.lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .filter(line -> !line.startsWith("|-"))
                .map(line -> List.of(line.substring(1, line.lastIndexOf('|')).split("\\|", -1)).stream()
                        .map(String::strip)
                        .toList())
                .toList();
        List<String> servers = table.get(0);
        List<Cell> cells = new ArrayList<>();
        for (List<String> row : table) {
            Matcher version = ROW.matcher(row.get(0));
            for (int column = 1; column < row.size() && version.matches(); column++) {
                cells.add(new Cell(
                        version.group(1),
                        Integer.parseInt(version.group(2)),
                        servers.get(column),
                        Promise.valueOf(row.get(column).toUpperCase())));
            }
        }
        return new SupportedVersions(cells);
    }

    /**
     * Those that this run was to keep. On a Java that nothing ran on, or a server that was not to be had, it keeps no promise and
     * breaks none.
     *
     * @param matrix whether the profile was on; else only the promises of every build count
     * @param selected the servers that it was told to test on
     */
    List<Cell> due(List<Outcome> outcomes, boolean matrix, Collection<String> selected) {
        Set<Integer> javas = outcomes.stream().map(Outcome::java).collect(Collectors.toSet());
        Set<String> servers =
                outcomes.stream().filter(Outcome::passed).map(Outcome::server).collect(Collectors.toSet());
        servers.addAll(selected);
        return cells.stream()
                .filter(cell -> cell.promise() == Promise.BUILD || matrix && cell.promise() == Promise.MATRIX)
                .filter(cell -> javas.contains(cell.java()) && servers.contains(cell.server()))
                .toList();
    }
}
