package dev.cascadecleanup.internal.catalog;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns an index makes quick to look up. An index counts when its first column is one of the foreign key's columns:
 * the lookup that a cascade makes has an equality on each of them.
 */
final class Indexes {

    private final Map<Long, Set<Integer>> leadingColumns = new HashMap<>();

    void add(long tableOid, int leadingColumn) {
        leadingColumns.computeIfAbsent(tableOid, oid -> new HashSet<>()).add(leadingColumn);
    }

    boolean serve(long tableOid, List<Integer> foreignKeyColumns) {
        Set<Integer> leading = leadingColumns.getOrDefault(tableOid, Set.of());
        return foreignKeyColumns.stream().anyMatch(leading::contains);
    }
}
