package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.ReferentialAction;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A foreign key as the delete meets it.
 *
 * @param fk the foreign key as it is
 * @param definition its definition in the schema that is asked about
 * @param child the family of the referencing table
 * @param referenced the family of the referenced table
 * @param childHeaps the physical tables whose rows it is about: all of the family, or some partitions
 * @param referencedHeaps the physical tables whose rows it references
 * @param comparisons for each column how the referenced and the referencing value are compared
 * @param triggers the name of its trigger on delete on each physical table, which says when it works in its pass; empty where nobody can know
 * @param deletes whether it works at all when a referenced row is deleted
 * @param checks whether it works when a referencing row is updated
 */
record Edge(
        ForeignKey fk,
        ForeignKeyDefinition definition,
        Family child,
        Family referenced,
        Set<Long> childHeaps,
        Set<Long> referencedHeaps,
        List<KeyFacts.Comparison> comparisons,
        Map<Long, String> triggers,
        boolean deletes,
        boolean checks) {

    Edge {
        childHeaps = Set.copyOf(childHeaps);
        referencedHeaps = Set.copyOf(referencedHeaps);
        comparisons = List.copyOf(comparisons);
        triggers = Map.copyOf(triggers);
    }

    boolean cascades() {
        return deletes && definition.onDelete() == ReferentialAction.CASCADE;
    }

    boolean sets() {
        return deletes
                && (definition.onDelete() == ReferentialAction.SET_NULL
                        || definition.onDelete() == ReferentialAction.SET_DEFAULT);
    }

    boolean refuses() {
        return deletes && definition.onDelete().refuses();
    }

    /** The columns that SET NULL or SET DEFAULT change. */
    List<String> changed() {
        return definition.onDeleteColumns().isEmpty() ? definition.columns() : definition.onDeleteColumns();
    }

    /** Whether its checks wait for the commit. */
    boolean deferred() {
        return definition.deferrability() == Deferrability.INITIALLY_DEFERRED;
    }

    /** Whether it speaks for some partitions of its table only. */
    boolean partial() {
        return childHeaps.size() < child.heaps().size();
    }

    /** Each foreign key is one object. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
