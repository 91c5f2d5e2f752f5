package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.proof.row.Owner;
import dev.cascadecleanup.internal.proof.row.Row;
import dev.cascadecleanup.internal.proof.row.RowFactory;
import dev.cascadecleanup.internal.proof.row.Savepoints;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.RowKind;
import dev.cascadecleanup.proof.MissingRow;
import dev.cascadecleanup.proof.Refusal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the rows that hang on several persons or on nobody, deletes the one person, and looks. Rows that nobody expects to refuse are
 * tried together, because a delete takes its time; where one refuses all the same it is found by dividing. Each one that is expected to
 * refuse has a savepoint of its own.
 */
final class Trials {

    private static final int LOOKS_PER_QUERY = 60;

    private final ProofTransaction transaction;
    private final Savepoints savepoints;
    private final ConstraintModes modes;
    private final RowFactory rows;
    private final Census census;
    private final Deletion deletion;
    private final RefusalNames names;
    private final Predictions predictions;
    private final Set<Table> lost = new LinkedHashSet<>();

    Trials(
            ProofTransaction transaction,
            ConstraintModes modes,
            RowFactory rows,
            Census census,
            Deletion deletion,
            RefusalNames names,
            Predictions predictions) {
        this.transaction = transaction;
        this.savepoints = transaction.savepoints();
        this.modes = modes;
        this.rows = rows;
        this.census = census;
        this.deletion = deletion;
        this.names = names;
        this.predictions = predictions;
    }

    /** Tables in which the other person has lost a row that hangs on nobody else. */
    Set<Table> lost() {
        return lost;
    }

    /** Finds out what becomes of each. */
    void run(List<Trial> trials) throws SQLException {
        List<Trial> together = new ArrayList<>();
        List<Trial> alone = new ArrayList<>();
        trials.forEach(trial -> (mayRefuse(trial) ? alone : together).add(trial));
        settle(together);
        for (Trial trial : alone) {
            settle(List.of(trial));
        }
        for (Trial trial : trials) {
            if (trial.problem() != null) {
                settleOtherwise(trial);
            }
        }
    }

    private boolean mayRefuse(Trial trial) {
        return trial.labels().stream()
                .anyMatch(label ->
                        predictions.of(label.foreignKey(), label.kind()).mayRefuse());
    }

    private void settle(List<Trial> trials) throws SQLException {
        if (trials.isEmpty()) {
            return;
        }
        Optional<SQLException> failure = attempt(trials, Trial.Way.INSERT);
        List<Trial> made = trials.stream().filter(trial -> trial.row() != null).toList();
        if (failure.isEmpty() || made.isEmpty()) {
            return;
        }
        if (made.size() == 1) {
            refused(made.get(0), failure.get());
            return;
        }
        Set<ForeignKey> refusing = Set.copyOf(names.of(failure.get()).foreignKeys());
        List<Trial> named = made.stream()
                .filter(trial -> refusing.stream().anyMatch(trial::hangsOnErased))
                .toList();
        if (!named.isEmpty() && named.size() < made.size()) {
            for (Trial trial : named) {
                settle(List.of(trial));
            }
            settle(made.stream().filter(trial -> !named.contains(trial)).toList());
        } else {
            settle(made.subList(0, made.size() / 2));
            settle(made.subList(made.size() / 2, made.size()));
        }
    }

    /** A row that cannot be made beside those that are there may be made for somebody else, or of one of them. */
    private void settleOtherwise(Trial trial) throws SQLException {
        MissingRow first = Objects.requireNonNull(trial.problem());
        do {
            for (Trial.Way way : Trial.Way.values()) {
                Optional<SQLException> failure = attempt(List.of(trial), way);
                if (trial.row() != null) {
                    failure.ifPresent(e -> refused(trial, e));
                    return;
                }
            }
        } while (trial.goAnotherWay());
        trial.notMade(first);
    }

    private void refused(Trial trial, SQLException e) {
        if (!Deletion.isRefusal(e)) {
            trial.notMade(new MissingRow(
                    trial.table().name(),
                    "the delete was cancelled: " + SqlErrors.describe(e).strip(),
                    null,
                    List.of(),
                    SqlStates.is(e, SqlStates.LOCK_NOT_AVAILABLE)
                            ? "somebody keeps it locked (pg_locks): end that session, or prove again when it has ended"
                            : "raise statement_timeout for the proof"));
            return;
        }
        Refusal refusal = names.of(e);
        boolean sets = trial.targets().keySet().stream()
                .anyMatch(fk -> trial.hangsOnErased(fk)
                        && (fk.onDelete() == ReferentialAction.SET_NULL
                                || fk.onDelete() == ReferentialAction.SET_DEFAULT));
        if (sets
                && RefusalNames.isAboutTheReferencingRow(refusal)
                && trial.targets().containsKey(refusal.foreignKeys().get(0))) {
            trial.refusedAsOwnRow();
        } else {
            trial.refused(refusal);
        }
    }

    /** Makes the rows, deletes, looks, and undoes it all. Rows that could not be made say so; says why the delete failed. */
    private Optional<SQLException> attempt(List<Trial> trials, Trial.Way way) throws SQLException {
        Object memory = rows.memory();
        try {
            return savepoints.undone(() -> {
                transaction.useSessionPath();
                modes.checkRowsAtOnce();
                List<Trial> made = new ArrayList<>();
                for (Trial trial : trials) {
                    make(trial, way);
                    if (trial.row() != null) {
                        made.add(trial);
                    }
                }
                if (made.isEmpty()) {
                    return Optional.empty();
                }
                modes.restore();
                Savepoints.Outcome<Integer> outcome = deletion.run();
                if (!outcome.succeeded()) {
                    return Optional.of(outcome.failure());
                }
                transaction.useSystemPath();
                look(made);
                if (way == Trial.Way.INSERT && (trials.size() > 1 || !mayRefuse(made.get(0)))) {
                    countTheOthers();
                }
                return Optional.empty();
            });
        } finally {
            deletion.spareNone();
            rows.forgetSince(memory);
        }
    }

    private void make(Trial trial, Trial.Way way) throws SQLException {
        Map<ForeignKey, Owner> targets = new HashMap<>(trial.targets());
        if (way == Trial.Way.INSERT_FOR_BYSTANDER || way == Trial.Way.UPDATE_FOR_BYSTANDER) {
            targets.replaceAll((fk, owner) -> owner == Owner.OTHER ? Owner.BYSTANDER : owner);
        }
        if (way == Trial.Way.UPDATE || way == Trial.Way.UPDATE_FOR_BYSTANDER) {
            // The row that has the one place in a unique key, wherever it is.
            List<Row> there = new ArrayList<>(rows.rows(trial.table(), Owner.ERASED));
            if (!isPersonsOwn(trial)) {
                there.addAll(rows.rows(trial.table(), Owner.OTHER));
            }
            for (Row row : there) {
                take(trial, rows.redirected(row, targets), targets);
                if (trial.row() != null) {
                    deletion.spare(row);
                    return;
                }
            }
            return;
        }
        if (isPersonsOwn(trial)) {
            trial.notMade(new MissingRow(
                    trial.table().name(), "only the person's own row can have it", null, List.of(), null));
            return;
        }

        take(trial, rows.mixed(trial.table(), targets, trial.first()), targets);
    }

    /** A row of the parent is somebody: another one beside it would be somebody else. */
    private boolean isPersonsOwn(Trial trial) {
        return deletion.isFamily(trial.table())
                && trial.labels().stream().anyMatch(label -> label.kind() == RowKind.OWN_TO_OTHERS);
    }

    private void take(Trial trial, RowFactory.Mixed mixed, Map<ForeignKey, Owner> targets) {
        Row row = mixed.row();
        if (row == null) {
            trial.notMade(Objects.requireNonNull(mixed.problem()));
            return;
        }
        Optional<ForeignKey> astray = targets.entrySet().stream()
                .filter(target -> !leadsTo(row, target.getKey(), target.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
        if (astray.isPresent()) {
            trial.notMade(new MissingRow(
                    trial.table().name(),
                    "the row that came about has another reference in it, which a trigger or a hint put there",
                    astray.get().toString(),
                    List.of(),
                    null));
        } else {
            trial.made(row);
        }
    }

    private boolean leadsTo(Row row, ForeignKey fk, Owner owner) {
        List<String> values = fk.columns().stream().map(row.values()::get).toList();
        return rows.rows(fk.referencedTable(), owner).stream()
                .anyMatch(there -> fk.definition().referencedColumns().stream()
                        .map(there.values()::get)
                        .toList()
                        .equals(values));
    }

    private void look(List<Trial> made) throws SQLException {
        List<Trial> trials = new ArrayList<>();
        List<Trial.Label> labels = new ArrayList<>();
        made.forEach(trial -> trial.labels().forEach(label -> {
            trials.add(trial);
            labels.add(label);
            trial.became(label, Fate.GOES, false);
        }));
        for (int from = 0; from < labels.size(); from += LOOKS_PER_QUERY) {
            List<String> queries = new ArrayList<>();
            for (int i = from; i < Math.min(labels.size(), from + LOOKS_PER_QUERY); i++) {
                queries.add(query(
                        i,
                        Objects.requireNonNull(trials.get(i).row()),
                        labels.get(i).foreignKey()));
            }
            Savepoints.Outcome<List<List<String>>> outcome = savepoints.query(String.join(" UNION ALL ", queries));
            if (!outcome.succeeded()) {
                String reason = "what became of it cannot be seen: "
                        + SqlErrors.describe(outcome.failure()).strip();
                for (int i = from; i < Math.min(labels.size(), from + LOOKS_PER_QUERY); i++) {
                    trials.get(i).notMade(new MissingRow(trials.get(i).table().name(), reason, null, List.of(), null));
                }
                continue;
            }
            for (List<String> found : outcome.value()) {
                int i = Integer.parseInt(found.get(0));
                boolean same = found.get(1).equals("1");
                boolean there = found.get(2).equals("1");
                trials.get(i).became(labels.get(i), same ? Fate.STAYS : Fate.DETACHED, same && !there);
            }
        }
    }

    private String query(int place, Row row, ForeignKey fk) {
        List<String> values = fk.columns().stream().map(row.values()::get).toList();
        return "SELECT " + place + " AS place, CASE WHEN " + Census.named(fk.columns(), values)
                + " THEN 1 ELSE 0 END AS same, CASE WHEN " + Census.isThere(fk, values)
                + " THEN 1 ELSE 0 END AS there FROM "
                + row.shape().table().name().quoted() + " WHERE " + census.key(row);
    }

    private void countTheOthers() throws SQLException {
        census.takeMade(savepoints).forEach((table, count) -> {
            if (count.other() < rows.rows(table, Owner.OTHER).size()) {
                lost.add(table);
            }
        });
    }
}
