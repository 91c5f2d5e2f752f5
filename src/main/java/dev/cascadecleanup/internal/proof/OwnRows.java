package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.internal.proof.row.Links;
import dev.cascadecleanup.internal.proof.row.Savepoints;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.RowKind;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.proof.Refusal;
import dev.cascadecleanup.proof.TableProof;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deletes the person with all rows that hang on nobody else, and finds out who refuses. Everything is undone. */
final class OwnRows {

    private static final int MOST_REFUSALS = 200;

    private final ProofTransaction transaction;
    private final Savepoints savepoints;
    private final ReachedTables reach;
    private final Links links;
    private final Predictions predictions;
    private final Interceptors interceptors;
    private final RefusalNames names;
    private final Deletion deletion;
    private final Findings findings;

    OwnRows(
            ProofTransaction transaction,
            ReachedTables reach,
            Links links,
            Predictions predictions,
            Interceptors interceptors,
            RefusalNames names,
            Deletion deletion,
            Findings findings) {
        this.transaction = transaction;
        this.savepoints = transaction.savepoints();
        this.reach = reach;
        this.links = links;
        this.predictions = predictions;
        this.interceptors = interceptors;
        this.names = names;
        this.deletion = deletion;
        this.findings = findings;
    }

    /**
     * Everything that refuses: the first, then what refuses when the same statement also deletes the person's rows that the first
     * protects, and so on: one foreign key of each table that stands in the way. Another one of the same table may still refuse when the
     * first cascades; the next proof names it.
     *
     * @return whether the delete goes through in the end, so that there is something to try other rows with
     */
    boolean delete() throws SQLException {
        findings.untouched(reach);
        for (int i = 0; i < MOST_REFUSALS; i++) {
            Optional<SQLException> failure = savepoints.undone(this::deleteAndCount);
            if (failure.isEmpty()) {
                return true;
            }
            if (!Deletion.isRefusal(failure.get())) {
                findings.notSeen("the delete was cancelled, so that nothing is proved: "
                        + SqlErrors.describe(failure.get()).strip());
                return false;
            }
            Refusal refusal = names.of(failure.get());
            if (isOwnRowsFault(refusal)) {
                continue;
            }
            findings.refused(refusal);
            if (!deletion.stepAround(refusal)) {
                return false;
            }
        }
        findings.note("more than " + MOST_REFUSALS + " refuse; the others are not looked for");
        return false;
    }

    /** Why it was refused, if it was. */
    private Optional<SQLException> deleteAndCount() throws SQLException {
        transaction.useSessionPath();
        Savepoints.Outcome<Integer> outcome = deletion.run();
        transaction.useSystemPath();
        if (!outcome.succeeded()) {
            return Optional.of(outcome.failure());
        }
        if (outcome.value() < deletion.expected()) {
            findings.note("the DELETE reported " + outcome.value() + " rows and not " + deletion.expected()
                    + ": a trigger or rule swallowed it"
                    + Findings.because(interceptors.swallowing(reach.parent())));
            findings.worsen(ProofReport.Verdict.REMAINS);
        }
        if (!findings.isRefused()) {
            Census census = findings.census();
            Map<Table, Census.Count> after = census.take(savepoints);
            boolean remains = after.values().stream().anyMatch(count -> count.erased() > 0);
            TableVerdicts verdicts = new TableVerdicts(
                    reach, links, findings.before(), after, remains ? census.takeDangling(savepoints) : Map.of());
            findings.tables(reach, after, verdicts::of, table -> cause(table, verdicts.of(table)));
        }
        return Optional.empty();
    }

    private String cause(Table table, TableProof.Verdict verdict) {
        List<String> causes = switch (verdict) {
            case REMAINS -> new ArrayList<>(interceptors.swallowing(table));
            case OTHER_LOST -> new ArrayList<>(interceptors.onDelete(reach.perUser()));
            default -> List.of();
        };
        if (verdict == TableProof.Verdict.REMAINS && causes.isEmpty()) {
            links.of(table).stream()
                    .filter(fk -> !fk.triggerStates().isEmpty())
                    .forEach(fk -> causes.add(fk + ", whose trigger is switched off"));
        }
        return String.join(" or ", causes);
    }

    /**
     * Whether it was refused only because the deleting transaction has written the row itself; then that row is spared the update which
     * led to it, and what the foreign key does to committed rows is for the judgement to say.
     */
    private boolean isOwnRowsFault(Refusal refusal) throws SQLException {
        if (!transaction.isPostgres() || !RefusalNames.isAboutTheReferencingRow(refusal)) {
            return false;
        }
        ForeignKey fk = refusal.foreignKeys().get(0);
        if (!deletion.sparesOwnRows(fk) && !deletion.stepAround(refusal)) {
            // It happens again without such a row: somebody else writes it, while the delete runs.
            return false;
        }
        Fate fate = predictions.of(fk, RowKind.OWN);
        String note = "a row of " + fk.table().name() + " that is set to NULL before " + fk
                + " has had its turn is refused here only because the proof's own transaction has written it (PostgreSQL checks all"
                + " foreign keys of such a row again), so it was tried without what is set to NULL; with committed rows: "
                + fate;
        if (fate.mayRefuse() || interceptors.mayWriteTwice(fk.table())) {
            findings.notSeen(note);
        } else {
            findings.note(note);
        }
        return true;
    }
}
