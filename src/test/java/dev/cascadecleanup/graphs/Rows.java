package dev.cascadecleanup.graphs;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The rows of every table of a random graph: by {@code table#id}, the values by column. */
record Rows(SortedMap<String, Map<String, Integer>> byKey) {

    static Rows read(Connection connection, String schema, RandomGraph graph) throws SQLException {
        SortedMap<String, Map<String, Integer>> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            // All of them in one trip to the server.
            statement.execute(graph.tables().stream()
                    .map(table -> "SELECT * FROM " + schema + '.' + table.name())
                    .collect(Collectors.joining("; ")));
            for (RandomGraph.Table table : graph.tables()) {
                try (ResultSet result = statement.getResultSet()) {
                    ResultSetMetaData columns = result.getMetaData();
                    while (result.next()) {
                        Map<String, Integer> values = new LinkedHashMap<>();
                        for (int i = 1; i <= columns.getColumnCount(); i++) {
                            // An int of CockroachDB is an int8.
                            int value = result.getInt(i);
                            values.put(columns.getColumnName(i), result.wasNull() ? null : value);
                        }
                        rows.put(key(table.name(), values.get("id")), values);
                    }
                }
                statement.getMoreResults();
            }
        }
        return new Rows(rows);
    }

    static String key(String table, int id) {
        return table + '#' + id;
    }

    static String table(String key) {
        return key.substring(0, key.indexOf('#'));
    }
}
