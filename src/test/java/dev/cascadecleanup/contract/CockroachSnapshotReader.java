package dev.cascadecleanup.contract;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads the foreign keys of CockroachDB, one catalog table after the other: its own joins over them have given wrong answers. */
final class CockroachSnapshotReader {

    private record Column(long table, String number) {}

    private CockroachSnapshotReader() {}

    static Map<CatalogSnapshot.Id, CatalogSnapshot.State> read(TestDatabase database) throws SQLException {
        Map<Long, String> schemas = names(database.rows("SELECT oid, nspname FROM pg_namespace"));
        Map<Long, String> tables = names(database.rows("SELECT oid, relname FROM pg_class"));
        Map<Long, String> comments = names(database.rows(
                "SELECT objoid, description FROM pg_description WHERE classoid = 'pg_constraint'::regclass"));
        Map<Long, Long> schemaOfTable = new HashMap<>();
        database.rows("SELECT oid, relnamespace FROM pg_class")
                .forEach(row -> schemaOfTable.put(number(row.get(0)), number(row.get(1))));
        Map<Column, String> columns = new HashMap<>();
        database.rows("SELECT attrelid, attnum::text, attname FROM pg_attribute")
                .forEach(row -> columns.put(new Column(number(row.get(0)), (String) row.get(1)), (String) row.get(2)));

        Map<CatalogSnapshot.Id, CatalogSnapshot.State> foreignKeys = new TreeMap<>();
        for (List<Object> row : database.rows("""
                SELECT conrelid, conname, confrelid, conkey::text, confkey::text, confdeltype::text, confupdtype::text,
                       confmatchtype::text, condeferrable, condeferred, convalidated, oid
                FROM pg_constraint WHERE contype = 'f'
                """)) {
            long table = number(row.get(0));
            long referenced = number(row.get(2));
            foreignKeys.put(
                    new CatalogSnapshot.Id(
                            schemas.get(schemaOfTable.get(table)), tables.get(table), (String) row.get(1)),
                    new CatalogSnapshot.State(
                            columnNames(columns, table, (String) row.get(3)),
                            schemas.get(schemaOfTable.get(referenced)),
                            tables.get(referenced),
                            columnNames(columns, referenced, (String) row.get(4)),
                            (String) row.get(5),
                            List.of(),
                            (String) row.get(6),
                            (String) row.get(7),
                            (Boolean) row.get(8),
                            (Boolean) row.get(9),
                            (Boolean) row.get(10),
                            true,
                            false,
                            List.of(),
                            comments.get(number(row.get(11)))));
        }
        return foreignKeys;
    }

    private static Map<Long, String> names(List<List<Object>> rows) {
        Map<Long, String> names = new HashMap<>();
        rows.forEach(row -> names.put(number(row.get(0)), (String) row.get(1)));
        return names;
    }

    private static List<String> columnNames(Map<Column, String> columns, long table, String numbers) {
        return Stream.of(numbers.replaceAll("[{}]", "").split(","))
                .map(number -> columns.get(new Column(table, number)))
                .toList();
    }

    private static long number(Object oid) {
        return ((Number) oid).longValue();
    }
}
