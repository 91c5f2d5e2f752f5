package dev.cascadecleanup.proof;

import java.util.List;

/** A proof as text for people. */
final class ProofText {

    private static final int WIDEST = 90;

    private final ProofReport.ParentProof proof;
    private final StringBuilder text = new StringBuilder();

    ProofText(ProofReport.ParentProof proof) {
        this.proof = proof;
    }

    @Override
    public String toString() {
        long tables = proof.tables().size();
        long skipped = proof.tables().stream()
                .filter(table -> table.verdict() == TableProof.Verdict.SKIPPED)
                .count();
        line("Deleting one row of " + proof.parent() + ": " + proof.verdict() + " (" + tables
                + (tables == 1 ? " table, " : " tables, ")
                + (skipped > 0 ? skipped + " of them skipped by a hint, " : "")
                + proof.elapsed().toMillis() + " ms, rolled back)");
        int width = Math.min(
                WIDEST,
                proof.tables().stream()
                        .mapToInt(table -> table.path().length())
                        .max()
                        .orElse(0));
        line(("  %-" + Math.max(width, 1) + "s %8s %8s %8s %8s  %s")
                .formatted("path", "before", "after", "other", "after", "verdict"));
        for (TableProof table : proof.tables()) {
            line(("  %-" + Math.max(width, 1) + "s %8d %8d %8d %8d  %s")
                    .formatted(
                            table.path(),
                            table.before(),
                            table.after(),
                            table.otherBefore(),
                            table.otherAfter(),
                            table.verdict()));
        }
        if (!proof.refusals().isEmpty()) {
            line("Refused: " + proof.refusals().get(0).message());
            section(
                    "These refuse, one after the other:",
                    proof.refusals().stream().map(Refusal::toString).toList());
        }
        section(
                "No row could be made in:",
                proof.missing().stream().map(MissingRow::toString).toList());
        section("Notes:", proof.notes());
        return text.toString();
    }

    private void section(String title, List<String> entries) {
        if (!entries.isEmpty()) {
            line(title);
            entries.forEach(entry -> line("  - " + entry));
        }
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }
}
