package dev.cascadecleanup.plan;

import java.util.Objects;

/**
 * Something that the migration does as asked, but that an operator should know before it is done.
 *
 * @param kind what sort of danger it is
 * @param subject the foreign key or table that it is about
 * @param message what will happen and what can be done instead
 */
public record Hazard(Kind kind, String subject, String message) {

    /** The sorts of danger. */
    public enum Kind {
        /** Rows that used to survive with a NULL or a default are deleted from now on. */
        ACTION_CHANGES_FROM_SET,
        /** The row of one user goes when another user is deleted. */
        SEVERAL_FOREIGN_KEYS_IN_ONE_TABLE,
        /** The row of one user goes with a row of another on which it hangs. */
        LOOSE_LINK,
        /** Every delete scans the table. */
        NO_INDEX,
        /** The rows that are there were never checked. */
        NOT_VALIDATED,
        /** A foreign key is validated although the options say not to. */
        VALIDATED_ANYWAY,
        /** A delete on the parent fails, because of a publication. */
        PUBLISHED_WITHOUT_IDENTITY,
        /** A subscriber gets the delete on the parent, but not those of the rows that go with it. */
        PUBLISHED_ALONE,
        /** Cascades happen in the catalog only: the foreign key is not enforced, or a trigger behind it is switched off. */
        NOT_EFFECTIVE,
        /** A role that may delete from the parent may not delete from the child. */
        MISSING_PRIVILEGE,
        /** A table of another database references the parent and cannot be converted from here. */
        OTHER_DATABASE,
        /** The swap also locks on standbys, where reports can hold it up. */
        STANDBY,
        /** Deletes cascade earlier than the migration's end. */
        EARLY_CASCADE,
        /** Deletes of sessions with a weaker isolation leave rows behind on this version. */
        WEAK_ISOLATION,
        /** Rows that expire by themselves take others along. */
        EXPIRING_ROWS,
        /** A cascade has to look for its rows in every region. */
        EVERY_REGION,
        /** The server ends a statement that runs more cascades than it allows. */
        CASCADES_LIMIT,
        /** Cascades of this version do not fire the trigger. */
        TRIGGER_NOT_FIRED,
        /** The columns are in another order than those of the index that they reference. */
        COLUMN_ORDER
    }

    public Hazard {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(message, "message");
    }

    @Override
    public String toString() {
        return subject + ": " + message;
    }
}
