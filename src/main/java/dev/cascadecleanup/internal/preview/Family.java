package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Table;
import java.util.Map;
import java.util.Objects;

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

    /** One of its physical tables. */
    Table heap(long heap) {
        return Objects.requireNonNull(heaps.get(heap));
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
