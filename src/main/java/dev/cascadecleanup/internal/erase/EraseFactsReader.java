package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.catalog.OrdinaryTriggers;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@link EraseFacts} about the tables that a delete may reach and those that reference them. */
final class EraseFactsReader {

    /** From when on CockroachDB has triggers. */
    private static final int COCKROACH_WITH_TRIGGERS = 240_300;

    private final Connection connection;
    private final Map<Long, List<String>> comparisons = new HashMap<>();
    private final Map<Long, List<String>> onDelete = new HashMap<>();
    private final Map<Long, List<String>> onUpdate = new HashMap<>();
    private final Set<Long> rowSecurity = new HashSet<>();
    private final Set<Long> generated = new HashSet<>();
    private final Map<Long, List<String>> primaryKeys = new HashMap<>();

    private EraseFactsReader(Connection connection) {
        this.connection = connection;
    }

    static EraseFacts read(Connection connection, Server server, ForeignKeyGraph graph, Set<Long> tables)
            throws SQLException {
        EraseFactsReader reader = new EraseFactsReader(connection);
        if (server.product() == Product.POSTGRESQL) {
            reader.readPostgres(tables.stream().map(String::valueOf).toList());
        } else {
            reader.readCockroach(server, graph, tables);
        }
        return new EraseFacts(
                reader.comparisons,
                reader.onDelete,
                reader.onUpdate,
                reader.rowSecurity,
                reader.generated,
                reader.primaryKeys);
    }

    private void readPostgres(List<String> tables) throws SQLException {
        PostgresTransaction.lookAtOnce(connection, flight -> {
            // A foreign key compares with the operator that it was made with (pg_constraint.conpfeqop), whatever the
            // search path.
            flight.query("""
                    SELECT c.oid, n.nspname, o.oprname, a.attcollation = b.attcollation AS comparable
                    FROM pg_constraint c
                    CROSS JOIN LATERAL unnest(c.conkey, c.confkey, c.conpfeqop) WITH ORDINALITY AS k(key, fkey, operator, place)
                    JOIN pg_operator o ON o.oid = k.operator JOIN pg_namespace n ON n.oid = o.oprnamespace
                    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.key
                    JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.fkey
                    WHERE c.contype = 'f' AND c.conparentid = 0 AND c.conrelid = ANY (?::oid[])
                    ORDER BY c.oid, k.place
                    """, this::comparison, tables);
            // Bits of pg_trigger.tgtype: 8 delete, 16 update. Those that only fire for a replica do not fire here.
            flight.query("""
                    SELECT t.tgrelid AS oid, 'trigger ' || quote_ident(t.tgname) AS what, t.tgtype & 8 <> 0 AS deletes
                    FROM pg_trigger t
                    WHERE %s AND t.tgenabled IN ('O', 'A') AND t.tgtype & 24 <> 0 AND t.tgrelid = ANY (?::oid[])
                    UNION ALL
                    SELECT r.ev_class, 'rule ' || quote_ident(r.rulename), r.ev_type = '4'
                    FROM pg_rewrite r WHERE r.ev_type IN ('2', '4') AND r.ev_enabled IN ('O', 'A') AND r.ev_class = ANY (?::oid[])
                    """.formatted(OrdinaryTriggers.ARE), this::interceptor, tables, tables);
            flight.query(
                    "SELECT c.oid FROM pg_class c WHERE c.relrowsecurity AND row_security_active(c.oid) AND c.oid = ANY (?::oid[])",
                    row -> rowSecurity.add(row.getLong("oid")),
                    tables);
            flight.query(
                    "SELECT DISTINCT a.attrelid AS oid FROM pg_attribute a WHERE a.attgenerated <> '' AND a.attrelid = ANY (?::oid[])",
                    row -> generated.add(row.getLong("oid")),
                    tables);
            return () -> null;
        });
        // One pair of columns that cannot be compared by a join is enough.
        comparisons.values().removeIf(operators -> operators.contains(null));
    }

    private Void comparison(ResultSet row) throws SQLException {
        comparisons
                .computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                .add(
                        row.getBoolean("comparable")
                                ? operator(row.getString("nspname"), row.getString("oprname"))
                                : null);
        return null;
    }

    private Void interceptor(ResultSet row) throws SQLException {
        (row.getBoolean("deletes") ? onDelete : onUpdate)
                .computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                .add(row.getString("what"));
        return null;
    }

    /** An operator that no search path can bend (manual, 4.1.3). */
    static String operator(String schema, String name) {
        return "OPERATOR(" + Identifiers.quote(schema) + '.' + name + ')';
    }

    private void readCockroach(Server server, ForeignKeyGraph graph, Set<Long> tables) throws SQLException {
        for (ForeignKey fk : graph.foreignKeys()) {
            comparisons.put(fk.oid(), Collections.nCopies(fk.columns().size(), "="));
        }
        Map<String, Long> oids = new HashMap<>();
        for (long oid : tables) {
            Table table = graph.tableByOid(oid);
            oids.put(table.name().quoted(), oid);
        }
        CockroachTransaction.retry(() -> Sql.forEach(
                connection,
                "SELECT c.table_schema, c.table_name, k.column_name FROM information_schema.table_constraints c"
                        + " JOIN information_schema.key_column_usage k ON k.table_schema = c.table_schema AND k.table_name = c.table_name"
                        + " AND k.constraint_name = c.constraint_name WHERE c.constraint_type = 'PRIMARY KEY'"
                        + " ORDER BY c.table_schema, c.table_name, k.ordinal_position",
                row -> {
                    Long oid = oids.get(Identifiers.quote(row.getString("table_schema"))
                            + '.'
                            + Identifiers.quote(row.getString("table_name")));
                    if (oid != null) {
                        List<String> columns = primaryKeys.computeIfAbsent(oid, key -> new ArrayList<>());
                        if (!columns.contains(row.getString("column_name"))) {
                            columns.add(row.getString("column_name"));
                        }
                    }
                }));
        CockroachTransaction.retry(() -> Sql.query(
                connection,
                "SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relrowsecurity",
                row -> rowSecurity.add(row.getLong("oid"))));
        CockroachTransaction.retry(() -> Sql.query(
                connection,
                "SELECT table_schema, table_name FROM information_schema.columns WHERE generation_expression <> ''",
                row -> {
                    Long oid = oids.get(Identifiers.quote(row.getString("table_schema"))
                            + '.'
                            + Identifiers.quote(row.getString("table_name")));
                    return oid != null && generated.add(oid);
                }));
        if (server.version() >= COCKROACH_WITH_TRIGGERS) {
            for (long oid : tables) {
                readTriggers(oid, graph.tableByOid(oid));
            }
        }
    }

    /** Whatever is found counts, and so does an answer that is not understood: the table is then left alone. */
    private void readTriggers(long oid, Table table) throws SQLException {
        try {
            CockroachTransaction.retry(() ->
                    Sql.forEach(connection, "SHOW TRIGGERS FROM " + table.name().quoted(), row -> {
                        onDelete.computeIfAbsent(oid, key -> new ArrayList<>())
                                .add("trigger " + row.getString("trigger_name"));
                    }));
        } catch (SQLException e) {
            onDelete.computeIfAbsent(oid, key -> new ArrayList<>())
                    .add("triggers that cannot be read: " + e.getMessage());
        }
    }
}
