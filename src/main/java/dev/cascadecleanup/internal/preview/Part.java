package dev.cascadecleanup.internal.preview;

import org.jspecify.annotations.Nullable;

/**
 * A foreign key of one row and what becomes of the row that it references.
 *
 * @param edge the foreign key
 * @param gone the pass in which the referenced row goes, or {@link #STAYS}, {@link #NOTHING} or {@link #ORPHAN}
 * @param target which row it is: parts with the same number reference the same one
 * @param defaultGone the same as {@code gone} for the row that the columns' defaults reference
 * @param defaultIsSame whether that is the row that is referenced already
 * @param trigger the name of the foreign key's trigger on the physical table of that row; null where nobody can know
 */
record Part(
        Edge edge,
        int gone,
        int target,
        int defaultGone,
        boolean defaultIsSame,
        @Nullable String trigger) {

    /** It references nothing: NULL. */
    static final int NOTHING = -1;
    /** The referenced row stays. */
    static final int STAYS = -2;
    /** It references a row that is not there, which a foreign key can that is NOT VALID. */
    static final int ORPHAN = -3;

    static Part of(Edge edge, int gone, int target, @Nullable String trigger) {
        return new Part(edge, gone, target, NOTHING, false, trigger);
    }
}
