package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.TableConstraint;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the constraints of one table on CockroachDB: each catalog table plainly, by the column that its virtual index has, joined
 * here. A constraint that is being added or dropped is in the list, as not validated.
 */
final class CockroachConstraints {

    /** What was dropped or renamed between two of the queries; nothing can be called that. */
    private static final String GONE = "";

    private static final TableName GONE_TABLE = new TableName(GONE, GONE);

    private record Row(
            long oid,
            String name,
            boolean foreignKey,
            long referencedOid,
            List<Integer> columns,
            List<Integer> referencedColumns,
            String match,
            String onDelete,
            String onUpdate,
            boolean validated) {}

    private final Connection connection;

    CockroachConstraints(Connection connection) {
        this.connection = connection;
    }

    /** The OID of a table, if it is there. By the server's own resolution of names: a scan of pg_class takes half a second. */
    Optional<Long> tableOid(TableName table) throws SQLException {
        try {
            return Sql.queryFirst(
                    connection, "SELECT (?::text)::regclass::oid::int8", row -> row.getLong(1), table.quoted());
        } catch (SQLException e) {
            if (SqlStates.is(e, SqlStates.UNDEFINED_TABLE) || SqlStates.is(e, SqlStates.UNDEFINED_SCHEMA)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The name that a table has now, if it is there. */
    Optional<TableName> tableName(long oid) throws SQLException {
        return Sql.queryFirst(connection, """
                SELECT n.nspname, c.relname
                FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND c.oid =\s""" + oid, row -> new TableName(row.getString(1), row.getString(2)));
    }

    /** The constraints of a table with these names; none if the table is gone. */
    List<TableConstraint> of(long tableOid, Predicate<String> names) throws SQLException {
        List<Row> rows = Sql.query(
                connection,
                """
                SELECT oid, conname, contype, confrelid, conkey::text AS conkey, confkey::text AS confkey, confmatchtype,
                       confdeltype, confupdtype, convalidated
                FROM pg_catalog.pg_constraint WHERE conrelid =\s""" + tableOid,
                row -> new Row(
                        row.getLong("oid"),
                        row.getString("conname"),
                        row.getString("contype").equals("f"),
                        row.getLong("confrelid"),
                        numbers(row.getString("conkey")),
                        numbers(row.getString("confkey")),
                        row.getString("confmatchtype"),
                        row.getString("confdeltype"),
                        row.getString("confupdtype"),
                        row.getBoolean("convalidated")));
        Map<Long, TableName> referenced = new HashMap<>();
        Map<Long, Map<Integer, String>> columns = new HashMap<>();
        List<TableConstraint> constraints = new ArrayList<>();
        for (Row row : rows) {
            if (!names.test(row.name())) {
                continue;
            }
            if (!row.foreignKey()) {
                constraints.add(new TableConstraint(row.oid(), row.name(), null));
                continue;
            }
            if (!columns.containsKey(tableOid)) {
                columns.put(tableOid, columnNames(tableOid));
            }
            if (!columns.containsKey(row.referencedOid())) {
                columns.put(row.referencedOid(), columnNames(row.referencedOid()));
            }
            if (!referenced.containsKey(row.referencedOid())) {
                referenced.put(
                        row.referencedOid(), tableName(row.referencedOid()).orElse(GONE_TABLE));
            }
            constraints.add(new TableConstraint(
                    row.oid(),
                    row.name(),
                    definition(
                            row,
                            columns.get(tableOid),
                            referenced.get(row.referencedOid()),
                            columns.get(row.referencedOid()))));
        }
        return constraints;
    }

    private Map<Integer, String> columnNames(long tableOid) throws SQLException {
        Map<Integer, String> names = new HashMap<>();
        Sql.query(
                connection,
                "SELECT attnum, attname FROM pg_catalog.pg_attribute WHERE attrelid = " + tableOid,
                row -> names.put(row.getInt(1), row.getString(2)));
        return names;
    }

    private static ForeignKeyDefinition definition(
            Row row, Map<Integer, String> columns, TableName referenced, Map<Integer, String> referencedColumns) {
        return new ForeignKeyDefinition(
                row.columns().stream()
                        .map(number -> columns.getOrDefault(number, GONE))
                        .toList(),
                referenced,
                row.referencedColumns().stream()
                        .map(number -> referencedColumns.getOrDefault(number, GONE))
                        .toList(),
                MatchType.ofCode(row.match()),
                ReferentialAction.ofCode(row.onDelete()),
                List.of(),
                ReferentialAction.ofCode(row.onUpdate()),
                Deferrability.NOT_DEFERRABLE,
                row.validated(),
                true);
    }

    private static List<Integer> numbers(String array) {
        if (array == null) {
            return List.of();
        }
        List<Integer> numbers = new ArrayList<>();
        for (String number : array.split("[{}, ]+")) {
            if (!number.isEmpty()) {
                numbers.add(Integer.valueOf(number));
            }
        }
        return numbers;
    }
}
