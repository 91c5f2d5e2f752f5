package dev.cascadecleanup.internal.script;

import dev.cascadecleanup.internal.journal.IndexEntry;

/**
 * An index that a script drops.
 *
 * @param entry its row of the journal
 * @param how by which statement
 */
public record DroppedIndex(IndexEntry entry, How how) {

    /** How an index goes. */
    public enum How {
        /** By a statement of its own, concurrently. */
        BY_ITSELF,
        /** That of a partitioned table, with the parts on its partitions. */
        WITH_ITS_PARTS,
        /** With the one that it is a part of. */
        WITH_ITS_PARENT
    }
}
