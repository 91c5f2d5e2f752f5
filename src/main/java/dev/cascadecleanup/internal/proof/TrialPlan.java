package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.proof.check.NullLogic;
import dev.cascadecleanup.internal.proof.row.Links;
import dev.cascadecleanup.internal.proof.row.Owner;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.RowKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows there can be beside those that hang on one person alone: for each foreign key a row of somebody else that references the
 * deleted person's, a row of the deleted person that references somebody else's, and a row that has no other reference.
 */
final class TrialPlan {

    /** Whoever named a foreign key so knows that its rows go. */
    private static final Set<Decision> SETTLED = EnumSet.of(Decision.CASCADE, Decision.ACCEPT);

    private final Links links;
    private final ReachedTables reach;
    private final Map<Long, TableShape> shapes;
    private final Predictions predictions;
    private final SharedColumns sharedColumns;
    private final Set<Trial.Label> ruledOut = new HashSet<>();
    private final Set<Trial.Label> possible = new HashSet<>();
    private final Map<Table, Set<ForeignKey>> owners = new HashMap<>();

    TrialPlan(Links links, ReachedTables reach, Map<Long, TableShape> shapes, Predictions predictions) {
        this.links = links;
        this.reach = reach;
        this.shapes = shapes;
        this.predictions = predictions;
        this.sharedColumns = new SharedColumns(links, shapes);
    }

    List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        for (Table table : reach.all()) {
            trials.addAll(trials(table));
        }
        return trials;
    }

    /** Whether shared columns or a check leave no room for such a row at all. Known once the trials are. */
    boolean isRuledOut(ForeignKey fk, RowKind kind) {
        Trial.Label label = new Trial.Label(fk, kind);
        return ruledOut.contains(label) && !possible.contains(label);
    }

    /** What a row is as seen from another of its links. */
    Optional<Trial.Label> seenFrom(ForeignKey fk, Trial trial) {
        return trial.targets().containsKey(fk) ? label(trial.table(), fk, trial.targets()) : Optional.empty();
    }

    private Collection<Trial> trials(Table table) {
        List<ForeignKey> perUser =
                links.of(table).stream().filter(links::isPerUser).toList();
        Map<Map<ForeignKey, Owner>, Trial> trials = new LinkedHashMap<>();
        boolean family = reach.family().contains(table);
        // A row with one reference belongs to whom that leads to, and has been tried.
        for (ForeignKey fk : family || perUser.size() > 1 ? perUser : List.<ForeignKey>of()) {
            add(trials, table, perUser, fk, Owner.ERASED, family ? null : Owner.OTHER);
            add(trials, table, perUser, fk, Owner.OTHER, family ? null : Owner.ERASED);
            if (!family) {
                add(trials, table, perUser, fk, Owner.ERASED, null);
            }
        }
        return trials.values();
    }

    /**
     * The row in which all links lead somewhere and, where the schema rules that out or it cannot be made, those in which only one of
     * the others does.
     *
     * @param rest where the other links lead to, or null for nowhere
     */
    private void add(
            Map<Map<ForeignKey, Owner>, Trial> trials,
            Table table,
            List<ForeignKey> perUser,
            ForeignKey first,
            Owner target,
            @Nullable Owner rest) {
        List<Map<ForeignKey, Owner>> shapesOfRow = new ArrayList<>();
        shapesOfRow.add(targets(table, perUser, first, target, rest, perUser));
        for (ForeignKey other : rest == null ? List.<ForeignKey>of() : perUser) {
            shapesOfRow.add(targets(table, perUser, first, target, rest, List.of(other)));
        }
        Map<Trial.Label, List<Map<ForeignKey, Owner>>> byLabel = new LinkedHashMap<>();
        for (Map<ForeignKey, Owner> targets : shapesOfRow) {
            Optional<Trial.Label> label = targets.isEmpty() ? Optional.empty() : label(table, first, targets);
            if (label.isPresent() && isPossible(table, perUser, targets)) {
                byLabel.computeIfAbsent(label.get(), key -> new ArrayList<>()).add(targets);
            } else {
                label.ifPresent(ruledOut::add);
            }
        }
        possible.addAll(byLabel.keySet());
        byLabel.forEach((label, ways) -> trials.computeIfAbsent(ways.get(0), key -> new Trial(table, first, ways))
                .labels()
                .add(label));
    }

    /** Empty if a link that must lead somewhere would lead nowhere. */
    private Map<ForeignKey, Owner> targets(
            Table table,
            List<ForeignKey> perUser,
            ForeignKey first,
            Owner target,
            @Nullable Owner rest,
            List<ForeignKey> others) {
        Map<ForeignKey, Owner> targets = new LinkedHashMap<>();
        boolean family = reach.family().contains(table);
        for (ForeignKey fk : perUser) {
            boolean mandatory = TableShape.of(shapes, table.oid()).allNotNull(fk.columns());
            if (isTwin(fk, first)) {
                targets.put(fk, target);
            } else if (rest != null && (mandatory || others.stream().anyMatch(other -> isTwin(fk, other)))) {
                targets.put(fk, rest);
            } else if (mandatory && family) {
                targets.put(fk, Owner.OTHER);
            } else if (mandatory) {
                return Map.of();
            }
        }
        return targets;
    }

    /** What has the same columns cannot lead anywhere else. */
    private static boolean isTwin(ForeignKey fk, ForeignKey other) {
        return fk.equals(other)
                || (fk.columns().equals(other.columns()) && fk.referencedTable().equals(other.referencedTable()));
    }

    /** Whether neither shared columns nor a check on what is NULL rules the row out. */
    private boolean isPossible(Table table, List<ForeignKey> perUser, Map<ForeignKey, Owner> targets) {
        for (ForeignKey fk : targets.keySet()) {
            for (ForeignKey other : targets.keySet()) {
                if (targets.get(fk) != targets.get(other) && sharedColumns.bindTogether(fk, other)) {
                    return false;
                }
            }
        }
        Map<String, Boolean> nulls = new HashMap<>();
        TableShape shape = TableShape.of(shapes, table.oid());
        perUser.stream()
                .filter(fk -> !targets.containsKey(fk) && fk.columns().size() == 1)
                .forEach(fk -> nulls.put(fk.columns().get(0), true));
        targets.keySet().forEach(fk -> fk.columns().forEach(column -> nulls.put(column, false)));
        return shape.checks().stream().noneMatch(check -> NullLogic.isFalse(check.condition(), nulls));
    }

    private Set<ForeignKey> owners(Table table) {
        return owners.computeIfAbsent(
                table,
                key -> predictions.owners(
                        links.of(key).stream().filter(links::isPerUser).toList(), reach.family()));
    }

    /** Whether somebody else still loses something if the row goes, after what has been decided. */
    boolean isStillSomebodyElses(Trial trial) {
        if (reach.family().contains(trial.table())) {
            return true;
        }
        boolean owned = trial.targets().keySet().stream().anyMatch(owners(trial.table())::contains);
        List<ForeignKey> others = trial.targets().keySet().stream()
                .filter(fk -> !trial.hangsOnErased(fk))
                .toList();
        return owned
                ? others.stream().anyMatch(predictions::owner)
                : predictions.cascading(others).stream().anyMatch(fk -> !SETTLED.contains(predictions.decision(fk)));
    }

    /** Whose such a row is, as seen from this link; empty if it is somebody else's and leads to somebody else's. */
    private Optional<Trial.Label> label(Table table, ForeignKey first, Map<ForeignKey, Owner> targets) {
        boolean erased = false;
        boolean other = false;
        if (reach.family().contains(table)) {
            erased = targets.get(first) == Owner.OTHER;
            other = !erased;
        } else {
            // A row that leads nowhere over what owns its table belongs to whom it goes with.
            Set<ForeignKey> owners = new HashSet<>(owners(table));
            owners.retainAll(targets.keySet());
            if (owners.isEmpty()) {
                owners.addAll(predictions.cascading(targets.keySet()));
            }
            for (Map.Entry<ForeignKey, Owner> target : targets.entrySet()) {
                if (owners.contains(target.getKey())) {
                    erased |= target.getValue() == Owner.ERASED;
                    other |= target.getValue() == Owner.OTHER;
                }
            }
        }
        if (targets.get(first) == Owner.ERASED) {
            return Optional.of(
                    new Trial.Label(first, other ? RowKind.OF_OTHERS : erased ? RowKind.OWN : RowKind.WITHOUT_OWNER));
        }
        return erased && !other ? Optional.of(new Trial.Label(first, RowKind.OWN_TO_OTHERS)) : Optional.empty();
    }
}
