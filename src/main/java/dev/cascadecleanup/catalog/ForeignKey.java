package dev.cascadecleanup.catalog;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A foreign key as the catalog has it. Constraints that a partition merely inherits are not listed: they follow the one of
 * the partitioned table.
 *
 * @param oid the constraint's OID. CockroachDB gives a new one on a rename, both databases when it is dropped and added
 * @param name the constraint's name, unique within its table only
 * @param table the referencing table
 * @param referencedTable the referenced table
 * @param definition everything else that SQL can say about it
 * @param nullableColumns those of its columns that may be NULL in some row
 * @param nullRules what happens when a column is set to NULL
 * @param generatedColumns those of its columns that are generated and can therefore not be set to NULL
 * @param temporal whether it is a {@code PERIOD} foreign key (PostgreSQL 18), which can only be NO ACTION
 * @param indexed whether an index lets a delete find the referencing rows without a scan
 * @param triggerStates its triggers that are not simply enabled, as {@code CHECK_INSERT=D}, for those of a partition's constraint
 *     followed by {@code " on "} and the partition; empty for an ordinary foreign key
 * @param comment the constraint's comment, or null
 */
public record ForeignKey(
        long oid,
        String name,
        Table table,
        Table referencedTable,
        ForeignKeyDefinition definition,
        Set<String> nullableColumns,
        NullRules nullRules,
        Set<String> generatedColumns,
        boolean temporal,
        boolean indexed,
        List<String> triggerStates,
        @Nullable String comment) {

    public static final String OF_PARTITION = " on ";

    /** By table, then name. */
    public static final Comparator<ForeignKey> BY_NAME =
            Comparator.<ForeignKey, TableName>comparing(fk -> fk.table().name()).thenComparing(ForeignKey::name);

    public ForeignKey {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(referencedTable, "referencedTable");
        Objects.requireNonNull(definition, "definition");
        Objects.requireNonNull(nullRules, "nullRules");
        nullableColumns = Set.copyOf(nullableColumns);
        generatedColumns = Set.copyOf(generatedColumns);
        triggerStates = List.copyOf(triggerStates);
    }

    /** The referencing columns. */
    public List<String> columns() {
        return definition.columns();
    }

    /** The action on delete. */
    public ReferentialAction onDelete() {
        return definition.onDelete();
    }

    /** Whether another one of the same table has the same columns, and so references the same row. */
    public boolean referencesTheSameRow(ForeignKey other) {
        return referencedTable.equals(other.referencedTable)
                && columns().equals(other.columns())
                && definition.referencedColumns().equals(other.definition.referencedColumns());
    }

    /** Whether deleting a referenced row deletes the referencing rows for certain: enforced, and no trigger switched off. */
    public boolean cascades() {
        return definition.onDelete() == ReferentialAction.CASCADE && definition.enforced() && triggerStates.isEmpty();
    }

    /** Whether, on a partition of the referenced table, nothing happens to the rows that reference a deleted one. */
    public boolean leavesBehindOnPartitions() {
        return triggerStates.stream()
                .anyMatch(state -> state.startsWith("ON_DELETE=D" + OF_PARTITION)
                        || state.startsWith("ON_DELETE=R" + OF_PARTITION));
    }

    /** Whether a trigger is not simply enabled that belongs to the constraint of a partition. */
    public boolean switchedOnPartitions() {
        return triggerStates.stream().anyMatch(state -> state.contains(OF_PARTITION));
    }

    /** {@code table.constraint}, as messages and the {@code cascade_keep} option write it. */
    public String qualifiedName() {
        return table.name() + "." + Identifiers.display(name);
    }

    /** {@code table.constraint (columns) -> referenced(columns)}. */
    @Override
    public String toString() {
        return qualifiedName() + " (" + Identifiers.displayAll(columns()) + ") -> " + referencedTable.name() + '('
                + Identifiers.displayAll(definition.referencedColumns()) + ')';
    }
}
