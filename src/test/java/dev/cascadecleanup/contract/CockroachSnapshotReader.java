package dev.cascadecleanup.contract;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the foreign keys of CockroachDB, one catalog table after the other: its own joins over them have given wrong answers. */
final class CockroachSnapshotReader {

    /** What the server prints; a copy of no parser of the library, which is what the snapshots judge. */
    private static final Pattern DEFINITION = Pattern.compile(
            "FOREIGN KEY \\((?<columns>NAMES)\\) REFERENCES (?:NAME\\.)*NAME\\((?<referenced>NAMES)\\).*"
                    .replace("NAMES", "NAME(?:, NAME)*")
                    .replace("NAME", "(?:\"(?:[^\"]|\"\")*\"|[^\\s\",.()]+)"),
            Pattern.DOTALL);

    private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|([^\\s\",.()]+)");

    private CockroachSnapshotReader() {}

    /** In one transaction, for which the server makes up its catalog once. */
    static Map<CatalogSnapshot.Id, CatalogSnapshot.State> read(TestDatabase database) throws SQLException {
        return database.with(connection -> {
            connection.setAutoCommit(false);
            Map<CatalogSnapshot.Id, CatalogSnapshot.State> foreignKeys = read(connection);
            connection.commit();
            connection.setAutoCommit(true);
            return foreignKeys;
        });
    }

    private static Map<CatalogSnapshot.Id, CatalogSnapshot.State> read(Connection connection) throws SQLException {
        Map<Long, String> schemas = names(TestDatabase.rows(connection, "SELECT oid, nspname FROM pg_namespace"));
        Map<Long, String> tables = new HashMap<>();
        Map<Long, Long> schemaOfTable = new HashMap<>();
        for (List<Object> row : TestDatabase.rows(connection, "SELECT oid, relname, relnamespace FROM pg_class")) {
            tables.put(number(row.get(0)), (String) row.get(1));
            schemaOfTable.put(number(row.get(0)), number(row.get(2)));
        }
        Map<Long, String> comments = names(TestDatabase.rows(
                connection,
                "SELECT objoid, description FROM pg_description WHERE classoid = 'pg_constraint'::regclass"));
        Map<CatalogSnapshot.Id, CatalogSnapshot.State> foreignKeys = new TreeMap<>();
        for (List<Object> row : TestDatabase.rows(connection, """
                SELECT conrelid, conname, confrelid, condef, confdeltype::text, confupdtype::text,
                       confmatchtype::text, condeferrable, condeferred, convalidated, oid
                FROM pg_constraint WHERE contype = 'f'
                """)) {
            long table = number(row.get(0));
            long referenced = number(row.get(2));
            Matcher definition = DEFINITION.matcher((String) row.get(3));
            if (!definition.matches()) {
                throw new IllegalStateException("not a foreign key: " + row.get(3));
            }
            foreignKeys.put(
                    new CatalogSnapshot.Id(
                            schemas.get(schemaOfTable.get(table)), tables.get(table), (String) row.get(1)),
                    new CatalogSnapshot.State(
                            columnNames(definition.group("columns")),
                            schemas.get(schemaOfTable.get(referenced)),
                            tables.get(referenced),
                            columnNames(definition.group("referenced")),
                            (String) row.get(4),
                            List.of(),
                            (String) row.get(5),
                            (String) row.get(6),
                            (Boolean) row.get(7),
                            (Boolean) row.get(8),
                            (Boolean) row.get(9),
                            true,
                            false,
                            List.of(),
                            comments.get(number(row.get(10)))));
        }
        return foreignKeys;
    }

    private static Map<Long, String> names(List<List<Object>> rows) {
        Map<Long, String> names = new HashMap<>();
        rows.forEach(row -> names.put(number(row.get(0)), (String) row.get(1)));
        return names;
    }

    private static List<String> columnNames(String names) {
        return NAME.matcher(names)
                .results()
                .map(name ->
                        name.group(1) == null ? name.group(2) : name.group(1).replace("\"\"", "\""))
                .toList();
    }

    private static long number(Object oid) {
        return ((Number) oid).longValue();
    }
}
