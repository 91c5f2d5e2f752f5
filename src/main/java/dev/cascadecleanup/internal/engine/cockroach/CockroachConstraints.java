package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.CockroachConstraintReader;
import dev.cascadecleanup.internal.catalog.CockroachConstraintRow;
import dev.cascadecleanup.internal.catalog.ColumnPairs;
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
 * Reads the constraints of one table on CockroachDB, by the column that the virtual index of pg_constraint has. A constraint that is being added or dropped is in the list, as not validated.
 */
final class CockroachConstraints {

    /** What was dropped or renamed between two of the queries; nothing can be called that. */
    private static final String GONE = "";

    private static final TableName GONE_TABLE = new TableName(GONE, GONE);

    private final Connection connection;
    private final Map<Long, TableName> referenced = new HashMap<>();

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
        List<TableConstraint> constraints = new ArrayList<>();
        for (CockroachConstraintRow row : CockroachConstraintReader.ofTable(connection, tableOid)) {
            if (names.test(row.name())) {
                Optional<CockroachConstraintRow.Reference> reference = row.reference();
                constraints.add(new TableConstraint(
                        row.oid(),
                        row.name(),
                        reference.isPresent() ? definition(reference.get(), row.validated()) : null));
            }
        }
        return constraints;
    }

    /** Columns that cannot be read are no column's, so that the foreign key looks like one that somebody changed, and is left alone. */
    private ForeignKeyDefinition definition(CockroachConstraintRow.Reference reference, boolean validated)
            throws SQLException {
        ColumnPairs pairs = reference.columns().orElse(new ColumnPairs(List.of(GONE), List.of(GONE)));
        return new ForeignKeyDefinition(
                pairs.columns(),
                nameOf(reference.tableOid()),
                pairs.referencedColumns(),
                reference.match(),
                reference.onDelete(),
                List.of(),
                reference.onUpdate(),
                Deferrability.NOT_DEFERRABLE,
                validated,
                true);
    }

    /**
     * That is the name of this table now. To find a name by its OID takes the server a hundred times as long as the other way round, and
     * most foreign keys of a run reference the same table.
     */
    void know(TableName name) throws SQLException {
        Optional<Long> oid = tableOid(name);
        if (oid.isPresent()) {
            referenced.put(oid.get(), name);
        }
    }

    /** Asked for once: it only has to be the same as at the beginning, and a statement with a name that is gone fails. */
    private TableName nameOf(long referencedOid) throws SQLException {
        TableName name = referenced.get(referencedOid);
        if (name == null) {
            name = tableName(referencedOid).orElse(GONE_TABLE);
            referenced.put(referencedOid, name);
        }
        return name;
    }
}
