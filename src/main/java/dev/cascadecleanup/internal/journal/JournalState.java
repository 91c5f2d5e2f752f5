package dev.cascadecleanup.internal.journal;

import java.util.Locale;

/** How far the work on one foreign key has come. */
public enum JournalState {
    /** The conversion has begun. Seen by others on CockroachDB only, where it is not one transaction. */
    CONVERTING,
    /** The foreign key is what the row's after-columns say. */
    CONVERTED,
    /** The undo has begun. On PostgreSQL the foreign key is swapped then, and only its validation is still to come. */
    UNDOING,
    /** The foreign key is what the row's before-columns say. */
    UNDONE,
    /** A later row of the same migration is about the same foreign key; this one is history. */
    SUPERSEDED;

    String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    static JournalState ofStored(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** Whether work was begun and not seen to its end. */
    public boolean isUnfinished() {
        return this == CONVERTING || this == UNDOING;
    }
}
