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
 * @param judgement what becomes of each kind of row behind it
 * @param verdict the same in one word: the worst of it that is not decided
 * @param decision what an option says about it
 * @param owner whether it says whose the rows of its table are, decisions taken into account
 * @param open whether somebody has to decide about it: it can refuse, or takes rows of others, and no option covers that
 * @param referenced when the referenced rows are deleted
 * @param referencing when the referencing rows are
 * @param closedByDeferring whether a row of the deleted person would not refuse if it were checked at commit
 * @param reason why the verdict is what it is
 */
public record Link(
        ForeignKey foreignKey,
        ForeignKeyDefinition definition,
        Effect effect,
        Judgement judgement,
        Verdict verdict,
        Decision decision,
        boolean owner,
        boolean open,
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
        Objects.requireNonNull(judgement, "judgement");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(decision, "decision");
        Objects.requireNonNull(referenced, "referenced");
        Objects.requireNonNull(referencing, "referencing");
        Objects.requireNonNull(reason, "reason");
    }

    /** Whether a row that references a deleted row goes with it for certain, whatever else it references. */
    public boolean carriesForCertain() {
        return effect == Effect.DELETED
                && judgement.own() == Fate.GOES
                && judgement.ofOthers() != Fate.ANY_ORDER
                && definition.validated()
                && foreignKey.triggerStates().isEmpty();
    }

    /** What it does, and why, in a few words. */
    public String words() {
        return reason.startsWith("refuses") ? reason : verdict + ", " + reason;
    }

    @Override
    public String toString() {
        return foreignKey + " ON DELETE " + definition.describeOnDelete() + ": " + words();
    }
}
