package dev.cascadecleanup.internal.proof.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to be worked out for a row's entry in an index of PostgreSQL, and can fail there: a function of somebody's may be another one than
 * when the row was written, and a row that comes into a partial B-tree may be too long for it.
 *
 * @param name the index's name
 * @param expressions those of its columns that are expressions, with commas between, or null
 * @param predicate which rows are in it, or null for all of them
 * @param calls whether it calls functions, also by operators and casts, that did not come with the server
 * @param wide its columns, also those that are only kept with it (INCLUDE), whose values can be long; none where every row is in it
 */
public record IndexEntry(
        String name, @Nullable String expressions, @Nullable String predicate, boolean calls, List<String> wide) {

    public IndexEntry {
        wide = List.copyOf(wide);
    }
}
