package dev.cascadecleanup.engine;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the constraints of one table on CockroachDB: each catalog table plainly, by the column that its virtual index has, joined
 * here. A constraint that is being added or dropped is in the list, as not validated.
 */
final class CockroachConstraints {

    /** The name of a column that was dropped between two of the queries; no column can be called that. */
    private static final String GONE = "";

    private record Row(long oid, String name, boolean foreignKey, long referencedOid, List<Integer> columns,
            List<Integer> referencedColumns, String match, String onDelete, String onUpdate, boolean validated) {
    }

    private final Connection connection;

    CockroachConstraints(Connection connection) {
        this.connection = connection;
    }

    /** The OID of a table, if it is there. */
    Optional<Long> tableOid(TableName table) throws SQLException {
        return Sql.queryFirst(connection, """
                SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND c.relkind = 'r'
                """, row -> row.getLong(1), table.schema(), table.name());
    }

    /** The name that a table has now, if it is there. */
    Optional<TableName> tableName(long oid) throws SQLException {
        record Named(long schemaOid, String name) {
        }
        Optional<Named> table = Sql.queryFirst(connection,
                "SELECT relnamespace, relname FROM pg_catalog.pg_class WHERE oid = ?::oid AND relkind = 'r'",
                row -> new Named(row.getLong(1), row.getString(2)), oid);
        if (table.isEmpty()) {
            return Optional.empty();
        }
        return Sql.queryFirst(connection, "SELECT nspname FROM pg_catalog.pg_namespace WHERE oid = ?::oid",
                row -> new TableName(row.getString(1), table.get().name()), table.get().schemaOid());
    }

    /** The constraints of a table; none if the table is gone. */
    List<TableConstraint> of(TableName table) throws SQLException {
        Optional<Long> oid = tableOid(table);
        return oid.isEmpty() ? List.of() : of(oid.get());
    }

    private List<TableConstraint> of(long tableOid) throws SQLException {
        List<Row> rows = Sql.query(connection, """
                SELECT oid, conname, contype, confrelid, conkey::text AS conkey, confkey::text AS confkey, confmatchtype,
                       confdeltype, confupdtype, convalidated
                FROM pg_catalog.pg_constraint WHERE conrelid = ?::oid
                """, row -> new Row(
                row.getLong("oid"),
                row.getString("conname"),
                row.getString("contype").equals("f"),
                row.getLong("confrelid"),
                numbers(row.getString("conkey")),
                numbers(row.getString("confkey")),
                row.getString("confmatchtype"),
                row.getString("confdeltype"),
                row.getString("confupdtype"),
                row.getBoolean("convalidated")), tableOid);
        Map<Long, Map<Integer, String>> columns = new HashMap<>();
        columns.put(tableOid, columnNames(tableOid));
        List<TableConstraint> constraints = new ArrayList<>();
        for (Row row : rows) {
            if (!row.foreignKey()) {
                constraints.add(new TableConstraint(row.oid(), row.name(), null));
                continue;
            }
            Optional<TableName> referenced = tableName(row.referencedOid());
            if (referenced.isEmpty()) {
                continue;
            }
            if (!columns.containsKey(row.referencedOid())) {
                columns.put(row.referencedOid(), columnNames(row.referencedOid()));
            }
            constraints.add(new TableConstraint(row.oid(), row.name(), definition(row, columns.get(tableOid),
                    referenced.get(), columns.get(row.referencedOid()))));
        }
        return constraints;
    }

    private Map<Integer, String> columnNames(long tableOid) throws SQLException {
        Map<Integer, String> names = new HashMap<>();
        Sql.query(connection, "SELECT attnum, attname FROM pg_catalog.pg_attribute WHERE attrelid = ?::oid",
                row -> names.put(row.getInt(1), row.getString(2)), tableOid);
        return names;
    }

    private static ForeignKeyDefinition definition(Row row, Map<Integer, String> columns, TableName referenced,
            Map<Integer, String> referencedColumns) {
        return new ForeignKeyDefinition(
                row.columns().stream().map(number -> columns.getOrDefault(number, GONE)).toList(),
                referenced,
                row.referencedColumns().stream().map(number -> referencedColumns.getOrDefault(number, GONE)).toList(),
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
