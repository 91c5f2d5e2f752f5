package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.Proposal;
import dev.cascadecleanup.plan.RowKind;
import dev.cascadecleanup.proof.LinkProof;
import dev.cascadecleanup.proof.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the trials show of each foreign key and kind of row: of several rows of one kind the worst. */
final class LinkProofs {

    private static final Set<Decision> COVERS_REFUSALS = EnumSet.of(Decision.KEEP, Decision.ACCEPT);
    private static final Set<Decision> COVERS_LOSSES = EnumSet.of(Decision.KEEP, Decision.ACCEPT, Decision.CASCADE);

    private final Predictions predictions;
    private final Interceptors interceptors;
    private final TrialPlan plan;
    private final Deletion deletion;
    private final boolean refused;

    /**
     * @param deletion by which they were tried
     * @param refused whether the delete of the person's own rows was refused, and had to be helped: nothing was predicted of that
     */
    LinkProofs(Predictions predictions, Interceptors interceptors, TrialPlan plan, Deletion deletion, boolean refused) {
        this.predictions = predictions;
        this.interceptors = interceptors;
        this.plan = plan;
        this.deletion = deletion;
        this.refused = refused;
    }

    List<LinkProof> of(List<Trial> trials) {
        Map<Trial.Label, LinkProof> worst = new LinkedHashMap<>();
        for (Trial trial : trials) {
            for (Trial.Label label : shown(trial)) {
                boolean noSuchRow =
                        trial.row() == null && predictions.of(label.foreignKey(), label.kind()) == Fate.NO_SUCH_ROW;
                if (!noSuchRow) {
                    worst.merge(label, proof(trial, label), (a, b) -> b.result().compareTo(a.result()) > 0 ? b : a);
                }
            }
        }
        return List.copyOf(worst.values());
    }

    /** What a row shows; where one of its links refuses, it shows that, and nothing of the others. */
    private Collection<Trial.Label> shown(Trial trial) {
        Refusal refusal = trial.refusal();
        return trial.row() != null
                        && refusal != null
                        && refusal.foreignKeys().size() == 1
                        && trial.hangsOnErased(refusal.foreignKeys().get(0))
                ? plan.seenFrom(refusal.foreignKeys().get(0), trial).stream().toList()
                : trial.labels();
    }

    private LinkProof proof(Trial trial, Trial.Label label) {
        ForeignKey fk = label.foreignKey();
        Fate expected = predictions.of(fk, label.kind());
        Fate predicted = refused ? null : expected;
        Decision decision = predictions.decision(fk);
        Refusal refusal = trial.refusal();
        Fate fate = refusal == null ? trial.fate(label) : Fate.REFUSES;
        LinkProof.Result result;
        String cause = "";
        if (trial.wasRefusedAsOwnRow()) {
            boolean known = !expected.mayRefuse() && !interceptors.mayWriteTwice(trial.table());
            result = known ? LinkProof.Result.FINE : LinkProof.Result.NOT_SEEN;
            fate = null;
            cause = "refused here only because the proof's own transaction has written the row; with committed rows: "
                    + expected;
        } else if (trial.problem() != null) {
            boolean decided = label.kind() != RowKind.OWN && COVERS_REFUSALS.contains(decision);
            result = decided ? LinkProof.Result.DECIDED : LinkProof.Result.NOT_SEEN;
            fate = null;
            cause = "no such row could be made: " + trial.problem().reason()
                    + (trial.problem().constraint() == null
                            ? ""
                            : " (" + trial.problem().constraint() + ')');
        } else if (refusal != null
                && !refused
                && !expected.mayRefuse()
                && deletion.isSteppedAround(fk.referencedTable())) {
            result = LinkProof.Result.NOT_SEEN;
            fate = null;
            cause = "refused here only because the proof deletes the person's rows of "
                    + fk.referencedTable().name() + ", which its own transaction has written; with committed rows: "
                    + expected;
        } else if (refusal != null) {
            boolean decided = label.kind() != RowKind.OWN && COVERS_REFUSALS.contains(decision);
            result = decided ? LinkProof.Result.DECIDED : LinkProof.Result.REFUSED;
            cause = by(refusal, fk);
            if (!refusal.interceptors().isEmpty()) {
                // Code that nobody can predict.
                predicted = null;
            }
        } else if (trial.dangles(label)) {
            result = LinkProof.Result.REMAINS;
            List<String> swallowing = interceptors.swallowing(trial.table());
            cause = swallowing.isEmpty()
                    ? "the foreign key did nothing: it is not enforced, or its trigger is switched off"
                    : String.join(" or ", swallowing);
        } else if (fate == Fate.GOES && label.kind() == RowKind.OF_OTHERS) {
            result = COVERS_LOSSES.contains(decision) || !plan.isStillSomebodyElses(trial)
                    ? LinkProof.Result.DECIDED
                    : LinkProof.Result.TAKES_OTHERS_ROWS;
        } else {
            result = LinkProof.Result.FINE;
        }
        return new LinkProof(fk, label.kind(), fate, predicted, result, decision, cause, decisions(fk, result));
    }

    private static String by(Refusal refusal, ForeignKey fk) {
        return refusal.interceptors().isEmpty() && refusal.foreignKeys().equals(List.of(fk)) ? "" : "by " + refusal;
    }

    /** To run the migration, if that is enough; else what the plan proposes for after it, first, and then what else would do. */
    private List<String> decisions(ForeignKey fk, LinkProof.Result result) {
        if (result.compareTo(LinkProof.Result.DECIDED) <= 0) {
            return List.of();
        }
        Optional<String> migration = predictions.closedByMigration(fk);
        if (migration.isPresent() && result != LinkProof.Result.NOT_SEEN) {
            return List.of(migration.get());
        }
        Optional<Proposal> proposal = predictions.proposal(fk);
        String entry =
                fk.table().name() + "." + Identifiers.display(fk.columns().get(0));
        List<String> decisions = new ArrayList<>();
        proposal.ifPresent(proposed -> decisions.add(proposed.toString()));
        if (result == LinkProof.Result.REFUSED && !isProposed(proposal, "cascade_closure")) {
            decisions.add("cascade_closure = " + entry + " (such rows go too)");
        }
        if (result != LinkProof.Result.NOT_SEEN
                && !fk.nullableColumns().isEmpty()
                && !isProposed(proposal, "cascade_set_null")) {
            decisions.add("cascade_set_null = " + entry + " (such rows stay, without the reference)");
        }
        if (!isProposed(proposal, "cascade_accept")) {
            decisions.add("cascade_accept = " + entry + " (leave it so, and do not count it)");
        }
        return decisions;
    }

    private static boolean isProposed(Optional<Proposal> proposal, String option) {
        return proposal.isPresent() && proposal.get().option().equals(option);
    }
}
