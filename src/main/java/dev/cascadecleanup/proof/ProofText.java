package dev.cascadecleanup.proof;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
        section(
                "Rows remain or are lost because of:",
                proof.tables().stream()
                        .filter(table -> !table.cause().isEmpty())
                        .map(table -> table.table() + ": " + table.cause())
                        .toList());
        if (!proof.refusals().isEmpty()) {
            line("Refused: " + proof.refusals().get(0).message());
            section(
                    "These refuse, one after the other:",
                    proof.refusals().stream().map(Refusal::toString).toList());
        }
        links();
        section(
                "No row could be made in:",
                proof.missing().stream().map(MissingRow::toString).toList());
        section("Notes:", proof.notes());
        return text.toString();
    }

    /** What has to be decided or looked at, and how many others there are. */
    private void links() {
        Map<LinkProof.Result, List<LinkProof>> byResult = proof.links().stream()
                .collect(Collectors.groupingBy(LinkProof::result, TreeMap::new, Collectors.toList()));
        if (byResult.isEmpty()) {
            return;
        }
        if (!proof.refusals().isEmpty()) {
            line(
                    "The delete is refused, as said above. To see what else would happen, it was tried once more without the rows that refuse"
                            + " it:");
        }
        line("Rows of others, of nobody, and of two persons at once: "
                + byResult.entrySet().stream()
                        .map(entry -> entry.getValue().size() + " " + entry.getKey())
                        .collect(Collectors.joining(", ")));
        byResult.forEach((result, links) -> {
            if (result != LinkProof.Result.FINE && result != LinkProof.Result.DECIDED) {
                links.forEach(link -> line("  - " + link));
            }
        });
        section(
                "Not as predicted, which is an error of this library; please report it with the definitions of the tables:",
                proof.links().stream()
                        .filter(LinkProof::differs)
                        .map(link -> link.foreignKey() + ", " + link.kind() + ": predicted: " + link.predicted()
                                + ", seen: " + link.fate())
                        .toList());
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
