package dev.cascadecleanup.preview;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.List;
import java.util.Locale;

/** A preview for people. */
final class PreviewText {

    private static final int WIDEST = 60;
    private static final int FEW = 20;

    private final PreviewReport report;
    private final StringBuilder text = new StringBuilder();

    PreviewText(PreviewReport report) {
        this.report = report;
    }

    /** {@code DELETE FROM users WHERE id = 5}, as one would write it; not to be run, because the values are not quoted. */
    static String statement(PreviewReport report) {
        String columns = Identifiers.displayAll(report.keyColumns());
        return "DELETE FROM " + report.parent() + " WHERE " + columns
                + (report.keys().size() == 1 ? " = " : " in ") + String.join(", ", report.keys());
    }

    String write() {
        line(statement(report) + ": " + report.verdict());
        line("  " + report.after() + ", " + report.server() + ", read in one snapshot in "
                + report.elapsed().toMillis() + " ms, nothing was changed");
        section("Why:", report.reasons());
        line("Rows: " + atLeast() + count(report.rowsDeleted()) + " go, " + count(report.rowsDetached())
                + " are detached");
        line("The delete itself: " + report.forecast());
        section(
                "No index, so that the delete scans for each row that goes:",
                report.forecast().missingIndexes());
        tables();
        section(
                "What others lose (rows that go although they reference a row of somebody who stays):",
                report.taking().stream()
                        .map(link -> link + ": " + count(link.taken())
                                + (link.takenCounts() ? "" : ", the person's own, or decided") + keys(link.keys()))
                        .toList());
        section(
                "What stays about the person, in columns without a foreign key:",
                report.copies().stream()
                        .filter(copy -> copy.rows() != 0)
                        .map(copy -> copy.table() + "." + Identifiers.display(copy.column()) + ": "
                                + (copy.rows() < 0 ? copy.note() : count(copy.rows())))
                        .toList());
        if (!report.triggers().isEmpty() && report.notSeen().isEmpty()) {
            section("Triggers and rules on the way, trusted:", report.triggers());
        }
        return text.toString().stripTrailing();
    }

    private String atLeast() {
        return report.complete() ? "" : "at least ";
    }

    private void tables() {
        int width = report.tables().stream()
                .mapToInt(table -> Math.min(WIDEST, table.way().length()))
                .max()
                .orElse(1);
        String row = "  %-" + width + "s %10s %10s %10s  %s";
        line(row.formatted("way", "go", "detached", "refuse", "keys").stripTrailing());
        for (TablePreview table : report.tables()) {
            line(row.formatted(
                            table.way(),
                            count(table.deleted()),
                            count(table.detached()),
                            count(table.refusing()),
                            String.join(", ", table.keys())
                                    + (table.leftBehind() > 0 ? " (" + table.leftBehind() + " left behind)" : ""))
                    .stripTrailing());
        }
    }

    private static String keys(List<String> keys) {
        return keys.isEmpty() ? "" : " (" + String.join(", ", keys) + (keys.size() > 1 ? ", ..." : "") + ')';
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void section(String title, List<String> entries) {
        if (!entries.isEmpty()) {
            line(title);
            entries.stream().limit(FEW).forEach(entry -> line("  - " + entry));
            if (entries.size() > FEW) {
                line("  - and " + (entries.size() - FEW) + " more; --format json has all of them");
            }
        }
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }
}
