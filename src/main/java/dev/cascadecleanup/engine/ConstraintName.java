package dev.cascadecleanup.engine;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.jdbc.PostgresTransaction;
import dev.cascadecleanup.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What a PostgreSQL constraint is called at this moment.
 *
 * @param table the table that it is on
 * @param constraint its own name
 */
record ConstraintName(TableName table, String constraint) {

    /** The names of the constraint with this OID, which renames keep; empty if it was dropped. */
    static Optional<ConstraintName> of(Connection connection, long oid) throws SQLException {
        return PostgresTransaction.read(connection, () -> Sql.queryFirst(connection, """
                SELECT n.nspname, t.relname, c.conname
                FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
                WHERE c.oid = ?
                """, row -> new ConstraintName(new TableName(row.getString("nspname"), row.getString("relname")),
                row.getString("conname")), oid));
    }
}
