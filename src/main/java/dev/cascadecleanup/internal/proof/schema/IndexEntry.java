package dev.cascadecleanup.internal.proof.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to be worked out for a row's entry in an index of PostgreSQL, and can fail there: a function of somebody's may be another one than
 * when the row was written, and an entry that is new may be too long for a B-tree.
 *
 * @param name the index's name
 * @param expressions those of its columns that are expressions, with commas between, or null
 * @param predicate which rows are in it, or null for all of them
 * @param calls whether it calls functions, also by operators and casts, that did not come with the server
 * @param btree whether an entry of it can be too long, and is measured
 * @param columns its other columns, also those that are only kept with it (INCLUDE)
 * @param heaps the partitions that alone have it, by OID; none where it is the table's
 */
public record IndexEntry(
        String name,
        @Nullable String expressions,
        @Nullable String predicate,
        boolean calls,
        boolean btree,
        List<String> columns,
        List<String> heaps) {

    public IndexEntry {
        columns = List.copyOf(columns);
        heaps = List.copyOf(heaps);
    }
}
