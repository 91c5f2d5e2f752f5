package dev.cascadecleanup.internal.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a delete finds the rows of a foreign key by an index. PostgreSQL is asked about each constraint ({@link UsableIndexes}). On
 * CockroachDB an index counts when its first column is one of the foreign key's columns: the lookup that a cascade makes has an
 * equality on each of them.
 */
final class Indexes {

    private final Map<Long, Set<String>> leadingColumns = new HashMap<>();
    private final Set<Long> served = new HashSet<>();
    private final Map<Long, List<Long>> parts = new HashMap<>();
    private boolean everything;

    void add(long tableOid, String leadingColumn) {
        leadingColumns.computeIfAbsent(tableOid, oid -> new HashSet<>()).add(leadingColumn);
    }

    /** A foreign key, also one that a partition inherits, for which its own table has a usable index. */
    void addServed(long constraintOid) {
        served.add(constraintOid);
    }

    /** A foreign key that a partition inherits. */
    void addPart(long constraintOid, long partOid) {
        parts.computeIfAbsent(constraintOid, oid -> new ArrayList<>()).add(partOid);
    }

    /** For those who do not ask. */
    void serveEverything() {
        everything = true;
    }

    boolean serve(long constraintOid, long tableOid, List<String> foreignKeyColumns) {
        Set<String> leading = leadingColumns.getOrDefault(tableOid, Set.of());
        return everything || serves(constraintOid) || foreignKeyColumns.stream().anyMatch(leading::contains);
    }

    private boolean serves(long constraintOid) {
        List<Long> inherited = parts.getOrDefault(constraintOid, List.of());
        return served.contains(constraintOid)
                || (!inherited.isEmpty() && inherited.stream().allMatch(this::serves));
    }
}
