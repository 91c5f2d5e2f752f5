package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The INSERT of a row, and the look at rows that are there. */
final class Insertion {

    /** The system's own, also while statements run under the session's path for the sake of triggers. */
    private static final String EQUALS = " OPERATOR(pg_catalog.=) ";

    private static final int LONGEST_SHOWN = 60;

    private Insertion() {}

    /** Inserts the row; returns its columns as text, or an empty map if the server took the statement but not the row. */
    static Savepoints.Outcome<Map<String, String>> run(Savepoints savepoints, TableShape shape, Map<String, Cell> cells)
            throws SQLException {
        Savepoints.Outcome<List<List<String>>> outcome = savepoints.query(sql(shape, cells));
        return outcome.map(rows -> rows.isEmpty() ? Map.of() : values(shape, rows.get(0)));
    }

    /** A row of the table with these values, or any row for none; empty if there is none. */
    static Savepoints.Outcome<Map<String, String>> find(
            Savepoints savepoints, TableShape shape, Map<String, String> wanted) throws SQLException {
        Savepoints.Outcome<List<List<String>>> outcome = savepoints.query("SELECT " + texts(shape) + " FROM "
                + shape.table().name().quoted() + " WHERE true"
                + wanted.entrySet().stream()
                        .map(entry -> " AND " + equality(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining())
                + " LIMIT 1");
        return outcome.map(rows -> rows.isEmpty() ? Map.of() : values(shape, rows.get(0)));
    }

    /** {@code "column" = 'value'}, which an index serves, whatever else is called {@code =} on the session's path. */
    static String equality(String column, @Nullable String value) {
        return Identifiers.quote(column) + (value == null ? " IS NULL" : EQUALS + Identifiers.literal(value));
    }

    private static String sql(TableShape shape, Map<String, Cell> cells) {
        StringBuilder sql =
                new StringBuilder("INSERT INTO ").append(shape.table().name().quoted());
        if (cells.isEmpty()) {
            sql.append(" DEFAULT VALUES");
        } else {
            boolean overriding = cells.keySet().stream()
                    .anyMatch(name -> shape.column(name).source() == Column.Source.IDENTITY_ALWAYS);
            sql.append(" (")
                    .append(Identifiers.quoteAll(cells.keySet()))
                    .append(')')
                    .append(overriding ? " OVERRIDING SYSTEM VALUE" : "")
                    .append(cells.entrySet().stream()
                            .map(entry -> entry.getValue().sqlInto(shape.column(entry.getKey())))
                            .collect(Collectors.joining(", ", " VALUES (", ")")));
        }
        return sql.append(" RETURNING ").append(texts(shape)).toString();
    }

    private static String texts(TableShape shape) {
        return shape.columns().stream()
                .map(column -> Identifiers.quote(column.name()) + "::pg_catalog.text")
                .collect(Collectors.joining(", "));
    }

    private static Map<String, String> values(TableShape shape, List<String> row) {
        Map<String, String> values = new LinkedHashMap<>();
        int i = 0;
        for (Column column : shape.columns()) {
            values.put(column.name(), row.get(i++));
        }
        return values;
    }

    /** For messages. */
    static String describe(Map<String, Cell> cells) {
        List<String> parts = new ArrayList<>();
        cells.forEach((name, cell) -> parts.add(Identifiers.display(name) + " = "
                + (cell.sql().length() > LONGEST_SHOWN ? cell.sql().substring(0, LONGEST_SHOWN) + "..." : cell.sql())));
        return parts.isEmpty() ? "(defaults only)" : String.join(", ", parts);
    }
}
