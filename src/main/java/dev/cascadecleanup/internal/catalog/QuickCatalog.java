package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the foreign keys with one query, for a look at every start of an application. It leaves out what only an operator wants to
 * know: tables without foreign keys, privileges, indexes and comments are missing from the graph.
 */
public final class QuickCatalog {

    private QuickCatalog() {}

    /** The foreign keys of the connected database. Works inside and outside of a transaction. */
    public static ForeignKeyGraph read(Connection connection, Server server) throws SQLException {
        boolean postgres = server.product() == Product.POSTGRESQL;
        Map<Long, Table> tables = new HashMap<>();
        Map<Long, List<Long>> descendants = new HashMap<>();
        Map<Long, Partial> partials = new LinkedHashMap<>();
        Sql.query(
                connection,
                """
                SELECT c.oid, c.conname, c.conkey::text AS conkey, c.confkey::text AS confkey, c.confmatchtype, c.confdeltype,
                       c.confupdtype, c.condeferrable, c.condeferred, c.convalidated, a.attnum, a.attname, a.attnotnull,
                       b.attnum AS r_attnum, b.attname AS r_attname,
                       t.oid AS t_oid, tn.nspname AS t_schema, t.relname AS t_name, t.relkind AS t_kind,
                       r.oid AS r_oid, rn.nspname AS r_schema, r.relname AS r_name, r.relkind AS r_kind,
                       %s
                FROM pg_catalog.pg_constraint c
                JOIN pg_catalog.pg_class t ON t.oid = c.conrelid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
                JOIN pg_catalog.pg_class r ON r.oid = c.confrelid JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
                JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
                JOIN pg_catalog.pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = ANY (c.confkey)
                WHERE c.contype = 'f' %s
                """.formatted(
                                postgres ? postgresColumns(server) : COCKROACH_COLUMNS,
                                postgres ? "AND c.conparentid = 0" : ""),
                row -> {
                    Table table = table(row, "t", tables, descendants);
                    Table referenced = table(row, "r", tables, descendants);
                    partials.computeIfAbsent(row.getLong("oid"), oid -> new Partial(table, referenced))
                            .add(row);
                    return null;
                });
        List<ForeignKey> foreignKeys =
                partials.values().stream().map(Partial::toForeignKey).toList();
        return new ForeignKeyGraph(tables, foreignKeys, descendants, List.of(), Map.of(), List.of(), List.of());
    }

    private static final String COCKROACH_COLUMNS = """
            true AS enforced, false AS period, NULL AS states,
                       false AS t_partition, false AS r_partition, NULL AS t_parents, NULL AS r_parents""";

    private static String postgresColumns(Server server) {
        String parents = """
                CASE WHEN %1$s.relispartition THEN ARRAY(SELECT p::pg_catalog.oid::text FROM pg_catalog.pg_partition_ancestors(%1$s.oid) p)
                            ELSE ARRAY(SELECT '' UNION ALL SELECT i.inhparent::text FROM pg_catalog.pg_inherits i WHERE i.inhrelid = %1$s.oid)
                       END AS %1$s_parents""";
        return (server.major() >= 18
                        ? "c.conenforced AS enforced, c.conperiod AS period,"
                        : "true AS enforced, false AS period,")
                + """
                 ARRAY(SELECT p.proname || '=' || g.tgenabled::text FROM pg_catalog.pg_trigger g
                       JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
                       WHERE g.tgconstraint = c.oid AND g.tgisinternal AND g.tgenabled <> 'O') AS states,
                       t.relispartition AS t_partition, r.relispartition AS r_partition,
                       """ + parents.formatted("t") + ", " + parents.formatted("r");
    }

    private static Table table(ResultSet row, String side, Map<Long, Table> tables, Map<Long, List<Long>> descendants)
            throws SQLException {
        long oid = row.getLong(side + "_oid");
        Table known = tables.get(oid);
        if (known != null) {
            return known;
        }
        Table table = new Table(
                oid,
                new TableName(row.getString(side + "_schema"), row.getString(side + "_name")),
                TableKind.ofCode(row.getString(side + "_kind")),
                row.getBoolean(side + "_partition"),
                "",
                true,
                true,
                true,
                true,
                false);
        tables.put(oid, table);
        // Itself and its partitioned tables upwards, or a placeholder and the tables that it inherits from.
        List<String> chain = Sql.textArray(row, side + "_parents");
        for (int i = 1; i < chain.size(); i++) {
            long child = table.partition() ? Long.parseLong(chain.get(i - 1)) : oid;
            List<Long> children = descendants.computeIfAbsent(Long.valueOf(chain.get(i)), parent -> new ArrayList<>());
            if (!children.contains(child)) {
                children.add(child);
            }
        }
        return table;
    }

    /** A foreign key, of which a row comes for each pair of a referencing and a referenced column. */
    private static final class Partial {

        private final Table table;
        private final Table referenced;
        private final Map<Integer, Columns.Column> columns = new TreeMap<>();
        private final Map<Integer, String> referencedColumns = new TreeMap<>();
        private ForeignKeyRow row;
        private List<String> states = List.of();

        Partial(Table table, Table referenced) {
            this.table = table;
            this.referenced = referenced;
        }

        void add(ResultSet result) throws SQLException {
            columns.put(
                    result.getInt("attnum"),
                    new Columns.Column(result.getString("attname"), !result.getBoolean("attnotnull"), false));
            referencedColumns.put(result.getInt("r_attnum"), result.getString("r_attname"));
            if (row == null) {
                row = new ForeignKeyRow(
                        result.getLong("oid"),
                        result.getString("conname"),
                        table.oid(),
                        referenced.oid(),
                        ForeignKeyRow.numbers(result.getString("conkey")),
                        ForeignKeyRow.numbers(result.getString("confkey")),
                        MatchType.ofCode(result.getString("confmatchtype")),
                        ReferentialAction.ofCode(result.getString("confdeltype")),
                        List.of(),
                        ReferentialAction.ofCode(result.getString("confupdtype")),
                        Deferrability.of(result.getBoolean("condeferrable"), result.getBoolean("condeferred")),
                        result.getBoolean("convalidated"),
                        result.getBoolean("enforced"),
                        result.getBoolean("period"),
                        null);
                states = Sql.textArray(result, "states").stream()
                        .map(Partial::state)
                        .toList();
            }
        }

        private static String state(String functionAndState) {
            int equals = functionAndState.lastIndexOf('=');
            return TriggerRole.ofFunction(functionAndState.substring(0, equals)) + functionAndState.substring(equals);
        }

        ForeignKey toForeignKey() {
            Columns ofTable = new Columns();
            columns.forEach((number, column) -> ofTable.add(table.oid(), number, column));
            ForeignKeyDefinition definition = new ForeignKeyDefinition(
                    ofTable.names(table.oid(), row.columns()),
                    referenced.name(),
                    row.referencedColumns().stream().map(referencedColumns::get).toList(),
                    row.match(),
                    row.onDelete(),
                    List.of(),
                    row.onUpdate(),
                    row.deferrability(),
                    row.validated(),
                    row.enforced());
            return new ForeignKey(
                    row.oid(),
                    row.name(),
                    table,
                    referenced,
                    definition,
                    ofTable.namesWhere(table.oid(), row.columns(), Columns.Column::nullable),
                    ofTable.nullRules(table.oid(), row.columns()),
                    Set.of(),
                    row.temporal(),
                    true,
                    states,
                    null);
        }
    }
}
