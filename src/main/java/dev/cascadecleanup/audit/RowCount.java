package dev.cascadecleanup.audit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many rows refuse today.
 *
 * @param query the query that counts them, to be run by hand too
 * @param rows their number, or null if they were not counted
 * @param note why not; empty if they were
 */
public record RowCount(String query, @Nullable Long rows, String note) {

    public RowCount {
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(note, "note");
    }
}
