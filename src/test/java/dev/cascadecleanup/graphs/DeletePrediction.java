package dev.cascadecleanup.graphs;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.internal.plan.CheckTiming;
import dev.cascadecleanup.plan.Depths;
import dev.cascadecleanup.plan.Verdict;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What becomes of certain rows when one row is deleted: the rule of {@link CheckTiming} applied to rows, whose depth is exact, where
 * the library applies it to tables.
 */
final class DeletePrediction {

    enum Outcome {
        SUCCEEDS,
        REFUSED,
        /** Only the order of triggers in one pass decides. */
        EITHER
    }

    private static final Set<ReferentialAction> SETTING =
            EnumSet.of(ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT);

    private final Product product;
    private final List<ForeignKey> keys;
    private final Function<ForeignKey, ForeignKeyDefinition> definitions;
    private final Rows before;
    private final Map<String, Integer> defaults;
    private final Map<String, Integer> depths = new HashMap<>();
    private final TreeSet<String> certain = new TreeSet<>();
    private final TreeSet<String> possible = new TreeSet<>();
    private final SortedMap<String, Map<String, Integer>> after = new TreeMap<>();
    private boolean rowsUncertain;

    DeletePrediction(
            Product product,
            List<ForeignKey> keys,
            Function<ForeignKey, ForeignKeyDefinition> definitions,
            Rows before,
            Map<String, Integer> defaults,
            String deleted) {
        this.product = product;
        this.keys = keys;
        this.definitions = definitions;
        this.before = before;
        this.defaults = defaults;
        cascade(deleted);
        before.byKey().forEach((key, values) -> {
            if (!depths.containsKey(key)) {
                after.put(key, new LinkedHashMap<>(values));
            }
        });
        keys.forEach(this::apply);
        if (product == Product.POSTGRESQL) {
            before.byKey().keySet().forEach(this::checkSecondWrites);
        }
    }

    Outcome outcome() {
        if (!certain.isEmpty() && !rowsUncertain) {
            return Outcome.REFUSED;
        }
        return certain.isEmpty() && possible.isEmpty() && !rowsUncertain ? Outcome.SUCCEEDS : Outcome.EITHER;
    }

    /** The foreign keys that may be named by a refusal. */
    TreeSet<String> refusing() {
        TreeSet<String> all = new TreeSet<>(certain);
        all.addAll(possible);
        return all;
    }

    /** The rows after a delete that succeeds; null if even that depends on the order. */
    SortedMap<String, Map<String, Integer>> after() {
        return rowsUncertain ? null : after;
    }

    /** The depths of the deleted rows, by {@code table#id}. */
    Map<String, Integer> depths() {
        return depths;
    }

    /** Whether a row references, through this foreign key, a row that is deleted for certain. */
    boolean isUsed(ForeignKey fk) {
        return !rowsUncertain
                && before.byKey().keySet().stream().anyMatch(row -> isOf(fk, row) && referencedDepth(fk, row) != null);
    }

    private void cascade(String deleted) {
        Deque<String> open = new ArrayDeque<>(List.of(deleted));
        depths.put(deleted, 0);
        while (!open.isEmpty()) {
            String referenced = open.poll();
            for (ForeignKey fk : keys) {
                if (action(fk) != ReferentialAction.CASCADE) {
                    continue;
                }
                for (String row : before.byKey().keySet()) {
                    if (isOf(fk, row)
                            && referenced.equals(referenced(fk, row))
                            && depths.putIfAbsent(row, depths.get(referenced) + 1) == null) {
                        open.add(row);
                    }
                }
            }
        }
    }

    private void apply(ForeignKey fk) {
        for (String row : before.byKey().keySet()) {
            Integer referencedDepth = isOf(fk, row) ? referencedDepth(fk, row) : null;
            if (referencedDepth == null) {
                continue;
            }
            switch (action(fk)) {
                case CASCADE -> {}
                case NO_ACTION, RESTRICT -> check(fk, row, referencedDepth);
                case SET_NULL -> set(fk, row, null);
                case SET_DEFAULT -> set(fk, row, defaults.get(fk.name()));
            }
        }
    }

    private void check(ForeignKey fk, String row, int referencedDepth) {
        if (product == Product.COCKROACHDB && hasTwin(fk)) {
            return;
        }
        Verdict verdict = CheckTiming.of(product, definitions.apply(fk))
                .verdict(
                        Depths.of(referencedDepth),
                        depths.containsKey(row) ? Depths.of(depths.get(row)) : Depths.UNREACHED);
        if (verdict == Verdict.REFUSES) {
            certain.add(fk.name());
        } else if (verdict == Verdict.ORDER_DEPENDENT) {
            possible.add(fk.name());
        }
        if (verdict != Verdict.SAFE && hasTwin(fk)) {
            rowsUncertain = true;
        }
    }

    private void set(ForeignKey fk, String row, Integer value) {
        if (twins(fk).anyMatch(twin -> action(twin) != action(fk))) {
            rowsUncertain = true;
            possible.add(fk.name());
        }
        if (depths.containsKey(row) && depths.get(row) <= referencedDepth(fk, row)) {
            return;
        }
        if (value != null
                && depths.containsKey(Rows.key(fk.referencedTable().name().name(), value))) {
            // The default's row goes too; whether in time is another story.
            rowsUncertain = true;
            possible.add(fk.name());
        }
        Map<String, Integer> values = after.get(row);
        if (values != null) {
            for (int i = 0; i < fk.columns().size(); i++) {
                values.put(fk.columns().get(i), value == null ? null : i == 0 ? value : Integer.valueOf(value + 100));
            }
        }
    }

    /**
     * PostgreSQL checks every foreign key of a row that the transaction has written before: d + 2 passes after a referenced row at
     * depth d is gone, if another one went no later.
     */
    private void checkSecondWrites(String row) {
        int ownDepth = depths.getOrDefault(row, Depths.NEVER);
        List<ForeignKey> used = keys.stream()
                .filter(fk -> isOf(fk, row) && referencedDepth(fk, row) != null)
                .toList();
        List<ForeignKey> setters =
                used.stream().filter(fk -> SETTING.contains(action(fk))).toList();
        for (ForeignKey last : setters) {
            int written = referencedDepth(last, row);
            for (ForeignKey fk : used) {
                int gone = referencedDepth(fk, row);
                boolean secondWrite = setters.stream()
                        .anyMatch(first -> first != last
                                && first != fk
                                && !first.columns().equals(last.columns())
                                && referencedDepth(first, row) <= written);
                boolean atOnce = definitions.apply(fk).deferrability() != Deferrability.INITIALLY_DEFERRED;
                if (fk != last
                        && secondWrite
                        && atOnce
                        && ownDepth >= written + 2
                        && gone > written
                        && gone <= written + 2) {
                    possible.add(fk.name());
                }
            }
        }
    }

    private ReferentialAction action(ForeignKey fk) {
        return definitions.apply(fk).onDelete();
    }

    private boolean hasTwin(ForeignKey fk) {
        return twins(fk).findAny().isPresent();
    }

    /** Other foreign keys on the same columns whose action changes rows. */
    private Stream<ForeignKey> twins(ForeignKey fk) {
        return keys.stream()
                .filter(other -> other != fk
                        && other.table().equals(fk.table())
                        && other.columns().equals(fk.columns())
                        && !action(other).refuses());
    }

    private static boolean isOf(ForeignKey fk, String row) {
        return Rows.table(row).equals(fk.table().name().name());
    }

    private Integer referencedDepth(ForeignKey fk, String row) {
        String referenced = referenced(fk, row);
        return referenced == null ? null : depths.get(referenced);
    }

    private String referenced(ForeignKey fk, String row) {
        Integer id = before.byKey().get(row).get(fk.columns().get(0));
        return id == null ? null : Rows.key(fk.referencedTable().name().name(), id);
    }
}
