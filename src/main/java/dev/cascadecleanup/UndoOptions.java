package dev.cascadecleanup;

import org.jspecify.annotations.Nullable;

/**
 * What to undo.
 *
 * @param version the version of the cascade migration to undo, or null for the only one in the journal
 * @param skipChanged whether to leave foreign keys alone that someone changed or dropped since, and undo the rest; otherwise the
 *     undo is refused as long as there are any
 * @param removeFromHistory whether to take the migration out of Flyway's history, where that is safe
 * @param keepIndexes whether to keep the indexes that the migration has built, which then are nobody's to drop any more
 */
public record UndoOptions(
        @Nullable String version, boolean skipChanged, boolean removeFromHistory, boolean keepIndexes) {

    /** The only cascade migration in the journal, exactly, leaving Flyway's history alone. */
    public static UndoOptions defaults() {
        return new UndoOptions(null, false, false, false);
    }

    /** The same for this version. */
    public UndoOptions withVersion(@Nullable String other) {
        return new UndoOptions(other, skipChanged, removeFromHistory, keepIndexes);
    }

    /** The same, leaving alone what changed since. */
    public UndoOptions withSkipChanged(boolean skip) {
        return new UndoOptions(version, skip, removeFromHistory, keepIndexes);
    }

    /** The same, also in Flyway's history. */
    public UndoOptions withRemoveFromHistory(boolean remove) {
        return new UndoOptions(version, skipChanged, remove, keepIndexes);
    }

    /** The same, keeping what indexes the migration has built. */
    public UndoOptions withKeepIndexes(boolean keep) {
        return new UndoOptions(version, skipChanged, removeFromHistory, keep);
    }
}
