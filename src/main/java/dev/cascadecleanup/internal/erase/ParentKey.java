package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a person is told from others: the primary key of the parent.
 *
 * @param table the parent
 * @param columns its primary key, in order
 */
record ParentKey(Table table, List<Column> columns) {

    /**
     * A column of the key.
     *
     * @param name its name
     * @param type its type as SQL
     * @param equals the operator to write between it and a value of the type
     */
    record Column(String name, String type, String equals) {}

    ParentKey {
        columns = List.copyOf(columns);
    }

    /** A condition with a place for each value, which is text. */
    String condition(String alias) {
        return columns.stream()
                .map(column -> alias + Identifiers.quote(column.name()) + ' ' + column.equals() + " CAST(? AS "
                        + column.type() + ')')
                .collect(Collectors.joining(" AND "));
    }
}
