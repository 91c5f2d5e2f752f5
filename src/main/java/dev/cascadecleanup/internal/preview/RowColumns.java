package dev.cascadecleanup.internal.preview;

import org.jspecify.annotations.Nullable;

/** What the columns of a table say to being set to NULL or to their default. */
interface RowColumns {

    /** Whether it refuses NULL. */
    boolean notNull(String column);

    /** Whether it has a default that is not NULL. */
    boolean hasDefault(String column);

    /** Why nobody can say what becomes of it; null if one can. */
    @Nullable
    String doubt(String column, boolean toDefault);
}
