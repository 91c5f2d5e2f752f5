package dev.cascadecleanup.internal.proof.schema;

import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.catalog.SomebodysFunctions;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads PostgreSQL's catalog (manual, chapter 53). */
final class PostgresSchemaReader implements SchemaReader {

    /** The bounds of more partitions than these are read for the values in them, and not to judge by: there are others. */
    private static final int MOST_PARTITIONS = 24;

    private static final int MULTIRANGES_SINCE = 14;
    private static final int NOT_ENFORCED_SINCE = 18;

    /** What an entry of fewer bytes than these can hold need not be measured. */
    private static final int SHORT_ENTRY = 2_600;

    /** How many bytes a value of the column {@code a}, of the type {@code t}, can have at most; many where nobody knows. */
    private static final String MOST_BYTES = """
            CASE WHEN a.atttypid IN ('varchar'::regtype, 'bpchar'::regtype) AND a.atttypmod >= 4 THEN a.atttypmod * 4
                 WHEN t.typlen >= 0 THEN t.typlen + 8 ELSE 100000 END""";

    /** Whether the bounds of a partition are by a key that calls a function which did not come with the server. */
    private static final String BOUNDS_CALL =
            "EXISTS (SELECT FROM pg_partition_ancestors(%s) u JOIN pg_partitioned_table p ON p.partrelid = u.relid"
                    + " WHERE p.partexprs IS NOT NULL AND " + SomebodysFunctions.calledBy("pg_class", "p.partrelid")
                    + ')';

    /**
     * Whether the value of a CHECK, {@code c}, can be another one in another session, of another time zone, say: it calls a function that is
     * not IMMUTABLE (manual, 36.7), or reads or writes a value as text.
     */
    private static final String BY_SESSION = """
            c.conbin::text ~ 'COERCEVIAIO|SQLVALUEFUNCTION' OR EXISTS (
              SELECT FROM regexp_matches(c.conbin::text, ':(?:op)?funcid (\\d+)', 'g') f (id) JOIN pg_proc p ON p.oid = f.id[1]::oid
              WHERE p.provolatile <> 'i')""";

    private final Connection connection;
    private final Server server;

    PostgresSchemaReader(Connection connection, Server server) {
        this.connection = connection;
        this.server = server;
    }

    @Override
    public Map<Long, TableShape> read(Collection<Table> tables) throws SQLException {
        List<String> oids = oids(tables);
        Shapes shapes = new Shapes();
        readColumns(shapes, readTypes(), oids);
        readUniqueKeys(shapes, oids);
        readChecks(shapes, oids);
        readIndexEntries(shapes, tables);
        readPartitions(shapes, tables);
        Sql.query(
                connection,
                "SELECT oid FROM pg_class WHERE oid = ANY (?::oid[]) AND relrowsecurity AND row_security_active(oid)",
                row -> shapes.rowSecurity.add(row.getLong(1)),
                oids);
        return shapes.of(tables);
    }

    private static List<String> oids(Collection<Table> tables) {
        return tables.stream().map(table -> String.valueOf(table.oid())).toList();
    }

    private TypeRows readTypes() throws SQLException {
        TypeRows rows = new TypeRows();
        Sql.query(
                connection,
                """
                SELECT t.oid, t.typname, format_type(t.oid, NULL) AS sql, t.typtype,
                       t.typcategory = 'A' AND t.typelem <> 0 AND t.typlen = -1 AND t.typname NOT IN ('int2vector', 'oidvector')
                         AS is_array,
                       t.typelem, t.typbasetype, t.typtypmod, t.typnotnull, t.typrelid,
                       CASE WHEN t.typbasetype <> 0 THEN format_type(t.typbasetype, t.typtypmod) END AS base_sql
                FROM pg_type t WHERE t.typisdefined
                """,
                row -> rows.types.put(
                        row.getLong("oid"),
                        new TypeRow(
                                row.getLong("oid"),
                                row.getString("typname"),
                                row.getString("sql"),
                                row.getString("typtype"),
                                row.getBoolean("is_array"),
                                row.getLong("typelem"),
                                row.getLong("typbasetype"),
                                row.getInt("typtypmod"),
                                row.getString("base_sql"),
                                row.getBoolean("typnotnull"),
                                row.getLong("typrelid"))));
        Sql.forEach(connection, "SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder", row -> {
            Shapes.add(rows.labels, row.getLong("enumtypid"), row.getString("enumlabel"));
        });
        Sql.forEach(
                connection,
                "SELECT rngtypid, rngsubtype, %s AS multi FROM pg_range"
                        .formatted(server.major() >= MULTIRANGES_SINCE ? "rngmultitypid" : "0"),
                row -> {
                    rows.ranges.put(row.getLong("rngtypid"), new TypeRows.RangeOf(row.getLong("rngsubtype"), false));
                    rows.ranges.put(row.getLong("multi"), new TypeRows.RangeOf(row.getLong("rngsubtype"), true));
                });
        Sql.forEach(connection, """
                SELECT a.attrelid, a.atttypid, a.atttypmod, format_type(a.atttypid, a.atttypmod) AS sql
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                WHERE c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum
                """, row -> {
            Shapes.add(
                    rows.fields,
                    row.getLong("attrelid"),
                    new TypeRows.Field(row.getLong("atttypid"), row.getInt("atttypmod"), row.getString("sql")));
        });
        Sql.forEach(connection, """
                SELECT contypid, conname, pg_get_constraintdef(oid) AS definition, pg_get_expr(conbin, 0) AS sql
                FROM pg_constraint WHERE contype = 'c' AND contypid <> 0 ORDER BY oid
                """, row -> {
            Shapes.add(
                    rows.domainChecks,
                    row.getLong("contypid"),
                    CheckConstraint.of(row.getString("conname"), row.getString("definition"), row.getString("sql")));
        });
        return rows;
    }

    private void readColumns(Shapes shapes, TypeRows types, List<String> oids) throws SQLException {
        Sql.forEach(
                connection,
                """
                SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated,
                       format_type(a.atttypid, a.atttypmod) AS sql, coalesce(pg_get_expr(d.adbin, d.adrelid), pg_get_expr(t.typdefaultbin, 0)) AS default_sql
                FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum
                """,
                row -> {
                    long type = row.getLong("atttypid");
                    String identity = row.getString("attidentity");
                    Column.Source source = !row.getString("attgenerated").isBlank()
                            ? Column.Source.GENERATED
                            : identity.equals("a")
                                    ? Column.Source.IDENTITY_ALWAYS
                                    : identity.equals("d")
                                            ? Column.Source.IDENTITY
                                            : row.getString("default_sql") != null
                                                    ? Column.Source.DEFAULT
                                                    : Column.Source.NONE;
                    Shapes.add(
                            shapes.columns,
                            row.getLong("attrelid"),
                            new Column(
                                    row.getInt("attnum"),
                                    row.getString("attname"),
                                    types.type(type, row.getInt("atttypmod"), row.getString("sql")),
                                    row.getBoolean("attnotnull") || types.isNotNull(type),
                                    row.getString("default_sql"),
                                    source));
                },
                oids);
    }

    private void readUniqueKeys(Shapes shapes, List<String> oids) throws SQLException {
        Sql.forEach(
                connection,
                """
                SELECT i.indrelid, c.relname, i.indkey::text AS indkey, i.indnkeyatts, i.indisprimary,
                       i.indpred IS NULL AND i.indexprs IS NULL AND NOT i.indisexclusion AS identifies,
                       pg_get_expr(i.indexprs, i.indrelid) AS expressions,
                       COALESCE(pg_get_constraintdef(k.oid), pg_get_indexdef(i.indexrelid)) AS definition
                FROM pg_index i
                JOIN pg_class c ON c.oid = i.indexrelid
                LEFT JOIN pg_constraint k
                       ON k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
                WHERE i.indrelid = ANY (?::oid[]) AND (i.indisunique OR i.indisexclusion) AND i.indislive ORDER BY i.indexrelid
                """,
                row -> {
                    List<Integer> numbers =
                            Shapes.numbers(row.getString("indkey")).subList(0, row.getInt("indnkeyatts"));
                    long table = row.getLong("indrelid");
                    Shapes.add(
                            shapes.uniqueKeys,
                            table,
                            new UniqueKey(
                                    row.getString("relname"),
                                    shapes.names(table, numbers, row.getString("expressions")),
                                    row.getString("definition"),
                                    row.getBoolean("indisprimary"),
                                    row.getBoolean("identifies")));
                },
                oids);
    }

    private void readChecks(Shapes shapes, List<String> oids) throws SQLException {
        Sql.forEach(
                connection,
                """
                SELECT conrelid, conname, pg_get_constraintdef(oid) AS definition, pg_get_expr(conbin, conrelid) AS sql, (%s OR %s) AS calls
                FROM pg_constraint c WHERE contype = 'c' AND conrelid = ANY (?::oid[]) %s ORDER BY conrelid, conname
                """.formatted(
                                SomebodysFunctions.calledBy("pg_constraint", "c.oid"),
                                BY_SESSION,
                                server.major() >= NOT_ENFORCED_SINCE ? "AND conenforced" : ""),
                row -> {
                    Shapes.add(
                            shapes.checks,
                            row.getLong("conrelid"),
                            CheckConstraint.of(
                                    row.getString("conname"),
                                    row.getString("definition"),
                                    row.getString("sql"),
                                    row.getBoolean("calls")));
                },
                oids);
    }

    /** Those of the tables themselves, and those that a partition has alone; of many partitions with the same one, once. */
    private void readIndexEntries(Shapes shapes, Collection<Table> tables) throws SQLException {
        List<String> generated = shapes.columns.entrySet().stream()
                .filter(table ->
                        table.getValue().stream().anyMatch(column -> column.source() == Column.Source.GENERATED))
                .map(table -> String.valueOf(table.getKey()))
                .toList();
        Sql.forEach(
                connection,
                """
                SELECT q.root, min(q.relname::text) AS relname, q.expressions, q.predicate, q.calls, q.btree, q.columns,
                       CASE WHEN q.own THEN ARRAY[]::text[] ELSE array_agg(q.heap::text) END AS heaps
                FROM (
                  SELECT r.root, r.heap, r.heap = r.root AS own, i.indexrelid, x.relname, pg_get_expr(i.indexprs, i.indrelid) AS expressions,
                         pg_get_expr(i.indpred, i.indrelid) AS predicate, e.calls, m.amname = 'btree' AS btree, w.columns
                  FROM (SELECT o.oid AS root, o.oid AS heap FROM unnest(?::oid[]) o (oid)
                        UNION ALL
                        SELECT o.oid, t.relid::oid FROM unnest(?::oid[]) o (oid) CROSS JOIN LATERAL pg_partition_tree(o.oid) t
                        WHERE t.isleaf AND t.relid <> o.oid) r
                  JOIN pg_index i ON i.indrelid = r.heap AND i.indislive
                  JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
                  CROSS JOIN LATERAL (SELECT %s AS calls) e
                  CROSS JOIN LATERAL (
                    SELECT coalesce(array_agg(a.attname::text ORDER BY a.attname), '{}') AS columns, sum(%s) AS bytes
                    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                    WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) w
                  WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL OR r.root = ANY (?::oid[])
                    OR i.indrelid IN (SELECT conrelid FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'd'))
                  AND (e.calls OR m.amname = 'btree' AND (i.indexprs IS NOT NULL OR w.bytes > %d))
                  AND (r.heap = r.root OR NOT EXISTS (SELECT FROM pg_partition_ancestors(i.indexrelid) u
                       JOIN pg_index above ON above.indexrelid = u.relid WHERE above.indrelid = r.root))) q
                GROUP BY q.root, q.own, q.expressions, q.predicate, q.calls, q.btree, q.columns ORDER BY min(q.indexrelid)
                """.formatted(SomebodysFunctions.calledBy("pg_class", "i.indexrelid"), MOST_BYTES, SHORT_ENTRY),
                row -> {
                    Shapes.add(
                            shapes.indexEntries,
                            row.getLong("root"),
                            new IndexEntry(
                                    row.getString("relname"),
                                    row.getString("expressions"),
                                    row.getString("predicate"),
                                    row.getBoolean("calls"),
                                    row.getBoolean("btree"),
                                    Sql.textArray(row, "columns"),
                                    Sql.textArray(row, "heaps")));
                },
                oids(tables),
                oids(partitioned(tables)),
                generated);
    }

    private static List<Table> partitioned(Collection<Table> tables) {
        return tables.stream()
                .filter(table -> table.kind() == TableKind.PARTITIONED_TABLE)
                .toList();
    }

    /** A row must fit one of the partitions at the bottom, or the bounds of the partition that it goes into itself. */
    private void readPartitions(Shapes shapes, Collection<Table> tables) throws SQLException {
        List<String> roots = oids(partitioned(tables));
        Map<Long, List<String>> bounds = new HashMap<>();
        Map<Long, Integer> leaves = new HashMap<>();
        Set<Long> calling = new HashSet<>();
        roots.forEach(root -> shapes.withoutPartitions.add(Long.valueOf(root)));
        Sql.forEach(
                connection,
                """
                SELECT root, pg_get_partition_constraintdef(relid) AS sql, leaves, %s AS calls
                FROM (SELECT r.oid AS root, t.relid, row_number() OVER (PARTITION BY r.oid ORDER BY t.relid DESC) AS place,
                             count(*) OVER (PARTITION BY r.oid) AS leaves
                      FROM unnest(?::oid[]) r(oid), LATERAL pg_partition_tree(r.oid) t
                      JOIN pg_class c ON c.oid = t.relid
                      WHERE t.isleaf AND c.relkind = 'r') leaves
                WHERE place <= %d ORDER BY root, relid DESC
                """.formatted(BOUNDS_CALL.formatted("relid"), MOST_PARTITIONS),
                row -> {
                    long root = row.getLong("root");
                    if (row.getBoolean("calls")) {
                        calling.add(root);
                    }
                    shapes.withoutPartitions.remove(root);
                    leaves.put(root, row.getInt("leaves"));
                    Shapes.add(bounds, root, row.getString("sql"));
                },
                roots);
        bounds.forEach((root, conditions) -> {
            // A default partition without others has no bounds: anything fits.
            if (!conditions.contains(null)) {
                String sql = conditions.stream()
                        .map(condition -> '(' + condition + ')')
                        .collect(Collectors.joining(" OR "));
                CheckConstraint check = CheckConstraint.of(
                        "the partitions", "a row has to fit a partition: " + sql, sql, calling.contains(root));
                boolean all = Objects.requireNonNull(leaves.get(root)) <= MOST_PARTITIONS;
                Shapes.add(
                        shapes.checks,
                        root,
                        all
                                ? check
                                : new CheckConstraint(
                                        check.name(), check.definition(), "true", check.condition(), false));
            }
        });
        List<String> partitions = oids(tables.stream().filter(Table::partition).toList());
        Sql.forEach(
                connection,
                """
                SELECT o.oid, pg_get_partition_constraintdef(o.oid) AS sql, %s AS calls FROM unnest(?::oid[]) o(oid)
                WHERE pg_get_partition_constraintdef(o.oid) IS NOT NULL
                """.formatted(BOUNDS_CALL.formatted("o.oid")),
                row -> {
                    Shapes.add(
                            shapes.checks,
                            row.getLong("oid"),
                            CheckConstraint.of(
                                    "the partition",
                                    "the partition's bounds: " + row.getString("sql"),
                                    row.getString("sql"),
                                    row.getBoolean("calls")));
                },
                partitions);
    }
}
