package dev.cascadecleanup.internal.audit;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.plan.Link;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the groups of tables in which cascades lead round in a circle (strongly connected components, after Kosaraju). */
final class Cycles {

    private final Map<Table, List<Table>> forward = new LinkedHashMap<>();
    private final Map<Table, List<Table>> backward = new HashMap<>();

    Cycles(Collection<Link> links) {
        for (Link link : links) {
            Table from = link.foreignKey().referencedTable();
            Table to = link.foreignKey().table();
            if (link.effect() == Link.Effect.DELETED && !from.equals(to)) {
                forward.computeIfAbsent(from, table -> new ArrayList<>()).add(to);
                forward.computeIfAbsent(to, table -> new ArrayList<>());
                backward.computeIfAbsent(to, table -> new ArrayList<>()).add(from);
            }
        }
    }

    List<Set<Table>> find() {
        List<Table> finished = new ArrayList<>();
        Set<Table> seen = new HashSet<>();
        forward.keySet().forEach(table -> visit(table, forward, seen, finished));
        List<Set<Table>> cycles = new ArrayList<>();
        Set<Table> grouped = new HashSet<>();
        for (int i = finished.size() - 1; i >= 0; i--) {
            List<Table> group = new ArrayList<>();
            visit(finished.get(i), backward, grouped, group);
            if (group.size() > 1) {
                cycles.add(new LinkedHashSet<>(group));
            }
        }
        return cycles;
    }

    /** Depth first, without recursion: a schema may be deeper than the stack. */
    private static void visit(Table start, Map<Table, List<Table>> edges, Set<Table> seen, List<Table> finished) {
        record Step(Table table, boolean done) {}
        Deque<Step> open = new ArrayDeque<>(List.of(new Step(start, false)));
        while (!open.isEmpty()) {
            Step step = open.pop();
            if (step.done()) {
                finished.add(step.table());
            } else if (seen.add(step.table())) {
                open.push(new Step(step.table(), true));
                edges.getOrDefault(step.table(), List.of()).forEach(next -> open.push(new Step(next, false)));
            }
        }
    }
}
