package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import java.util.Objects;

/**
 * A foreign key on a table that a delete reaches, and what it then does.
 *
 * @param foreignKey the foreign key
 * @param definition its definition: as it is, or as a plan would make it
 * @param effect what it does to the referencing rows
 * @param verdict whether it refuses the delete, among the rows of one parent row
 * @param referenced when the referenced rows are deleted
 * @param referencing when the referencing rows are
 * @param closedByDeferring whether it would be safe if it were checked at commit
 * @param reason why the verdict is what it is
 */
public record Link(
        ForeignKey foreignKey,
        ForeignKeyDefinition definition,
        Effect effect,
        Verdict verdict,
        Depths referenced,
        Depths referencing,
        boolean closedByDeferring,
        String reason) {

    /** What happens to the referencing rows. */
    public enum Effect {
        DELETED("deleted"),
        SET_NULL("set null"),
        SET_DEFAULT("set default"),
        /** The row must be gone when this is checked, or the delete is refused. */
        CHECKED("checked"),
        /** Nothing: the foreign key is not enforced, or its trigger is switched off, and the rows are left behind. */
        LEFT_BEHIND("left behind");

        private final String words;

        Effect(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    public Link {
        Objects.requireNonNull(foreignKey, "foreignKey");
        Objects.requireNonNull(definition, "definition");
        Objects.requireNonNull(effect, "effect");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(referenced, "referenced");
        Objects.requireNonNull(referencing, "referencing");
        Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
        return foreignKey + " ON DELETE " + definition.describeOnDelete() + ": " + verdict + ", " + reason;
    }
}
