package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Some rows of a physical table that go.
 *
 * @param heap the physical table
 * @param ids the rows, each once
 * @param deletes with which DELETEs each of them goes; empty where there is only one, number 0
 */
record Chunk(Table heap, List<String> ids, Map<String, int[]> deletes) {

    private static final int[] THE_ONE = {0};

    /** The numbers of the DELETEs with which a row of it goes. */
    int[] deletes(String id) {
        return deletes.isEmpty() ? THE_ONE : Objects.requireNonNull(deletes.get(id));
    }
}
