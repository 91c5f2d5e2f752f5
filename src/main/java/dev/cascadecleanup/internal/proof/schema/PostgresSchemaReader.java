package dev.cascadecleanup.internal.proof.schema;

import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Reads PostgreSQL's catalog (manual, chapter 53). */
final class PostgresSchemaReader implements SchemaReader {

    /** The bounds of more partitions than these are read for the values in them, and not to judge by: there are others. */
    private static final int MOST_PARTITIONS = 24;

    private static final int MULTIRANGES_SINCE = 14;
    private static final int NOT_ENFORCED_SINCE = 18;

    /** Of so many characters there can be several in one index entry. */
    private static final int SHORT_TEXT = 160;

    /** Whether something depends on a function or an operator that did not come with the server. */
    private static final String CALLS = """
            EXISTS (SELECT FROM pg_depend d WHERE d.classid = '%s'::regclass AND d.objid = %s
              AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass) AND d.refobjid >= 16384)""";

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
        readIndexEntries(shapes, oids);
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
                    check(row.getString("conname"), row.getString("definition"), row.getString("sql")));
        });
        return rows;
    }

    private static CheckConstraint check(String name, String definition, String sql) {
        return CheckConstraint.of(name, definition, sql);
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
                                CALLS.formatted("pg_constraint", "c.oid"),
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

    private void readIndexEntries(Shapes shapes, List<String> oids) throws SQLException {
        Sql.forEach(
                connection,
                """
                SELECT i.indrelid, x.relname, pg_get_expr(i.indexprs, i.indrelid) AS expressions,
                       pg_get_expr(i.indpred, i.indrelid) AS predicate, e.calls, w.wide
                FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
                CROSS JOIN LATERAL (SELECT %s AS calls) e
                CROSS JOIN LATERAL (SELECT ARRAY(
                    SELECT a.attname::text FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                    WHERE m.amname = 'btree' AND i.indpred IS NOT NULL AND a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    AND t.typlen = -1 AND t.typcategory IN ('S', 'A', 'U', 'C') AND a.atttypmod NOT BETWEEN 4 AND %d) AS wide) w
                WHERE i.indrelid = ANY (?::oid[]) AND i.indislive AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
                AND (e.calls OR w.wide <> '{}' OR m.amname = 'btree' AND i.indpred IS NOT NULL AND i.indexprs IS NOT NULL)
                ORDER BY i.indexrelid
                """.formatted(CALLS.formatted("pg_class", "i.indexrelid"), SHORT_TEXT),
                row -> {
                    Shapes.add(
                            shapes.indexEntries,
                            row.getLong("indrelid"),
                            new IndexEntry(
                                    row.getString("relname"),
                                    row.getString("expressions"),
                                    row.getString("predicate"),
                                    row.getBoolean("calls"),
                                    Sql.textArray(row, "wide")));
                },
                oids);
    }

    /** A row must fit one of the partitions at the bottom, or the bounds of the partition that it goes into itself. */
    private void readPartitions(Shapes shapes, Collection<Table> tables) throws SQLException {
        List<String> roots = oids(tables.stream()
                .filter(table -> table.kind() == TableKind.PARTITIONED_TABLE)
                .toList());
        Map<Long, List<String>> bounds = new HashMap<>();
        Map<Long, Integer> leaves = new HashMap<>();
        roots.forEach(root -> shapes.withoutPartitions.add(Long.valueOf(root)));
        Sql.forEach(
                connection,
                """
                SELECT root, pg_get_partition_constraintdef(relid) AS sql, leaves
                FROM (SELECT r.oid AS root, t.relid, row_number() OVER (PARTITION BY r.oid ORDER BY t.relid DESC) AS place,
                             count(*) OVER (PARTITION BY r.oid) AS leaves
                      FROM unnest(?::oid[]) r(oid), LATERAL pg_partition_tree(r.oid) t
                      JOIN pg_class c ON c.oid = t.relid
                      WHERE t.isleaf AND c.relkind = 'r') leaves
                WHERE place <= %d ORDER BY root, relid DESC
                """.formatted(MOST_PARTITIONS),
                row -> {
                    long root = row.getLong("root");
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
                CheckConstraint check = check("the partitions", "a row has to fit a partition: " + sql, sql);
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
                SELECT p.oid, pg_get_partition_constraintdef(p.oid) AS sql FROM unnest(?::oid[]) p(oid)
                WHERE pg_get_partition_constraintdef(p.oid) IS NOT NULL
                """,
                row -> {
                    Shapes.add(
                            shapes.checks,
                            row.getLong("oid"),
                            check(
                                    "the partition",
                                    "the partition's bounds: " + row.getString("sql"),
                                    row.getString("sql")));
                },
                partitions);
    }
}
