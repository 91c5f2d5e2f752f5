package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.ReferentialAction;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A foreign key that is to become another one under the same name. It serves both directions: the migration turns what it
 * finds into CASCADE, the undo turns that back into what the journal has.
 *
 * @param foreignKey the foreign key as it is
 * @param target what it is to be; whether it is {@code validated} says whether it should be so in the end
 * @param triggerStates the states that its triggers are to have, as {@link ForeignKey#triggerStates()} writes them
 * @param comment the comment that it is to have, or null
 */
public record Conversion(
        ForeignKey foreignKey,
        ForeignKeyDefinition target,
        List<String> triggerStates,
        @Nullable String comment) {

    public Conversion {
        Objects.requireNonNull(foreignKey, "foreignKey");
        Objects.requireNonNull(target, "target");
        triggerStates = List.copyOf(triggerStates);
    }

    /** The same foreign key with another action on delete and all else kept. */
    public static Conversion toAction(ForeignKey foreignKey, ReferentialAction onDelete) {
        return keepingTheRest(foreignKey, foreignKey.definition().withOnDelete(onDelete));
    }

    /** The same foreign key, checked at commit. */
    public static Conversion toInitiallyDeferred(ForeignKey foreignKey) {
        return keepingTheRest(foreignKey, foreignKey.definition().withDeferrability(Deferrability.INITIALLY_DEFERRED));
    }

    /** The same foreign key with ON DELETE CASCADE, its rows checked at commit when they are written. */
    public static Conversion toDeferredCascade(ForeignKey foreignKey) {
        return keepingTheRest(
                foreignKey,
                foreignKey
                        .definition()
                        .withOnDelete(ReferentialAction.CASCADE)
                        .withDeferrability(Deferrability.INITIALLY_DEFERRED));
    }

    private static Conversion keepingTheRest(ForeignKey foreignKey, ForeignKeyDefinition target) {
        return new Conversion(foreignKey, target, foreignKey.triggerStates(), foreignKey.comment());
    }

    /** The way back, from a foreign key that this has made. */
    public Conversion inverse() {
        ForeignKey converted = new ForeignKey(
                foreignKey.oid(),
                foreignKey.name(),
                foreignKey.table(),
                foreignKey.referencedTable(),
                target,
                foreignKey.nullableColumns(),
                foreignKey.nullRules(),
                foreignKey.generatedColumns(),
                foreignKey.temporal(),
                foreignKey.indexed(),
                triggerStates,
                comment);
        return new Conversion(converted, foreignKey.definition(), foreignKey.triggerStates(), foreignKey.comment());
    }

    /** {@code NO ACTION -> CASCADE}, or whatever else changes. */
    public String describeChange() {
        ForeignKeyDefinition before = foreignKey.definition();
        if (before.deferrability() != target.deferrability()) {
            return before.describeOnDelete() + ' ' + before.deferrability().sql() + " -> " + target.describeOnDelete()
                    + ' ' + target.deferrability().sql();
        }
        return before.describeOnDelete() + " -> " + target.describeOnDelete();
    }

    @Override
    public String toString() {
        return foreignKey + ": ON DELETE " + describeChange();
    }
}
