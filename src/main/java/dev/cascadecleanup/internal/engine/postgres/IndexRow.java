package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * An index as the catalog has it.
 *
 * @param oid its OID
 * @param name its name
 * @param tableOid the table that it is of
 * @param table that table's name now
 * @param valid whether queries use it; of a partitioned table's: whether every partition has its part
 * @param partitioned whether it is that of a partitioned table
 * @param attached whether it is a part of another one
 */
record IndexRow(
        long oid,
        TableName name,
        long tableOid,
        TableName table,
        boolean valid,
        boolean partitioned,
        boolean attached) {

    private static final String SELECT = """
            SELECT i.indexrelid, n.nspname, c.relname, i.indrelid, i.indisvalid AND i.indisready AND i.indislive AS valid, c.relkind = 'I' AS partitioned,
                   c.relispartition AS attached, t.relname AS table_name, tn.nspname AS table_schema
            FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
            JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace WHERE\s""";

    static Optional<IndexRow> named(Connection connection, TableName name) throws SQLException {
        return Sql.queryFirst(
                connection, SELECT + "n.nspname = ? AND c.relname = ?", IndexRow::of, name.schema(), name.name());
    }

    static Optional<IndexRow> withOid(Connection connection, long oid) throws SQLException {
        return Sql.queryFirst(connection, SELECT + "i.indexrelid = ?::oid", IndexRow::of, oid);
    }

    private static IndexRow of(ResultSet row) throws SQLException {
        return new IndexRow(
                row.getLong("indexrelid"),
                new TableName(row.getString("nspname"), row.getString("relname")),
                row.getLong("indrelid"),
                new TableName(row.getString("table_schema"), row.getString("table_name")),
                row.getBoolean("valid"),
                row.getBoolean("partitioned"),
                row.getBoolean("attached"));
    }
}
