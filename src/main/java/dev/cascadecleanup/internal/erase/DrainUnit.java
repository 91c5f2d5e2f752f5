package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import java.util.List;

/**
 * Rows of one table that one DELETE of the person would certainly take, and that can go before it without changing what else it does.
 *
 * @param table the table
 * @param heap where the rows are: the table itself, or one of its partitions
 * @param way the foreign keys from the parent to it; every one cascades for certain
 * @param unset of each of these foreign keys of the table at least one column has to be NULL: it might refuse the DELETE, or make it
 *     do something, before the row's own turn comes
 * @param unreferenced none of these foreign keys may lead to the row
 */
record DrainUnit(Table table, Table heap, List<ForeignKey> way, List<ForeignKey> unset, List<ForeignKey> unreferenced) {

    private static final int WEIGHT_OF_A_QUERY = 10;

    DrainUnit {
        way = List.copyOf(way);
        unset = List.copyOf(unset);
        unreferenced = List.copyOf(unreferenced);
    }

    /** Whether its rows reference the parent's. */
    boolean isDirect() {
        return way.size() == 1;
    }

    /** What one row costs in terms of one that nothing can reference: for each such foreign key the server runs a query of its own. */
    int weight() {
        return 1 + WEIGHT_OF_A_QUERY * unreferenced.size();
    }
}
