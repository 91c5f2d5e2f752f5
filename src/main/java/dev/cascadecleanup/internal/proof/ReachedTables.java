package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tables whose rows can hang on a row of the parent, directly or through others, each with the shortest way to it. Foreign keys
 * on partitions and inheritance children of a table lead to it too. Every foreign key counts, whatever it does on delete: where rows can
 * be, a proof has to look.
 */
final class ReachedTables {

    private final Table parent;
    private final Set<Table> family = new LinkedHashSet<>();
    private final Map<Table, String> paths = new LinkedHashMap<>();
    private final Set<Table> perUser = new LinkedHashSet<>();
    private final List<Table> skipped = new ArrayList<>();

    private ReachedTables(Table parent) {
        this.parent = parent;
    }

    static ReachedTables of(ForeignKeyGraph graph, Table parent, Set<Table> skip) {
        ReachedTables reach = new ReachedTables(parent);
        Set<Table> referenced = new LinkedHashSet<>();
        graph.foreignKeys().forEach(fk -> referenced.add(fk.referencedTable()));
        reach.family.add(parent);
        graph.withDescendants(parent).stream().filter(referenced::contains).forEach(reach.family::add);
        reach.perUser.addAll(graph.withDescendants(parent));
        Map<Table, List<ForeignKey>> referencing = new LinkedHashMap<>();
        graph.foreignKeys().stream()
                .sorted(ForeignKey.BY_NAME)
                .forEach(fk -> referencing
                        .computeIfAbsent(fk.referencedTable(), table -> new ArrayList<>())
                        .add(fk));
        Deque<Table> open = new ArrayDeque<>(List.of(parent));
        Map<Table, String> paths =
                new LinkedHashMap<>(Map.of(parent, parent.name().toString()));
        while (!open.isEmpty()) {
            Table table = open.poll();
            for (Table member : graph.withDescendants(table)) {
                for (ForeignKey fk : referencing.getOrDefault(member, List.of())) {
                    reach.step(graph, fk, skip, referenced, paths, open);
                }
            }
        }
        if (!reach.skipped.isEmpty()) {
            reach.skipWhatLiesBehind(of(graph, parent, Set.of()));
        }
        return reach;
    }

    /** What only a skipped table leads to is left out too, and listed. */
    private void skipWhatLiesBehind(ReachedTables all) {
        all.tables().stream()
                .filter(table -> !paths.containsKey(table) && !family.contains(table) && !skipped.contains(table))
                .forEach(skipped::add);
    }

    private void step(
            ForeignKeyGraph graph,
            ForeignKey fk,
            Set<Table> skip,
            Set<Table> referenced,
            Map<Table, String> known,
            Deque<Table> open) {
        Table table = fk.table();
        if (known.containsKey(table) || family.contains(table)) {
            return;
        }
        if (skip.contains(table)) {
            if (!skipped.contains(table)) {
                skipped.add(table);
            }
            return;
        }
        String path = known.getOrDefault(
                        fk.referencedTable(), fk.referencedTable().name().toString()) + " > " + table.name() + " ("
                + Identifiers.displayAll(fk.columns()) + ')';
        known.put(table, path);
        paths.put(table, path);
        perUser.add(table);
        for (Table member : graph.withDescendants(table)) {
            perUser.add(member);
            if (!member.equals(table) && referenced.contains(member) && !known.containsKey(member)) {
                known.put(member, path);
                paths.put(member, path);
            }
        }
        open.add(table);
    }

    Table parent() {
        return parent;
    }

    /** The parent, and those of its partitions and inheritance children that foreign keys reference. */
    Set<Table> family() {
        return family;
    }

    /** The reached tables, near ones first, the family left out. */
    List<Table> tables() {
        return List.copyOf(paths.keySet());
    }

    /** The family, then the reached tables. */
    List<Table> all() {
        List<Table> all = new ArrayList<>(family);
        all.addAll(paths.keySet());
        return all;
    }

    /** The family and everything reached, with all partitions and inheritance children. */
    Set<Table> perUser() {
        return perUser;
    }

    /** The shortest way from the parent, {@code users > orders (user_id) > lines (order_id)}. */
    String path(Table table) {
        return paths.getOrDefault(table, table.name().toString());
    }

    /** Tables that a hint leaves out. */
    List<Table> skipped() {
        return skipped;
    }

    /** The tables of which rows may be needed: these, and all that they reference, at any distance. */
    Set<Table> withReferenced(ForeignKeyGraph graph) {
        Map<Table, List<Table>> above = new LinkedHashMap<>();
        graph.foreignKeys()
                .forEach(fk -> above.computeIfAbsent(fk.table(), table -> new ArrayList<>())
                        .add(fk.referencedTable()));
        Set<Table> needed = new LinkedHashSet<>(perUser);
        Deque<Table> open = new ArrayDeque<>(needed);
        while (!open.isEmpty()) {
            for (Table table : above.getOrDefault(open.poll(), List.of())) {
                if (needed.add(table)) {
                    open.add(table);
                }
            }
        }
        return needed;
    }
}
