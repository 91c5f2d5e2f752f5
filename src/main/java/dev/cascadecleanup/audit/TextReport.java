package dev.cascadecleanup.audit;

import dev.cascadecleanup.internal.json.TextColumns;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes an audit for people: what matters first, then one line each. */
final class TextReport {

    /** The worst first. */
    private static final List<Verdict> VERDICTS = List.of(
            Verdict.REFUSES, Verdict.DEPENDS_ON_DATA, Verdict.ORDER_DEPENDENT, Verdict.TAKES_OTHERS_ROWS, Verdict.SAFE);

    private final AuditReport report;
    private final boolean queries;
    private final StringBuilder text = new StringBuilder();

    /** @param queries whether to add the query behind each number of rows */
    TextReport(AuditReport report, boolean queries) {
        this.report = report;
        this.queries = queries;
    }

    String write() {
        line("Audit of "
                + String.join(
                        ", ",
                        report.plan().parents().stream().map(Object::toString).toList()) + " on " + report.server());
        report.today().forEach(delete -> line("  today: " + summary(delete)));
        int conversions = report.plan().conversions().size();
        String migration = "after the migration (" + conversions
                + (conversions == 1 ? " foreign key converted)" : " foreign keys converted)");
        report.afterPlan().forEach(delete -> line("  " + migration + ": " + summary(delete)));
        if (!report.plan().open().isEmpty()) {
            line("  to be decided: " + report.plan().openSummary());
        }
        report.today().forEach(delete -> write("Today", delete));
        report.afterPlan()
                .forEach(delete ->
                        write(migration.substring(0, 1).toUpperCase(Locale.ROOT) + migration.substring(1), delete));
        section("A decision for each", report.plan().advice().proposalLines());
        section("The same to paste", report.plan().advice().lines());
        section(
                "Not seen",
                report.plan().notSeen().stream().map(Object::toString).toList());
        section(
                "The migration would be refused",
                report.plan().problems().stream().map(Object::toString).toList());
        findings();
        return text.toString();
    }

    private static String summary(DeleteReport delete) {
        int tables = delete.tables().size();
        String verdicts = VERDICTS.stream()
                .filter(verdict -> verdict != Verdict.SAFE)
                .filter(verdict -> !delete.links(verdict).isEmpty())
                .map(verdict -> verdict + ": " + delete.links(verdict).size())
                .collect(Collectors.joining(", "));
        return "a delete on " + delete.parent() + " deletes from " + tables + (tables == 1 ? " table" : " tables")
                + (verdicts.isEmpty() ? ", and nothing refuses it" : "; " + verdicts);
    }

    private void findings() {
        line("");
        line("Findings: " + report.findings().size());
        Finding.@Nullable Kind kind = null;
        for (Finding finding : report.findings()) {
            if (finding.kind() != kind) {
                kind = finding.kind();
                line("  " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ':');
            }
            line("    " + finding);
        }
    }

    private void write(String when, DeleteReport delete) {
        line("");
        line(when + ", DELETE FROM " + delete.parent() + ":");
        line("  deletes from:");
        TextColumns.aligned(delete.tables().stream()
                        .filter(table -> !table.way().isEmpty())
                        .map(table -> List.of(
                                table.reached().table().toString(),
                                "by " + String.join(" > ", table.way())
                                        + (table.reached().guaranteed() ? "" : " (not every row)")))
                        .toList())
                .forEach(each -> line("    " + each));
        for (Verdict verdict : VERDICTS) {
            // What merely goes along is in the list of tables.
            write(
                    verdict.toString(),
                    delete.links(verdict).stream()
                            .filter(line ->
                                    verdict != Verdict.SAFE || line.link().effect() != Link.Effect.DELETED)
                            .toList());
        }
    }

    private void write(String title, List<LinkLine> links) {
        if (links.isEmpty()) {
            return;
        }
        line("  " + title + ": " + links.size());
        List<List<String>> rows = new ArrayList<>();
        for (LinkLine line : links) {
            rows.add(List.of(
                    line.link().foreignKey() + " ON DELETE "
                            + line.link().definition().describeOnDelete(),
                    line.link().reason() + rows(line)));
        }
        List<String> lines = TextColumns.aligned(rows);
        for (int i = 0; i < lines.size(); i++) {
            line("    " + lines.get(i));
            RowCount refusing = links.get(i).refusing();
            if (queries && refusing != null) {
                line("      " + refusing.query());
            }
        }
    }

    private static String rows(LinkLine line) {
        if (line.refusing() == null) {
            return "";
        }
        Long rows = line.refusing().rows();
        return " [" + (rows == null ? line.refusing().note() : rows == 1 ? "1 row today" : rows + " rows today") + ']';
    }

    private void section(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            line("");
            line(title + ":");
            lines.forEach(each -> line("  " + each));
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
