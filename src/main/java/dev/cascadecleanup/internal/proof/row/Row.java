package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A row that was made.
 *
 * @param shape its table
 * @param owner for whom
 * @param values its columns as text, as the server returned them
 * @param links the foreign keys of it that reference a row of the same owner
 */
public record Row(TableShape shape, Owner owner, Map<String, String> values, Set<ForeignKey> links) {

    public Row {
        values = new LinkedHashMap<>(values);
        links = new LinkedHashSet<>(links);
    }

    /** Whether it hangs on a row of the owner in another table. A tree of rows that only hang on each other belongs to nobody. */
    public boolean hangsOnOwner() {
        return links.stream().anyMatch(fk -> !fk.referencedTable().equals(shape.table()));
    }

    /** The columns' values in this order. */
    List<String> values(List<String> columns) {
        return columns.stream().map(values::get).toList();
    }
}
