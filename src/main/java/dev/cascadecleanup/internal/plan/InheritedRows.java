package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.ForeignKeySelector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of inheritance children, which no foreign key of the table above looks at (PostgreSQL manual, 5.11.1): they have the column, but
 * whatever it references can go without them. Whether there are such rows the catalog does not say.
 */
final class InheritedRows {

    /**
     * A child that a foreign key is not inherited by, and that has none of its own in its place.
     *
     * @param child the inheritance child
     * @param foreignKey of the table above
     */
    record Gap(Table child, ForeignKey foreignKey) {

        /** Whether an entry of {@code cascade_accept} names the child's column. */
        boolean isNamedBy(ForeignKeySelector selector) {
            return foreignKey.columns().stream().anyMatch(column -> selector.names(child.name(), column));
        }

        NotSeen notSeen() {
            String columns = Identifiers.displayAll(foreignKey.columns());
            return new NotSeen(
                    foreignKey.referencedTable().oid(),
                    "rows of " + child.name() + " (" + columns + ")",
                    "it inherits from " + foreignKey.table().name() + ", but not its foreign key " + foreignKey.name()
                            + ", so that its rows stay behind",
                    "ALTER TABLE " + child.name().quoted() + " ADD FOREIGN KEY ("
                            + Identifiers.quoteAll(foreignKey.columns()) + ") REFERENCES "
                            + foreignKey.referencedTable().name().quoted() + " ("
                            + Identifiers.quoteAll(foreignKey.definition().referencedColumns())
                            + ") ON DELETE CASCADE, or name " + child.name() + "."
                            + Identifiers.display(foreignKey.columns().get(0))
                            + " in cascade_accept if there are no such rows");
        }
    }

    private InheritedRows() {}

    /** Those of a graph, whatever a delete reaches. */
    static List<Gap> of(ForeignKeyGraph graph) {
        List<Gap> gaps = new ArrayList<>();
        if (graph.descendants().isEmpty()) {
            return gaps;
        }
        Map<Long, List<ForeignKey>> byTable = new LinkedHashMap<>();
        graph.foreignKeys()
                .forEach(fk -> byTable.computeIfAbsent(fk.table().oid(), oid -> new ArrayList<>())
                        .add(fk));
        byTable.forEach((oid, foreignKeys) -> {
            Table table = foreignKeys.get(0).table();
            for (Table child : graph.withDescendants(table)) {
                if (child.oid() != oid && !child.partition()) {
                    List<ForeignKey> own = byTable.getOrDefault(child.oid(), List.of());
                    foreignKeys.stream()
                            .filter(fk -> own.stream().noneMatch(other -> fk.referencesTheSameRow(other)))
                            .forEach(fk -> gaps.add(new Gap(child, fk)));
                }
            }
        });
        gaps.sort((a, b) -> {
            int byChild = a.child().name().compareTo(b.child().name());
            return byChild != 0 ? byChild : ForeignKey.BY_NAME.compare(a.foreignKey(), b.foreignKey());
        });
        return gaps;
    }

    /** Those that nobody has accepted, whatever a delete reaches. */
    static List<NotSeen> of(ForeignKeyGraph graph, CascadeOptions options) {
        return of(graph).stream()
                .filter(gap -> options.accept().stream().noneMatch(gap::isNamedBy))
                .map(Gap::notSeen)
                .toList();
    }
}
