package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.proof.row.Links;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Foreign keys of one row that lead to the same person because they share columns: {@code (user_id, post_id)} on
 * {@code posts(user_id, id)} beside {@code user_id} on {@code users}.
 */
final class SharedColumns {

    /** A row that columns determine. */
    private record Determined(Table table, Set<String> columns) {}

    private final Links links;
    private final Map<Long, TableShape> shapes;

    SharedColumns(Links links, Map<Long, TableShape> shapes) {
        this.links = links;
        this.shapes = shapes;
    }

    /** Whether both lead to, or hang on, one and the same row of a person, whatever the row holds. */
    boolean bindTogether(ForeignKey fk, ForeignKey other) {
        List<String> shared =
                fk.columns().stream().filter(other.columns()::contains).toList();
        if (shared.isEmpty() || fk.equals(other)) {
            return false;
        }
        Set<Determined> one = new HashSet<>();
        Set<Determined> two = new HashSet<>();
        collect(fk.referencedTable(), referenced(fk, shared), one);
        collect(other.referencedTable(), referenced(other, shared), two);
        return one.stream().anyMatch(two::contains);
    }

    private static List<String> referenced(ForeignKey fk, List<String> columns) {
        return columns.stream()
                .map(column ->
                        fk.definition().referencedColumns().get(fk.columns().indexOf(column)))
                .toList();
    }

    /** The person's rows that these columns of a row determine: itself, if they are a key, and what foreign keys over them reference. */
    private void collect(Table table, List<String> columns, Set<Determined> found) {
        TableShape shape = shapes.get(table.oid());
        if (shape == null) {
            return;
        }
        if (links.isPerUser(table)
                && shape.uniqueKeys().stream().anyMatch(key -> key.identifies() && columns.containsAll(key.columns()))
                && !found.add(new Determined(table, Set.copyOf(columns)))) {
            return;
        }
        for (ForeignKey up : links.of(table)) {
            if (columns.containsAll(up.columns()) && !up.referencedTable().equals(table)) {
                collect(up.referencedTable(), new ArrayList<>(up.definition().referencedColumns()), found);
            }
        }
    }
}
