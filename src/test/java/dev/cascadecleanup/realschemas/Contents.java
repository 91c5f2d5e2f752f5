package dev.cascadecleanup.realschemas;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every row of a set of tables at one moment, as text: the proof that a delete took all of one user's rows and not one of
 * another's does not depend on knowing which column says whose a row is.
 *
 * @param rows the rows by table, sorted
 */
public record Contents(SortedMap<String, List<String>> rows) {

    /** Reads the tables; none of their rows may change meanwhile. */
    public static Contents of(TestDatabase database, Iterable<String> tables) throws SQLException {
        SortedMap<String, List<String>> rows = new TreeMap<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String table : tables) {
                try (ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
                    rows.put(table, read(result));
                }
            }
        }
        return new Contents(rows);
    }

    private static List<String> read(ResultSet result) throws SQLException {
        int columns = result.getMetaData().getColumnCount();
        List<String> rows = new ArrayList<>();
        while (result.next()) {
            List<String> row = new ArrayList<>(columns);
            for (int column = 1; column <= columns; column++) {
                row.add(result.getString(column));
            }
            rows.add(row.toString());
        }
        rows.sort(null);
        return rows;
    }

    /** These rows without those, which need not all be among them. */
    public Contents minus(Contents others) {
        SortedMap<String, List<String>> rest = new TreeMap<>();
        rows.forEach((table, ours) -> {
            List<String> remaining = new ArrayList<>(ours);
            others.rows.getOrDefault(table, List.of()).forEach(remaining::remove);
            rest.put(table, remaining);
        });
        return new Contents(rest);
    }

    /** Those of these rows that are also among those. */
    public Contents and(Contents others) {
        return minus(minus(others));
    }

    public int count(String table) {
        return rows.get(table).size();
    }

    /** In all tables together. */
    public int count() {
        return rows.values().stream().mapToInt(List::size).sum();
    }
}
