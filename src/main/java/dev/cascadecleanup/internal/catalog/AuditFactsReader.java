package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads {@link AuditFacts}, with one query per kind of catalog object. */
public final class AuditFactsReader {

    /** PostgreSQL's own tables, whose columns are many, have the OIDs below (manual, 73.2.2). */
    private static final String OF_USERS = " AND a.attrelid >= 16384";

    private final Connection connection;
    private final ForeignKeyGraph graph;
    private String ofUsers = "";

    private AuditFactsReader(Connection connection, ForeignKeyGraph graph) {
        this.connection = connection;
        this.graph = graph;
    }

    /** The facts about the tables of this graph, which was read over the same connection. */
    public static AuditFacts read(Connection connection, Server server, ForeignKeyGraph graph) throws SQLException {
        AuditFactsReader reader = new AuditFactsReader(connection, graph);
        return server.product() == Product.POSTGRESQL
                ? PostgresTransaction.look(connection, reader::readPostgres)
                : reader.readCockroach();
    }

    private AuditFacts readPostgres() throws SQLException {
        ofUsers = OF_USERS;
        Map<Long, Boolean> rowSecurity = new HashMap<>();
        // As of the last VACUUM or ANALYZE, which is good enough to see whether a missing index matters.
        Map<Long, Long> bytes = new HashMap<>();
        Sql.forEach(connection, """
                SELECT c.oid, c.relrowsecurity, c.relforcerowsecurity,
                       CASE WHEN c.reltuples < 0 AND c.relkind = 'r' THEN pg_relation_size(c.oid)
                            ELSE c.relpages::bigint * current_setting('block_size')::bigint END AS bytes
                FROM pg_class c WHERE c.relkind IN ('r', 'p')
                """, row -> {
            if (row.getBoolean("relrowsecurity")) {
                rowSecurity.put(row.getLong("oid"), row.getBoolean("relforcerowsecurity"));
            }
            bytes.put(row.getLong("oid"), row.getLong("bytes"));
        });
        return new AuditFacts(
                columns(),
                checks("pg_get_expr(c.conbin, c.conrelid)", this::postgresCheckColumns),
                interceptors(),
                rowSecurity,
                bytes,
                filledInheritanceChildren());
    }

    private AuditFacts readCockroach() throws SQLException {
        Map<Long, Boolean> rowSecurity = new HashMap<>();
        // Since v25.2; before that nothing has it.
        Sql.forEach(
                connection,
                "SELECT oid, relrowsecurity, relforcerowsecurity FROM pg_catalog.pg_class WHERE relkind = 'r'",
                row -> {
                    if (row.getBoolean("relrowsecurity")) {
                        rowSecurity.put(row.getLong("oid"), row.getBoolean("relforcerowsecurity"));
                    }
                });
        return new AuditFacts(
                columns(),
                checks("c.condef", this::cockroachCheckColumns),
                graph.interceptors().stream()
                        .map(each -> new AuditFacts.Interceptor(each.tableOid(), each.name(), each.description()))
                        .toList(),
                rowSecurity,
                Map.of(),
                Set.of());
    }

    /** The columns alone, of the tables of this graph. */
    public static AuditFacts readColumns(Connection connection, ForeignKeyGraph graph) throws SQLException {
        return new AuditFacts(
                new AuditFactsReader(connection, graph).columns(), List.of(), List.of(), Map.of(), Map.of(), Set.of());
    }

    private List<AuditFacts.Column> columns() throws SQLException {
        List<AuditFacts.Column> columns = new ArrayList<>();
        Sql.forEach(connection, """
                SELECT a.attrelid, a.attname, t.typname
                FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                WHERE a.attnum > 0 AND NOT a.attisdropped%s
                """.formatted(ofUsers), row -> {
            Table table = graph.tables().get(row.getLong("attrelid"));
            if (table != null && table.kind().canBeReferenced() && !table.partition()) {
                String type = row.getString("typname");
                boolean array = type.startsWith("_");
                columns.add(new AuditFacts.Column(
                        table.oid(), row.getString("attname"), array ? type.substring(1) : type, array));
            }
        });
        return columns;
    }

    /** A CHECK constraint without its columns. */
    private record CheckRow(long tableOid, String name, String columnNumbers, String expression) {}

    /** Finds the names of the columns of each. */
    @FunctionalInterface
    private interface CheckColumns {
        Function<CheckRow, List<String>> of(List<CheckRow> rows) throws SQLException;
    }

    private List<AuditFacts.Check> checks(String expression, CheckColumns columns) throws SQLException {
        List<CheckRow> rows = Sql.query(
                connection,
                """
                SELECT c.conrelid, c.conname, c.conkey::text AS conkey, %s AS expression
                FROM pg_catalog.pg_constraint c WHERE c.contype = 'c'
                """.formatted(expression),
                row -> new CheckRow(
                        row.getLong("conrelid"),
                        row.getString("conname"),
                        row.getString("conkey"),
                        row.getString("expression")));
        if (rows.isEmpty()) {
            return List.of();
        }
        Function<CheckRow, List<String>> names = columns.of(rows);
        return rows.stream()
                // Those of domains and of temporary tables are on no table of the graph.
                .filter(row -> graph.tables().containsKey(row.tableOid()))
                .map(row -> new AuditFacts.Check(row.tableOid(), row.name(), names.apply(row), row.expression()))
                .toList();
    }

    private Function<CheckRow, List<String>> postgresCheckColumns(List<CheckRow> rows) throws SQLException {
        Set<Long> tables = new HashSet<>();
        rows.forEach(row -> tables.add(row.tableOid()));
        ColumnNumbers numbers = new ColumnNumbers();
        Sql.forEach(
                connection,
                "SELECT a.attrelid, a.attnum, a.attname FROM pg_catalog.pg_attribute a WHERE a.attnum > 0 AND NOT a.attisdropped"
                        + ofUsers,
                row -> {
                    if (tables.contains(row.getLong("attrelid"))) {
                        numbers.add(row.getLong("attrelid"), row.getInt("attnum"), row.getString("attname"));
                    }
                });
        // A condition may be about the whole row, which has the number 0 and no name.
        return row -> numbers.known(row.tableOid(), row.columnNumbers());
    }

    /** By name: the numbers in conkey are column IDs there ({@link ColumnPairs}). */
    private Function<CheckRow, List<String>> cockroachCheckColumns(List<CheckRow> rows) throws SQLException {
        record Key(TableName table, String constraint) {}
        Map<Key, List<String>> columns = new HashMap<>();
        Sql.query(
                connection,
                """
                SELECT constraint_schema, table_name, constraint_name, column_name
                FROM information_schema.constraint_column_usage
                """,
                row -> columns.computeIfAbsent(
                                new Key(new TableName(row.getString(1), row.getString(2)), row.getString(3)),
                                key -> new ArrayList<>())
                        .add(row.getString(4)));
        return row ->
                columns.getOrDefault(new Key(graph.tableByOid(row.tableOid()).name(), row.name()), List.of());
    }

    /** Bits of pg_trigger.tgtype: 1 row, 2 before, 8 delete, 16 update, 64 instead. Cascades delete, or update for SET NULL. */
    private List<AuditFacts.Interceptor> interceptors() throws SQLException {
        return Sql.query(
                connection,
                """
                SELECT t.tgrelid AS relid, t.tgname AS name,
                       'trigger ' || CASE WHEN t.tgtype & 2 <> 0 THEN 'BEFORE' WHEN t.tgtype & 64 <> 0 THEN 'INSTEAD OF' ELSE 'AFTER' END
                         || concat_ws(' OR', '', CASE WHEN t.tgtype & 8 <> 0 THEN ' DELETE' END,
                                      CASE WHEN t.tgtype & 16 <> 0 THEN ' UPDATE' END)
                         || CASE WHEN t.tgtype & 1 <> 0 THEN ' FOR EACH ROW' ELSE ' FOR EACH STATEMENT' END
                         || ', function ' || p.proname AS description
                FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE %s AND t.tgenabled IN ('O', 'A') AND t.tgtype & 24 <> 0
                UNION ALL
                SELECT r.ev_class, r.rulename, 'rule ON ' || CASE r.ev_type WHEN '4' THEN 'DELETE' ELSE 'UPDATE' END
                         || CASE WHEN r.is_instead THEN ' DO INSTEAD' ELSE ' DO ALSO' END
                FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class AND c.relkind IN ('r', 'p')
                WHERE r.ev_type IN ('2', '4') AND r.ev_enabled IN ('O', 'A')
                ORDER BY 1, 2
                """.formatted(OrdinaryTriggers.ARE),
                row -> new AuditFacts.Interceptor(
                        row.getLong("relid"),
                        row.getString("name"),
                        row.getString("description")
                                .replace("BEFORE OR", "BEFORE")
                                .replace("AFTER OR", "AFTER")
                                .replace("OF OR", "OF")));
    }

    private Set<Long> filledInheritanceChildren() throws SQLException {
        Set<Long> filled = new HashSet<>();
        for (List<Long> children : graph.descendants().values()) {
            for (Long oid : children) {
                Table child = graph.tables().get(oid);
                if (child != null && !child.partition() && child.kind() == TableKind.TABLE && hasRows(child)) {
                    filled.add(oid);
                }
            }
        }
        return filled;
    }

    private boolean hasRows(Table table) throws SQLException {
        if (!table.schemaUsable()) {
            return true;
        }
        boolean readable = Sql.queryFirst(
                        connection,
                        "SELECT has_table_privilege(?::oid, 'SELECT')",
                        row -> row.getBoolean(1),
                        table.oid())
                .orElse(false);
        return !readable
                || Sql.queryFirst(
                                connection,
                                "SELECT 1 FROM ONLY " + table.name().quoted() + " LIMIT 1",
                                row -> row.getInt(1))
                        .isPresent();
    }
}
