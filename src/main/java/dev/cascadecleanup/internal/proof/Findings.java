package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.RowKind;
import dev.cascadecleanup.proof.LinkProof;
import dev.cascadecleanup.proof.MissingRow;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.proof.Refusal;
import dev.cascadecleanup.proof.TableProof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** What a proof has found out so far, and the worst that it means. Nothing that is put in makes it better again. */
final class Findings {

    private final Census census;
    private final Map<TableName, MissingRow> missing = new LinkedHashMap<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<TableProof> tables = new ArrayList<>();
    private List<LinkProof> links = List.of();
    private Map<Table, Census.Count> before = Map.of();
    private ProofReport.Verdict verdict = ProofReport.Verdict.PASSED;

    Findings(Census census) {
        this.census = census;
    }

    Census census() {
        return census;
    }

    void worsen(ProofReport.Verdict to) {
        if (to.compareTo(verdict) > 0) {
            verdict = to;
        }
    }

    void note(String note) {
        notes.add(note);
    }

    /** A note of something without which nothing is proved. */
    void notSeen(String note) {
        notes.add(note);
        worsen(ProofReport.Verdict.INCOMPLETE);
    }

    void missing(MissingRow row) {
        missing.putIfAbsent(row.table(), row);
        worsen(ProofReport.Verdict.INCOMPLETE);
    }

    void refused(Refusal refusal) {
        refusals.add(refusal);
        worsen(ProofReport.Verdict.REFUSED);
    }

    boolean isRefused() {
        return !refusals.isEmpty();
    }

    /** Whether rows refuse, remain or are lost. */
    boolean isToBeDecided() {
        return verdict.compareTo(ProofReport.Verdict.INCOMPLETE) > 0;
    }

    /** The rows of both persons before the delete. */
    void before(Map<Table, Census.Count> counts) {
        before = counts;
        noteUncounted();
    }

    Map<Table, Census.Count> before() {
        return before;
    }

    private void noteUncounted() {
        census.uncounted()
                .forEach((table, reason) -> missing(
                        new MissingRow(table.name(), "its rows cannot be counted: " + reason, null, List.of(), null)));
    }

    /** The delete did not go through: everything is as it was. */
    void untouched(ReachedTables reach) {
        tables(reach, before, table -> TableProof.Verdict.UNTOUCHED, table -> "");
    }

    /** What became of the rows that hang on one person. */
    void tables(
            ReachedTables reach,
            Map<Table, Census.Count> after,
            Function<Table, TableProof.Verdict> verdicts,
            Function<Table, String> causes) {
        noteUncounted();
        tables.clear();
        for (Table table : reach.all()) {
            Census.Count earlier = Objects.requireNonNull(before.get(table));
            Census.Count later = Objects.requireNonNull(after.get(table));
            TableProof.Verdict seen = verdicts.apply(table);
            if (seen == TableProof.Verdict.OTHER_LOST) {
                worsen(ProofReport.Verdict.TAKES_OTHERS_ROWS);
            } else if (seen == TableProof.Verdict.REMAINS && !missing.containsKey(table.name())) {
                worsen(ProofReport.Verdict.REMAINS);
            } else if (missing.containsKey(table.name())) {
                seen = TableProof.Verdict.MISSING;
            }
            tables.add(new TableProof(
                    table.name(),
                    reach.path(table),
                    earlier.erased(),
                    later.erased(),
                    earlier.other(),
                    later.other(),
                    seen,
                    causes.apply(table)));
        }
        reach.skipped()
                .forEach(table -> tables.add(
                        new TableProof(table.name(), reach.path(table), 0, 0, 0, 0, TableProof.Verdict.SKIPPED, "")));
    }

    /** What became of rows of others and of nobody. */
    void links(List<LinkProof> proofs) {
        links = proofs;
        for (LinkProof proof : proofs) {
            switch (proof.result()) {
                case NOT_SEEN -> worsen(ProofReport.Verdict.INCOMPLETE);
                case TAKES_OTHERS_ROWS -> worsen(ProofReport.Verdict.TAKES_OTHERS_ROWS);
                case REFUSED -> worsen(ProofReport.Verdict.REFUSED);
                case REMAINS -> worsen(ProofReport.Verdict.REMAINS);
                case FINE, DECIDED -> {}
            }
            if (proof.differs()) {
                worsen(ProofReport.Verdict.INCOMPLETE);
            }
        }
    }

    /** What can refuse, or take rows of others, as far as the definitions tell, and did not with the rows that were tried. */
    void judge(Predictions predictions, TrialPlan plan) {
        Set<ForeignKey> said = new HashSet<>();
        refusals.forEach(refusal -> said.addAll(refusal.foreignKeys()));
        links.stream()
                .filter(link -> link.result() != LinkProof.Result.FINE)
                .forEach(link -> said.add(link.foreignKey()));
        for (Link link : predictions.open()) {
            if (!said.contains(link.foreignKey()) && !isRuledOut(link, plan)) {
                notSeen("no row that was tried shows it, but there can be others: " + link);
            }
        }
    }

    /** Whether each kind of row that makes a link an open one cannot be. */
    private static boolean isRuledOut(Link link, TrialPlan plan) {
        return link.judgement().byKind().entrySet().stream()
                .filter(kind -> kind.getKey() != RowKind.OWN_TO_OTHERS)
                .filter(kind -> kind.getValue().mayRefuse()
                        || (kind.getKey() == RowKind.OF_OTHERS && kind.getValue() == Fate.GOES))
                .allMatch(kind -> plan.isRuledOut(link.foreignKey(), kind.getKey()));
    }

    static String because(List<String> interceptors) {
        return interceptors.isEmpty() ? "" : ", perhaps because of " + String.join(" or ", interceptors);
    }

    ProofReport.ParentProof proof(ReachedTables reach, Duration elapsed) {
        return new ProofReport.ParentProof(
                reach.parent().name(), verdict, tables, refusals, links, List.copyOf(missing.values()), notes, elapsed);
    }
}
