package dev.cascadecleanup.audit;

import java.util.Objects;

/**
 * Something about the schema that makes a delete refuse, leave rows behind or take too many, or too long.
 *
 * @param kind what sort of thing it is
 * @param subject the table, column or foreign key that it is about
 * @param message what happens and why
 * @param remedy what can be done about it: a statement or an option; empty if nothing needs to be done
 */
public record Finding(Kind kind, String subject, String message, String remedy) {

    /** The sorts of things. */
    public enum Kind {
        FOREIGN_KEY_TO_PARTITION,
        FOREIGN_KEY_TO_INHERITANCE_CHILD,
        FOREIGN_KEY_OF_ONE_PARTITION,
        ROWS_IN_INHERITANCE_CHILD,
        SET_NULL_INTO_REFERENCED_COLUMN,
        SET_NULL_ON_NOT_NULL,
        SET_NULL_AGAINST_CHECK,
        ACTION_CHANGES_FROM_SET,
        SEVERAL_FOREIGN_KEYS_IN_ONE_TABLE,
        SAME_COLUMNS,
        SELF_REFERENCE,
        CYCLE,
        NOT_ENFORCED,
        TRIGGER_SWITCHED_OFF,
        NOT_VALIDATED,
        PUBLICATION,
        OWNER_WITHOUT_DELETE,
        ROLE_WITHOUT_DELETE,
        INVISIBLE_FOREIGN_KEY,
        OTHER_DATABASE,
        TRIGGER_OR_RULE,
        ROW_SECURITY,
        NO_INDEX,
        CASCADES_LIMIT,
        TRIGGER_NOT_FIRED,
        COLUMN_ORDER,
        REFERENCE_WITHOUT_FOREIGN_KEY
    }

    public Finding {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
    }

    @Override
    public String toString() {
        return subject + ": " + message + (remedy.isEmpty() ? "" : "; " + remedy);
    }
}
