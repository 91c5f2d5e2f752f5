package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The foreign keys that a delete on one parent may meet, by the physical tables at either end. */
final class Model {

    private final ForeignKeyGraph graph;
    private final Map<Long, Long> parents = new HashMap<>();
    /** Also filled later, and by several threads: each family is one object. */
    private final Map<Long, Family> families = new ConcurrentHashMap<>();

    private final Map<Long, List<Edge>> byReferencedHeap = new HashMap<>();
    private final Map<Long, List<Edge>> byChild = new HashMap<>();
    private final List<Edge> edges = new ArrayList<>();

    /**
     * @param graph the foreign keys
     * @param definitions what each is like in the schema that is asked about
     * @param facts operators and triggers
     */
    Model(ForeignKeyGraph graph, Function<ForeignKey, ForeignKeyDefinition> definitions, KeyFacts facts) {
        this.graph = graph;
        graph.descendants()
                .forEach((parent, children) -> children.forEach(child -> {
                    Table table = graph.tables().get(child);
                    if (table != null && table.partition()) {
                        parents.put(child, parent);
                    }
                }));
        for (ForeignKey fk :
                graph.foreignKeys().stream().sorted(ForeignKey.BY_NAME).toList()) {
            ForeignKeyDefinition definition = definitions.apply(fk);
            Edge edge = new Edge(
                    fk,
                    definition,
                    family(fk.table()),
                    family(fk.referencedTable()),
                    heaps(fk.table()).keySet(),
                    heaps(fk.referencedTable()).keySet(),
                    facts.comparisons(fk),
                    facts.triggers(fk, definition),
                    definition.enforced() && works(fk, "ON_DELETE", facts.replica()),
                    definition.enforced() && works(fk, "CHECK_UPDATE", facts.replica()));
            edges.add(edge);
            byChild.computeIfAbsent(edge.child().oid(), oid -> new ArrayList<>())
                    .add(edge);
            edge.referencedHeaps()
                    .forEach(heap -> byReferencedHeap
                            .computeIfAbsent(heap, oid -> new ArrayList<>())
                            .add(edge));
        }
    }

    /** As pg_trigger.tgenabled says: A always, R in a session of replication, D never, otherwise in every other session. */
    private static boolean works(ForeignKey fk, String role, boolean replica) {
        boolean always = fk.triggerStates().contains(role + "=A");
        boolean inReplica = fk.triggerStates().contains(role + "=R");
        boolean never = fk.triggerStates().contains(role + "=D");
        return replica ? always || inReplica : !inReplica && !never;
    }

    List<Edge> edges() {
        return edges;
    }

    /** The foreign keys that reference rows of this physical table. */
    List<Edge> on(long heap) {
        return byReferencedHeap.getOrDefault(heap, List.of());
    }

    /** The foreign keys of the rows of a family, by table and name. */
    List<Edge> of(Family family) {
        return byChild.getOrDefault(family.oid(), List.of());
    }

    /** The family that a table or partition belongs to. */
    Family family(Table table) {
        long oid = table.oid();
        for (Long parent = parents.get(oid); parent != null; parent = parents.get(oid)) {
            oid = parent;
        }
        Table root = graph.tableByOid(oid);
        return families.computeIfAbsent(oid, key -> new Family(root, heaps(root)));
    }

    /** The families of a parent and of its inheritance children, on which a DELETE works too. */
    List<Family> sources(Table parent) {
        Map<Long, Family> sources = new LinkedHashMap<>();
        graph.withDescendants(parent).forEach(table -> sources.put(family(table).oid(), family(table)));
        return List.copyOf(sources.values());
    }

    /** Every family that a delete from these may have to do with: reached, detached or asked. */
    List<Family> within(Collection<Family> sources) {
        Set<Family> reached = new LinkedHashSet<>(sources);
        Set<Family> all = new LinkedHashSet<>(sources);
        Deque<Family> open = new ArrayDeque<>(sources);
        while (!open.isEmpty()) {
            for (long heap : open.poll().heaps().keySet()) {
                for (Edge edge : on(heap)) {
                    all.add(edge.child());
                    if (edge.cascades() && reached.add(edge.child())) {
                        open.add(edge.child());
                    }
                }
            }
        }
        return List.copyOf(all);
    }

    /** The partitions of a partitioned table that hold rows, else the table itself. */
    private Map<Long, Table> heaps(Table table) {
        if (table.kind() != TableKind.PARTITIONED_TABLE) {
            return Map.of(table.oid(), table);
        }
        Map<Long, Table> heaps = new LinkedHashMap<>();
        for (Table each : graph.withDescendants(table)) {
            if (each.kind() != TableKind.PARTITIONED_TABLE) {
                heaps.put(each.oid(), each);
            }
        }
        return heaps;
    }

    /** The partitions of a family that are read by their own names, so that their own privileges and policies count. */
    Set<Long> readAlone(Family family) {
        Set<Long> alone = new LinkedHashSet<>();
        family.heaps().keySet().stream().filter(heap -> !on(heap).isEmpty()).forEach(alone::add);
        for (Edge edge : edges) {
            if (edge.child() == family) {
                alone.add(edge.fk().table().oid());
            }
            if (edge.referenced() == family) {
                alone.add(edge.fk().referencedTable().oid());
            }
        }
        alone.remove(family.oid());
        return alone;
    }

    /** Whether two foreign keys share a column of one row. */
    static boolean overlap(Collection<String> columns, Collection<String> others) {
        return !Collections.disjoint(columns, others);
    }
}
