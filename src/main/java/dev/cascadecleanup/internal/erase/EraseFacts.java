package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.ForeignKey;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the graph of foreign keys does not say, and a drain has to know. Tables by OID.
 *
 * @param comparisons how each foreign key compares, by its OID: for each column pair the operator to write between the referenced and
 *     the referencing column. Those that cannot be written as a join are missing
 * @param onDelete triggers and rules that take part in a delete, by table, in words
 * @param onUpdate the same for an update
 * @param rowSecurity tables of which the role may not see all rows
 * @param generated tables with generated columns
 * @param primaryKeys the primary key's columns, by table; CockroachDB only, where they say which rows a step deletes
 */
record EraseFacts(
        Map<Long, List<String>> comparisons,
        Map<Long, List<String>> onDelete,
        Map<Long, List<String>> onUpdate,
        Set<Long> rowSecurity,
        Set<Long> generated,
        Map<Long, List<String>> primaryKeys) {

    EraseFacts {
        comparisons = Map.copyOf(comparisons);
        onDelete = Map.copyOf(onDelete);
        onUpdate = Map.copyOf(onUpdate);
        rowSecurity = Set.copyOf(rowSecurity);
        generated = Set.copyOf(generated);
        primaryKeys = Map.copyOf(primaryKeys);
    }

    boolean isComparable(ForeignKey fk) {
        return !fk.temporal() && comparisons.containsKey(fk.oid());
    }
}
