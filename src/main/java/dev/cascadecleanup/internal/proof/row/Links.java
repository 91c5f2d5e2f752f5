package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which foreign keys a row of a table has, and which of them it cannot do without. */
public final class Links {

    private final Map<Long, List<ForeignKey>> byTable = new HashMap<>();
    private final Map<Long, Set<String>> referencedColumns = new HashMap<>();
    private final Map<Long, List<Long>> parentsOfPartition = new HashMap<>();
    private final Set<Long> perUser = new HashSet<>();
    private final Map<Long, Set<Long>> needs = new HashMap<>();

    /**
     * The links of a graph.
     *
     * @param perUser the parent's family and the tables that it reaches: their rows belong to a user
     */
    public Links(ForeignKeyGraph graph, Collection<Table> perUser) {
        perUser.forEach(table -> this.perUser.add(table.oid()));
        graph.foreignKeys().forEach(fk -> {
            byTable.computeIfAbsent(fk.table().oid(), oid -> new ArrayList<>()).add(fk);
            referencedColumns
                    .computeIfAbsent(fk.referencedTable().oid(), oid -> new LinkedHashSet<>())
                    .addAll(fk.definition().referencedColumns());
        });
        graph.descendants()
                .forEach((parent, children) -> children.stream()
                        .filter(child -> graph.tables().containsKey(child)
                                && graph.tables().get(child).partition())
                        .forEach(child -> parentsOfPartition
                                .computeIfAbsent(child, oid -> new ArrayList<>())
                                .add(parent)));
    }

    /** The foreign keys that a row of the table has to satisfy: its own, and those that a partition inherits. */
    public List<ForeignKey> of(Table table) {
        List<ForeignKey> links = new ArrayList<>();
        collect(table.oid(), links);
        links.sort(ForeignKey.BY_NAME);
        return links;
    }

    private void collect(long table, List<ForeignKey> links) {
        links.addAll(byTable.getOrDefault(table, List.of()));
        parentsOfPartition.getOrDefault(table, List.of()).forEach(parent -> collect(parent, links));
    }

    /** Whether the foreign key leads to a table whose rows belong to a user. */
    public boolean isPerUser(ForeignKey fk) {
        return perUser.contains(fk.referencedTable().oid());
    }

    /** Whether the table's rows belong to a user. */
    public boolean isPerUser(Table table) {
        return perUser.contains(table.oid());
    }

    /** The columns of the table that some foreign key references. */
    Set<String> referencedColumns(Table table) {
        return referencedColumns.getOrDefault(table.oid(), Set.of());
    }

    /** Whether a row cannot be without it: a foreign key with one NULL in it holds (MATCH SIMPLE). */
    static boolean isMandatory(ForeignKey fk, TableShape shape) {
        return shape.allNotNull(fk.columns());
    }

    /** The tables in which a row of this one needs rows, at any distance. */
    Set<Long> needs(Table table, Map<Long, TableShape> shapes) {
        Set<Long> known = needs.get(table.oid());
        if (known == null) {
            known = new LinkedHashSet<>();
            collectNeeds(table, shapes, known);
            needs.put(table.oid(), known);
        }
        return known;
    }

    private void collectNeeds(Table table, Map<Long, TableShape> shapes, Set<Long> found) {
        for (ForeignKey fk : of(table)) {
            TableShape shape = shapes.get(table.oid());
            if (shape != null
                    && isMandatory(fk, shape)
                    && !fk.referencedTable().equals(table)
                    && fk.definition().deferrability() == Deferrability.NOT_DEFERRABLE
                    && found.add(fk.referencedTable().oid())) {
                collectNeeds(fk.referencedTable(), shapes, found);
            }
        }
    }
}
