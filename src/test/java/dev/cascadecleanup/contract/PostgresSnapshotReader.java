package dev.cascadecleanup.contract;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the foreign keys of PostgreSQL. Columns of the catalog that a version lacks are read through {@code to_jsonb}, as NULL. */
final class PostgresSnapshotReader {

    private static final String QUERY = """
            WITH fk AS (SELECT c.*, to_jsonb(c) AS newer FROM pg_constraint c WHERE c.contype = 'f' AND c.conparentid = 0)
            SELECT n.nspname, t.relname, fk.conname, rn.nspname AS referenced_schema, r.relname AS referenced_table,
                   ARRAY(SELECT a.attname::text FROM unnest(fk.conkey) WITH ORDINALITY k(num, place)
                         JOIN pg_attribute a ON a.attrelid = fk.conrelid AND a.attnum = k.num ORDER BY place) AS columns,
                   ARRAY(SELECT a.attname::text FROM unnest(fk.confkey) WITH ORDINALITY k(num, place)
                         JOIN pg_attribute a ON a.attrelid = fk.confrelid AND a.attnum = k.num ORDER BY place) AS referenced_columns,
                   ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = fk.conrelid
                         AND fk.newer -> 'confdelsetcols' @> to_jsonb(a.attnum) ORDER BY a.attnum) AS on_delete_columns,
                   fk.confdeltype, fk.confupdtype, fk.confmatchtype, fk.condeferrable, fk.condeferred, fk.convalidated,
                   coalesce((fk.newer ->> 'conenforced')::boolean, true) AS enforced,
                   coalesce((fk.newer ->> 'conperiod')::boolean, false) AS period,
                   ARRAY(SELECT CASE WHEN p.proname IN ('RI_FKey_check_ins', 'RI_FKey_check_upd') THEN p.proname::text
                                     ELSE right(p.proname, 3) END || ' ' || g.tgenabled::text
                         FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
                         WHERE g.tgconstraint = fk.oid ORDER BY 1) AS triggers,
                   obj_description(fk.oid, 'pg_constraint') AS comment
            FROM fk
            JOIN pg_class t ON t.oid = fk.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
            JOIN pg_class r ON r.oid = fk.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
            """;

    private PostgresSnapshotReader() {}

    static Map<CatalogSnapshot.Id, CatalogSnapshot.State> read(TestDatabase database) throws SQLException {
        return database.with(PostgresSnapshotReader::read);
    }

    private static Map<CatalogSnapshot.Id, CatalogSnapshot.State> read(Connection connection) throws SQLException {
        Map<CatalogSnapshot.Id, CatalogSnapshot.State> foreignKeys = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            while (row.next()) {
                foreignKeys.put(
                        new CatalogSnapshot.Id(
                                row.getString("nspname"), row.getString("relname"), row.getString("conname")),
                        new CatalogSnapshot.State(
                                list(row.getArray("columns")),
                                row.getString("referenced_schema"),
                                row.getString("referenced_table"),
                                list(row.getArray("referenced_columns")),
                                row.getString("confdeltype"),
                                list(row.getArray("on_delete_columns")),
                                row.getString("confupdtype"),
                                row.getString("confmatchtype"),
                                row.getBoolean("condeferrable"),
                                row.getBoolean("condeferred"),
                                row.getBoolean("convalidated"),
                                row.getBoolean("enforced"),
                                row.getBoolean("period"),
                                list(row.getArray("triggers")),
                                row.getString("comment")));
            }
        }
        return foreignKeys;
    }

    private static List<String> list(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
