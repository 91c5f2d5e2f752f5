package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table that a delete deletes rows from.
 *
 * @param table the table
 * @param entry the last hop of the shortest way from the parent, or null for the parent itself
 * @param from the OID of the reached table that this hop comes from; 0 for the parent itself
 * @param depths when its rows are deleted; bounded if every row has a guaranteed way in: hops that cascade over NOT NULL columns
 *     and are validated, enforced and not switched off
 */
public record ReachedTable(Table table, @Nullable ForeignKey entry, long from, Depths depths) {

    public ReachedTable {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(depths, "depths");
    }

    /** Whether every row goes with the parent row that it hangs on. */
    public boolean guaranteed() {
        return depths.isBounded();
    }
}
