package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * All foreign keys of a graph by the table at either end, half-converted ones too, and how far a delete may reach by them. A partition
 * stands for its partitioned table; tables are told apart by the OID of that one.
 */
final class Relations {

    private final ForeignKeyGraph graph;
    private final Map<Long, Long> roots = new HashMap<>();
    private final Map<Long, List<ForeignKey>> on = new HashMap<>();
    private final Map<Long, List<ForeignKey>> of = new HashMap<>();
    private final Set<Long> sources = new LinkedHashSet<>();
    /** The fewest cascades after which a row of a table can be deleted. */
    private final Map<Long, Integer> shallowest = new LinkedHashMap<>();

    Relations(ForeignKeyGraph graph, Table parent) {
        this.graph = graph;
        graph.descendants()
                .forEach((ancestor, children) -> children.forEach(child -> {
                    Table table = graph.tables().get(child);
                    if (table != null && table.partition()) {
                        roots.put(child, ancestor);
                    }
                }));
        graph.foreignKeys().stream().sorted(ForeignKey.BY_NAME).forEach(fk -> {
            on.computeIfAbsent(root(fk.referencedTable()), oid -> new ArrayList<>())
                    .add(fk);
            of.computeIfAbsent(root(fk.table()), oid -> new ArrayList<>()).add(fk);
        });
        // One DELETE on the parent covers its inheritance children, too.
        graph.withDescendants(parent).forEach(table -> sources.add(root(table)));
        follow();
    }

    private void follow() {
        Deque<Long> open = new ArrayDeque<>(sources);
        sources.forEach(source -> shallowest.put(source, 0));
        while (!open.isEmpty()) {
            long referenced = open.poll();
            for (ForeignKey fk : on(referenced)) {
                // Switched off or not enforced as well: what may be reached is taken rather too wide.
                if (fk.onDelete() == ReferentialAction.CASCADE
                        && shallowest.putIfAbsent(root(fk.table()), shallowest(referenced) + 1) == null) {
                    open.add(root(fk.table()));
                }
            }
        }
    }

    /** The OID of the table, or of the table that it is a partition of. */
    long root(Table table) {
        long oid = table.oid();
        for (Long ancestor = roots.get(oid); ancestor != null; ancestor = roots.get(oid)) {
            oid = ancestor;
        }
        return oid;
    }

    Table table(long root) {
        return graph.tableByOid(root);
    }

    /** The table with its partitions, at any depth; not those that merely inherit. */
    List<Table> family(long root) {
        return graph.withDescendants(table(root)).stream()
                .filter(table -> root(table) == root)
                .toList();
    }

    /** The foreign keys on a table or on a partition of it. */
    List<ForeignKey> on(long root) {
        return on.getOrDefault(root, List.of());
    }

    /** The foreign keys of a table and of its partitions. */
    List<ForeignKey> of(long root) {
        return of.getOrDefault(root, List.of());
    }

    /** Whether the rows of this table are people themselves. */
    boolean isSource(long root) {
        return sources.contains(root);
    }

    /** The tables that a delete may take rows from. */
    Set<Long> reached() {
        return shallowest.keySet();
    }

    boolean isReached(long root) {
        return shallowest.containsKey(root);
    }

    /** Of a table that is reached. */
    int shallowest(long root) {
        return Objects.requireNonNull(shallowest.get(root));
    }

    /** What stands between a statement and the rows of a table. */
    List<ForeignKeyGraph.Interceptor> obstacles(Table table) {
        return graph.interceptors().stream()
                .filter(each -> each.tableOid() == table.oid())
                .toList();
    }

    /** Whether there may be foreign keys on a table that the role cannot see. */
    boolean hasUnseen(long root) {
        Set<Long> family = new HashSet<>();
        family(root).forEach(table -> family.add(table.oid()));
        return graph.notSeen().stream()
                .anyMatch(unseen -> unseen.referencedTableOid() == 0 || family.contains(unseen.referencedTableOid()));
    }
}
