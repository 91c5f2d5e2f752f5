package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Table;
import java.util.Map;

/**
 * A table with the physical tables that its rows are in: itself, or its partitions.
 *
 * @param root the table
 * @param heaps the physical tables by OID
 */
record Family(Table root, Map<Long, Table> heaps) {

    Family {
        heaps = Map.copyOf(heaps);
    }

    long oid() {
        return root.oid();
    }

    /** Each family is one object. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
