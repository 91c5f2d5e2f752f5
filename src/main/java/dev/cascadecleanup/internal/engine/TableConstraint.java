package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One constraint of a table, as the catalog has it at this moment.
 *
 * @param oid its OID, which on CockroachDB changes with its name
 * @param name its name
 * @param definition what it says, or null if it is no foreign key
 */
public record TableConstraint(
        long oid, String name, @Nullable ForeignKeyDefinition definition) {

    /** Whether it is this foreign key, validated or not. */
    public boolean isExceptValidation(ForeignKeyDefinition other) {
        return definition != null && definition.equalsExceptValidation(other);
    }

    /** Whether it connects the same columns, whatever its actions. */
    public boolean connectsSameColumns(ForeignKeyDefinition other) {
        return definition != null
                && definition.columns().equals(other.columns())
                && definition.referencedTable().equals(other.referencedTable())
                && definition.referencedColumns().equals(other.referencedColumns())
                && Objects.equals(definition.match(), other.match());
    }

    public boolean isValidated() {
        return definition != null && definition.validated();
    }

    /** {@code ON DELETE CASCADE, validated}. */
    public String describe() {
        if (definition == null) {
            return "not a foreign key";
        }
        return "ON DELETE " + definition.describeOnDelete() + (definition.validated() ? ", validated" : ", NOT VALID");
    }
}
