package dev.cascadecleanup.audit;

import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Verdict;
import java.util.List;
import java.util.Locale;

/** Writes an audit for people: what matters first. */
final class TextReport {

    private final AuditReport report;
    private final StringBuilder text = new StringBuilder();

    TextReport(AuditReport report) {
        this.report = report;
    }

    String write() {
        line("Audit of "
                + String.join(
                        ", ",
                        report.plan().parents().stream().map(Object::toString).toList()) + " on " + report.server());
        report.today().forEach(delete -> write("Today", delete));
        report.afterPlan()
                .forEach(delete -> write(
                        "After the migration (" + report.plan().conversions().size() + " conversions)", delete));
        List<String> advice = report.plan().advice().lines();
        if (!advice.isEmpty()) {
            line("");
            line("To close what the migration leaves open:");
            advice.forEach(each -> line("  " + each));
        }
        if (!report.plan().problems().isEmpty()) {
            line("");
            line("The migration would be refused:");
            report.plan().problems().forEach(problem -> line("  " + problem));
        }
        line("");
        line("Findings: " + report.findings().size());
        Finding.Kind kind = null;
        for (Finding finding : report.findings()) {
            if (finding.kind() != kind) {
                kind = finding.kind();
                line("  " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ':');
            }
            line("    " + finding);
        }
        return text.toString();
    }

    private void write(String when, DeleteReport delete) {
        line("");
        line(when + ", DELETE FROM " + delete.parent() + ":");
        line("  deletes from " + delete.tables().size() + " tables");
        for (ReachedLine table : delete.tables()) {
            if (!table.way().isEmpty()) {
                line("    " + table.reached().table() + ", depth "
                        + table.reached().depths() + ", by " + String.join(" > ", table.way()));
            }
        }
        for (Verdict verdict : List.of(Verdict.REFUSES, Verdict.DEPENDS_ON_DATA, Verdict.ORDER_DEPENDENT)) {
            write(verdict.toString(), delete.links(verdict));
        }
        write(
                "safe, but for rows that hang on two parents",
                delete.links(Verdict.SAFE).stream()
                        .filter(line -> line.link().effect() == Link.Effect.CHECKED)
                        .toList());
        write(
                "keeps the row",
                delete.links(Verdict.SAFE).stream()
                        .filter(line -> line.link().effect() != Link.Effect.CHECKED
                                && line.link().effect() != Link.Effect.DELETED)
                        .toList());
    }

    private void write(String title, List<LinkLine> links) {
        if (links.isEmpty()) {
            return;
        }
        line("  " + title + ": " + links.size());
        for (LinkLine line : links) {
            line("    " + line.link().foreignKey() + " ON DELETE "
                    + line.link().definition().describeOnDelete() + ": "
                    + line.link().reason());
            if (line.refusing() != null) {
                line("      "
                        + (line.refusing().rows() == null
                                ? line.refusing().note()
                                : line.refusing().rows() + " rows refuse today")
                        + ": " + line.refusing().query());
            }
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
