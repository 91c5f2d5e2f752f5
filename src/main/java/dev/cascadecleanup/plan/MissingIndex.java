package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An index that a delete would need to find its rows, and that is not there: without it every deleted row of the referenced table
 * costs a scan of the referencing one.
 *
 * @param foreignKeys the foreign keys that it would serve
 * @param table the referencing table
 * @param keys its key columns, as SQL
 * @param condition of a partial index, as SQL: that the column is not NULL, where the statistics say that most are; else null
 * @param parts the relations to build it on, in order; of a partitioned table only those partitions that lack one, where some have one
 * @param rows about how many rows the table has, or {@link #UNKNOWN}
 * @param bytes the table's size, or {@link #UNKNOWN}
 * @param estimatedBytes the index's size at most, or {@link #UNKNOWN}
 * @param statements what builds it, each to be run outside a transaction
 */
public record MissingIndex(
        List<ForeignKey> foreignKeys,
        Table table,
        List<String> keys,
        @Nullable String condition,
        List<IndexPart> parts,
        long rows,
        long bytes,
        long estimatedBytes,
        List<String> statements) {

    /** The database does not tell. */
    public static final long UNKNOWN = -1;

    public MissingIndex {
        foreignKeys = List.copyOf(foreignKeys);
        Objects.requireNonNull(table, "table");
        keys = List.copyOf(keys);
        parts = List.copyOf(parts);
        statements = List.copyOf(statements);
    }

    /** {@code table (columns)}. */
    @Override
    public String toString() {
        return table + " (" + Identifiers.displayAll(foreignKeys.get(0).columns()) + ")";
    }
}
