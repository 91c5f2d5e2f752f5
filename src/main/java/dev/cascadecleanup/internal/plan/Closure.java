package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Link;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the foreign keys below the direct ones that must cascade too, so that every row that hangs on a deleted row has a way into
 * the deletion.
 *
 * <p>A foreign key is converted when all of its columns are NOT NULL and nothing else takes rows of its table into the deletion. The
 * tables are taken level by level from the parent, and the first foreign key that gives a table a way in is enough. Any other one,
 * and any one of a table that has even a nullable way in, could carry the row of another user: a row that hangs on the rows of two
 * users would go with either. Those are converted only when {@code cascade_closure} names them. Each table and each foreign key is
 * looked at a fixed number of times.
 */
final class Closure {

    private final References references;
    private final Product product;
    private final Definitions definitions;
    private final Predicate<ForeignKey> mayConvert;

    /**
     * @param definitions what is decided so far; takes the conversions
     * @param mayConvert whether nothing else was decided about a foreign key
     */
    Closure(References references, Product product, Definitions definitions, Predicate<ForeignKey> mayConvert) {
        this.references = references;
        this.product = product;
        this.definitions = definitions;
        this.mayConvert = mayConvert;
    }

    /** Adds what is missing, for deletes on each of these parents, until nothing is. */
    void convert(List<Table> parents) {
        int before;
        do {
            before = definitions.conversions().size();
            for (Table parent : parents) {
                convertGuaranteed(parent);
                convertReached(parent);
            }
        } while (parents.size() > 1 && definitions.conversions().size() > before);
    }

    /** Gives tables below those that are deleted for certain a guaranteed way in. */
    private void convertGuaranteed(Table parent) {
        Set<Long> reached = reached(parent);
        Set<Long> settled = new HashSet<>(references.sources(parent));
        List<Long> level = List.copyOf(settled);
        while (!level.isEmpty()) {
            Set<Long> next = new LinkedHashSet<>();
            for (long oid : level) {
                for (ForeignKey fk : references.on(oid)) {
                    if (definitions.carriesEveryRow(fk)) {
                        next.add(references.root(fk.table()));
                    }
                }
            }
            for (ForeignKey fk : inNameOrder(level)) {
                long child = references.root(fk.table());
                if (!reached.contains(child)
                        && !settled.contains(child)
                        && !next.contains(child)
                        && isCandidate(fk)
                        && definitions.wouldCarryEveryRow(fk)) {
                    definitions.convert(Conversion.toAction(fk, ReferentialAction.CASCADE));
                    next.add(child);
                }
            }
            next.removeAll(settled);
            settled.addAll(next);
            level = List.copyOf(next);
        }
    }

    /** Rows that are deleted only sometimes must be able to take the rows along that hang on nothing else. */
    private void convertReached(Table parent) {
        Set<Long> reached = reached(parent);
        Deque<Long> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            for (ForeignKey fk : references.on(open.poll())) {
                long child = references.root(fk.table());
                if ((!reached.contains(child) && isCandidate(fk)) || (hasCascadingTwin(fk) && isWithoutPolicy(fk))) {
                    definitions.convert(Conversion.toAction(fk, ReferentialAction.CASCADE));
                }
                if (definitions.deletes(fk) && reached.add(child)) {
                    open.add(child);
                }
            }
        }
    }

    /** The tables with a way in, guaranteed or not. */
    private Set<Long> reached(Table parent) {
        return new HashSet<>(new ReachFinder(references, product, definitions, fk -> Decision.NONE).reached(parent));
    }

    private List<ForeignKey> inNameOrder(List<Long> level) {
        return level.stream()
                .flatMap(oid -> references.on(oid).stream())
                .sorted(ForeignKey.BY_NAME)
                .toList();
    }

    /** On PostgreSQL the twin whose trigger sorts first would win; both take the same rows. */
    private boolean hasCascadingTwin(ForeignKey fk) {
        return product == Product.POSTGRESQL
                && references.overlapping(fk, definitions, EnumSet.of(ReferentialAction.CASCADE)).stream()
                        .anyMatch(other -> fk.referencesTheSameRow(other));
    }

    private boolean isCandidate(ForeignKey fk) {
        return fk.nullableColumns().isEmpty() && isWithoutPolicy(fk);
    }

    private boolean isWithoutPolicy(ForeignKey fk) {
        return definitions.effect(fk) == Link.Effect.CHECKED && !fk.temporal() && mayConvert.test(fk);
    }
}
