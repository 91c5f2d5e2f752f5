package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The foreign keys of a graph by the table at either end, each found without a search. A partition stands for its partitioned table:
 * a row is in one of the two however it is looked at. Inheritance children do not: a cascade leaves them alone.
 */
final class References {

    private final ForeignKeyGraph graph;
    private final List<ForeignKey> foreignKeys = new ArrayList<>();
    private final Map<Long, Long> roots = new HashMap<>();
    private final Map<Long, List<ForeignKey>> byReferenced = new HashMap<>();
    private final Map<Long, List<ForeignKey>> byReferencing = new HashMap<>();
    private final Map<ForeignKey, List<ForeignKey>> sharingColumns = new IdentityHashMap<>();

    References(ForeignKeyGraph graph) {
        this.graph = graph;
        graph.descendants()
                .forEach((parent, children) -> children.forEach(child -> {
                    Table table = graph.tables().get(child);
                    if (table != null && table.partition()) {
                        roots.put(child, parent);
                    }
                }));
        foreignKeys.addAll(TemporaryNames.withoutStandIns(graph));
        foreignKeys.sort(ForeignKey.BY_NAME.thenComparing(Comparator.comparingLong(ForeignKey::oid)));
        for (ForeignKey fk : foreignKeys) {
            byReferenced
                    .computeIfAbsent(root(fk.referencedTable()), oid -> new ArrayList<>())
                    .add(fk);
            byReferencing
                    .computeIfAbsent(root(fk.table()), oid -> new ArrayList<>())
                    .add(fk);
        }
        byReferencing.values().forEach(this::noteSharedColumns);
    }

    /** The OID of the table, or of the table that it is a partition of. */
    long root(Table table) {
        long oid = table.oid();
        if (roots.isEmpty()) {
            return oid;
        }
        for (Long parent = roots.get(oid); parent != null; parent = roots.get(oid)) {
            oid = parent;
        }
        return oid;
    }

    /** The table with this OID. */
    Table table(long oid) {
        return graph.tableByOid(oid);
    }

    /** Where the delete begins: the parent with its partitions and inheritance children, which one DELETE covers. */
    Set<Long> sources(Table parent) {
        Set<Long> sources = new LinkedHashSet<>();
        graph.withDescendants(parent).forEach(table -> sources.add(root(table)));
        return sources;
    }

    /** The foreign keys on these tables or on partitions of them, by table and name. */
    List<ForeignKey> onAny(Set<Long> roots) {
        return foreignKeys.stream()
                .filter(fk -> roots.contains(root(fk.referencedTable())))
                .toList();
    }

    /** The foreign keys on a table or on a partition of it, by table and name. */
    List<ForeignKey> on(long root) {
        return byReferenced.getOrDefault(root, List.of());
    }

    /** The foreign keys of a table and of its partitions, by table and name. */
    List<ForeignKey> of(long root) {
        return byReferencing.getOrDefault(root, List.of());
    }

    /** Other foreign keys of the same table with one of the same columns and an action among these. */
    List<ForeignKey> overlapping(ForeignKey fk, Definitions definitions, Set<ReferentialAction> actions) {
        List<ForeignKey> sharing = sharingColumns.get(fk);
        return sharing == null
                ? List.of()
                : sharing.stream()
                        .filter(other -> actions.contains(definitions.of(other).onDelete()))
                        .toList();
    }

    private void noteSharedColumns(List<ForeignKey> ofTable) {
        for (ForeignKey fk : ofTable) {
            for (ForeignKey other : ofTable) {
                if (other != fk && !Collections.disjoint(other.columns(), fk.columns())) {
                    sharingColumns.computeIfAbsent(fk, key -> new ArrayList<>()).add(other);
                }
            }
        }
    }

    /** The foreign keys that a delete could come by if each of them cascaded, without those on the sources themselves. */
    List<ForeignKey> below(Set<Long> sources) {
        List<ForeignKey> below = new ArrayList<>();
        Set<Long> seen = new HashSet<>(sources);
        Deque<Long> open = new ArrayDeque<>(sources);
        while (!open.isEmpty()) {
            long oid = open.poll();
            if (!sources.contains(oid)) {
                below.addAll(on(oid));
            }
            for (ForeignKey fk : on(oid)) {
                if (seen.add(root(fk.table()))) {
                    open.add(root(fk.table()));
                }
            }
        }
        below.sort(ForeignKey.BY_NAME);
        return below;
    }
}
