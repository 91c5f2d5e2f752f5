package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads what CockroachDB makes of a row that loses its reference, beyond CHECK constraints: it enters unique indexes with a condition or an
 * expression, columns are computed anew, and those with ON UPDATE get another value.
 */
final class CockroachNulls {

    /** What a hash-sharded index is sorted by: any value has one. */
    private static final Pattern SHARD = Pattern.compile("crdb_internal_.+_shard_\\d+");

    private static final String ON_UPDATE = " ON UPDATE ";
    /** What is in the way of nothing that does not look at the column. */
    private static final Pattern IS_TIME = Pattern.compile(
            "(?i) ON UPDATE \\(?(?:now\\(\\)|(?:statement|transaction|clock)_timestamp\\(\\)|current_timestamp)[^ ]*,?$");

    private final Connection connection;
    private final GraphBuilder graph;
    private final Map<Long, Set<String>> columns = new HashMap<>();

    CockroachNulls(Connection connection, GraphBuilder graph) {
        this.connection = connection;
        this.graph = graph;
        graph.foreignKeys.forEach(fk -> columns.computeIfAbsent(fk.tableOid(), oid -> new LinkedHashSet<>())
                .addAll(fk.columns().map(ColumnPairs::columns).orElse(List.of())));
    }

    void check(ResultSet row) throws SQLException {
        constraint(row.getLong("conrelid"), row.getString("condef"));
        graph.nulls.check(
                row.getLong("conrelid"),
                row.getString("conname"),
                row.getString("condef"),
                row.getBoolean("convalidated"),
                false);
    }

    /** An index. */
    void index(long table, String name, IndexText index, String definition) {
        boolean unique = definition.startsWith("CREATE UNIQUE");
        if (unique || index.expressions()) {
            constraint(table, definition);
        }
        if (!unique) {
            return;
        }
        for (String column : columns.getOrDefault(table, Set.of())) {
            graph.nulls.uniqueIndex(
                    table,
                    name,
                    column,
                    index.columns().contains(column),
                    false,
                    index.expressions() ? definition.substring(definition.indexOf(" USING ")) : null,
                    index.condition());
        }
    }

    private void constraint(long table, String text) {
        graph.constraintTexts.computeIfAbsent(table, oid -> new ArrayList<>()).add(text);
    }

    /** Needs the constraints and indexes. */
    void readComputed(Map<TableName, Long> oids) throws SQLException {
        Sql.forEach(connection, """
                SELECT table_schema, table_name, column_name, generation_expression, is_nullable FROM information_schema.columns
                WHERE generation_expression <> ''
                """, row -> {
            Long table = oids.get(new TableName(row.getString("table_schema"), row.getString("table_name")));
            String computed = row.getString("column_name");
            if (table == null || SHARD.matcher(computed).matches()) {
                return;
            }
            String expression = row.getString("generation_expression");
            constraint(table, expression);
            boolean constrained = row.getString("is_nullable").equals("NO") || isConstrained(table, computed);
            for (String column : columns.getOrDefault(table, Set.of())) {
                if (constrained && NullChecks.mentions(column, expression)) {
                    graph.nulls.doubt(table, column, "the computed column " + computed);
                } else if (NullChecks.mayRaise(column, expression)) {
                    graph.nulls.doubt(table, column, "a calculation in the computed column " + computed);
                }
            }
        });
    }

    private boolean isConstrained(long table, String column) {
        return columns.getOrDefault(table, Set.of()).contains(column)
                || graph.constraintTexts.getOrDefault(table, List.of()).stream()
                        .anyMatch(text -> NullChecks.mentions(column, text));
    }

    /**
     * Of all tables, as a migration can make any foreign key one that sets columns. No catalog has it but what SHOW CREATE TABLE prints: in
     * one round trip and one transaction, in which that takes half of the time or less; one by one where one of them is refused, which is the
     * end of a transaction.
     */
    void readOnUpdate() throws SQLException {
        Map<Long, List<ForeignKeyRow>> byTable = graph.foreignKeys.stream()
                .filter(fk -> graph.tables.containsKey(fk.tableOid()))
                .collect(Collectors.groupingBy(ForeignKeyRow::tableOid));
        try {
            CockroachTransaction.read(connection, () -> statements(byTable.keySet()))
                    .forEach(this::onUpdate);
        } catch (SQLException e) {
            if (!isAboutOneTable(e)) {
                throw e;
            }
            for (Map.Entry<Long, List<ForeignKeyRow>> each : byTable.entrySet()) {
                readOnUpdate(each.getKey(), each.getValue());
            }
        }
    }

    private static boolean isAboutOneTable(SQLException e) {
        return SqlStates.is(e, SqlStates.INSUFFICIENT_PRIVILEGE) || SqlStates.isUndefined(e);
    }

    private void readOnUpdate(Long table, List<ForeignKeyRow> foreignKeys) throws SQLException {
        try {
            statements(Set.of(table)).forEach(this::onUpdate);
        } catch (SQLException e) {
            if (!isAboutOneTable(e)) {
                throw e;
            }
            boolean refused = SqlStates.is(e, SqlStates.INSUFFICIENT_PRIVILEGE);
            foreignKeys.stream()
                    .filter(fk -> !refused
                            || fk.onDelete() == ReferentialAction.SET_NULL
                            || fk.onDelete() == ReferentialAction.SET_DEFAULT)
                    .forEach(fk -> graph.notSeen.add(new NotSeen(
                            fk.referencedOid(),
                            "what else " + fk.name() + " changes in rows of " + name(table) + " (ON UPDATE of columns)",
                            refused
                                    ? "this role may not look at the table"
                                    : "the table was renamed or dropped meanwhile",
                            refused ? "GRANT SELECT on it" : "look again")));
        }
    }

    private TableName name(Long table) {
        return Objects.requireNonNull(graph.tables.get(table)).name();
    }

    private Map<Long, String> statements(Set<Long> tables) throws SQLException {
        Map<Long, String> statements = new HashMap<>();
        if (tables.isEmpty()) {
            return statements;
        }
        Flight flight = new Flight(connection);
        for (Long table : tables) {
            flight.forEach(
                    "SELECT create_statement FROM [SHOW CREATE TABLE "
                            + name(table).quoted() + "]",
                    row -> statements.put(table, row.getString(1)));
        }
        flight.run();
        return statements;
    }

    private void onUpdate(Long table, String statement) {
        statement.lines().forEach(line -> onUpdateOfColumn(table, line.strip()));
    }

    private void onUpdateOfColumn(long table, String line) {
        if (!line.contains(ON_UPDATE) || line.startsWith("CONSTRAINT ")) {
            return;
        }
        String changed = new DefinitionText(line).name();
        boolean time = IS_TIME.matcher(line).find();
        if (changed == null || !time || isConstrained(table, changed)) {
            columns.getOrDefault(table, Set.of())
                    .forEach(column -> graph.nulls.doubt(table, column, "the ON UPDATE of the column " + changed));
        }
    }
}
