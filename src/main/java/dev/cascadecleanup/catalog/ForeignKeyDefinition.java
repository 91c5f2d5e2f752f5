package dev.cascadecleanup.catalog;

import java.util.List;
import java.util.Objects;

/**
 * Everything that {@code ADD CONSTRAINT ... FOREIGN KEY} says about a foreign key but its name and its table. Two foreign
 * keys with equal definitions on the same table behave the same.
 *
 * @param columns the referencing columns, in the order of the constraint
 * @param referencedTable the referenced table
 * @param referencedColumns the referenced columns, in the same order as {@code columns}
 * @param match MATCH SIMPLE or FULL
 * @param onDelete the action on delete
 * @param onDeleteColumns the columns of {@code SET NULL (...)} or {@code SET DEFAULT (...)} (PostgreSQL 15 and newer); empty
 *     means all of them
 * @param onUpdate the action on update
 * @param deferrability whether the check can wait
 * @param validated whether the rows that were there are known to satisfy it ({@code convalidated})
 * @param enforced whether it is enforced at all ({@code conenforced}, PostgreSQL 18 and newer; true elsewhere)
 */
public record ForeignKeyDefinition(
        List<String> columns,
        TableName referencedTable,
        List<String> referencedColumns,
        MatchType match,
        ReferentialAction onDelete,
        List<String> onDeleteColumns,
        ReferentialAction onUpdate,
        Deferrability deferrability,
        boolean validated,
        boolean enforced) {

    public ForeignKeyDefinition {
        columns = List.copyOf(columns);
        referencedColumns = List.copyOf(referencedColumns);
        onDeleteColumns = List.copyOf(onDeleteColumns);
        Objects.requireNonNull(referencedTable, "referencedTable");
        Objects.requireNonNull(match, "match");
        Objects.requireNonNull(onDelete, "onDelete");
        Objects.requireNonNull(onUpdate, "onUpdate");
        Objects.requireNonNull(deferrability, "deferrability");
        if (columns.isEmpty() || columns.size() != referencedColumns.size()) {
            throw new IllegalArgumentException(
                    "a foreign key needs as many referenced as referencing columns, at least one");
        }
    }

    /** The same with another action on delete, on all columns. */
    public ForeignKeyDefinition withOnDelete(ReferentialAction action) {
        return new ForeignKeyDefinition(
                columns,
                referencedTable,
                referencedColumns,
                match,
                action,
                List.of(),
                onUpdate,
                deferrability,
                validated,
                enforced);
    }

    /** The same with another deferrability. */
    public ForeignKeyDefinition withDeferrability(Deferrability other) {
        return new ForeignKeyDefinition(
                columns,
                referencedTable,
                referencedColumns,
                match,
                onDelete,
                onDeleteColumns,
                onUpdate,
                other,
                validated,
                enforced);
    }

    /** The same, validated or not. */
    public ForeignKeyDefinition withValidated(boolean nowValidated) {
        return new ForeignKeyDefinition(
                columns,
                referencedTable,
                referencedColumns,
                match,
                onDelete,
                onDeleteColumns,
                onUpdate,
                deferrability,
                nowValidated,
                enforced);
    }

    /** Whether the two differ at most in being validated. */
    public boolean equalsExceptValidation(ForeignKeyDefinition other) {
        return withValidated(other.validated).equals(other);
    }

    /** The action on delete with its columns, as SQL writes it but unquoted: {@code SET NULL (a, b)}. */
    public String describeOnDelete() {
        return onDeleteColumns.isEmpty()
                ? onDelete.sql()
                : onDelete.sql() + " (" + String.join(", ", onDeleteColumns) + ')';
    }
}
