package dev.cascadecleanup;

import org.jspecify.annotations.Nullable;

/**
 * How a conversion ended.
 *
 * @param kind whether the foreign key is now exactly what was wanted
 * @param orphans how many rows have no referenced row, {@link #UNKNOWN} if they could not be counted; 0 unless the kind says that
 *     there may be some
 * @param orphanQuery the query that lists those rows, or null
 */
public record Outcome(Kind kind, long orphans, @Nullable String orphanQuery) {

    /** The possible ends. */
    public enum Kind {
        /** As wanted. */
        DONE,
        /** As wanted; it was not valid before, and still is not. */
        STILL_NOT_VALID,
        /** In force, but left NOT VALID because the caller asked not to validate. */
        VALIDATION_LEFT_OUT,
        /** In force, but rows that were there already violate it, so that it had to be left NOT VALID. */
        ORPHANS_FOUND,
        /** As it was: rows violate it, and the database adds no such foreign key over them, not even NOT VALID. */
        ORPHANS_IN_THE_WAY
    }

    /** The number of orphans could not be found out. */
    public static final long UNKNOWN = -1;

    /** {@code "3 rows"}, or that their number is not known. */
    public String describeOrphans() {
        return orphans == UNKNOWN ? "an unknown number of rows" : orphans + " rows";
    }

    public static Outcome done() {
        return new Outcome(Kind.DONE, 0, null);
    }
}
