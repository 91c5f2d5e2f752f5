package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Depths;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.ReachedTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** Follows a delete through the cascades. Each table and each foreign key is looked at a fixed number of times. */
public final class ReachFinder {

    private final References references;
    private final Product product;
    private final Definitions definitions;
    private final Function<ForeignKey, Decision> decisions;

    ReachFinder(
            References references, Product product, Definitions definitions, Function<ForeignKey, Decision> decisions) {
        this.decisions = decisions;
        this.references = references;
        this.product = product;
        this.definitions = definitions;
    }

    /** What deletes on these tables reach with the foreign keys as they are, and before anything is decided. */
    public static List<Reach> today(ForeignKeyGraph graph, Server server, CascadeOptions options, List<Table> parents) {
        References references = new References(graph);
        Definitions definitions = new Definitions(references, options, server.product());
        return new ReachFinder(references, server.product(), definitions, fk -> Decision.NONE).from(parents);
    }

    /** What deletes on these tables reach, one by one. */
    List<Reach> from(List<Table> parents) {
        return parents.stream().map(this::from).toList();
    }

    /** The OIDs of the tables that a delete on this one deletes rows from. */
    Set<Long> reached(Table parent) {
        return breadthFirst(references.sources(parent), false, new HashMap<>()).keySet();
    }

    /** What a delete on this table reaches. */
    Reach from(Table parent) {
        Set<Long> sources = references.sources(parent);
        Map<Long, ForeignKey> entries = new HashMap<>();
        Map<Long, Integer> shallowest = breadthFirst(sources, false, entries);
        Map<Long, Integer> guaranteed = breadthFirst(sources, true, new HashMap<>());
        Map<Long, Integer> longest = longestWays(sources, shallowest.keySet());

        Map<Long, ReachedTable> tables = new LinkedHashMap<>();
        shallowest.forEach((oid, depth) -> {
            // Of the parent's rows one is deleted for certain; that others are not is the point of it all.
            int deepest = sources.contains(oid) ? Depths.NEVER : guaranteed.getOrDefault(oid, Depths.NEVER);
            ForeignKey entry = entries.get(oid);
            tables.put(
                    oid,
                    new ReachedTable(
                            references.table(oid),
                            entry,
                            entry == null ? 0 : references.root(entry.referencedTable()),
                            new Depths(depth, deepest)));
        });
        LinkJudge judge = new LinkJudge(references, definitions, product, sources, tables, longest, decisions);
        List<Link> links =
                references.onAny(tables.keySet()).stream().map(judge::judge).toList();
        return new Reach(parent, tables, links);
    }

    /** The least number of hops to each table, over all hops that cascade or only over those that every row has. */
    private Map<Long, Integer> breadthFirst(Set<Long> sources, boolean bindingOnly, Map<Long, ForeignKey> entries) {
        Map<Long, Integer> depths = new LinkedHashMap<>();
        Deque<Long> open = new ArrayDeque<>(sources);
        sources.forEach(oid -> depths.put(oid, 0));
        while (!open.isEmpty()) {
            long oid = open.poll();
            for (ForeignKey fk : references.on(oid)) {
                long child = references.root(fk.table());
                if (!depths.containsKey(child)
                        && (bindingOnly ? definitions.carriesEveryRow(fk) : definitions.deletes(fk))) {
                    depths.put(child, Objects.requireNonNull(depths.get(oid)) + 1);
                    entries.put(child, fk);
                    open.add(child);
                }
            }
        }
        return depths;
    }

    /**
     * The greatest number of hops to each reached table; {@link Depths#NEVER}, for no limit, behind a cycle.
     */
    private Map<Long, Integer> longestWays(Set<Long> sources, Set<Long> reached) {
        Map<Long, Integer> waitingFor = new HashMap<>();
        for (long oid : reached) {
            for (ForeignKey fk : references.on(oid)) {
                if (definitions.deletes(fk)) {
                    waitingFor.merge(references.root(fk.table()), 1, Integer::sum);
                }
            }
        }
        Map<Long, Integer> longest = new HashMap<>();
        reached.forEach(oid -> longest.put(oid, Depths.NEVER));
        Map<Long, Integer> soFar = new HashMap<>();
        Deque<Long> open = new ArrayDeque<>();
        sources.stream().filter(oid -> !waitingFor.containsKey(oid)).forEach(open::add);
        while (!open.isEmpty()) {
            long oid = open.poll();
            int depth = soFar.getOrDefault(oid, 0);
            longest.put(oid, depth);
            for (ForeignKey fk : references.on(oid)) {
                if (definitions.deletes(fk)) {
                    long child = references.root(fk.table());
                    soFar.merge(child, depth + 1, Math::max);
                    if (waitingFor.merge(child, -1, Integer::sum) == 0) {
                        open.add(child);
                    }
                }
            }
        }
        return longest;
    }
}
