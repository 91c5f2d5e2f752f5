package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the primary key of the parent. */
final class ParentKeyReader {

    private ParentKeyReader() {}

    /** @throws CascadeException if it has none */
    static ParentKey read(Connection connection, Server server, Table parent) throws SQLException {
        List<ParentKey.Column> columns = server.product() == Product.POSTGRESQL
                ? PostgresTransaction.readAtOnce(
                        connection, flight -> columns(flight, "CAST(? AS oid)", String.valueOf(parent.oid())))
                : CockroachTransaction.retry(() -> cockroach(connection, parent));
        return existing(new ParentKey(parent, columns));
    }

    /** @throws CascadeException if it has no columns */
    static ParentKey existing(ParentKey key) {
        if (key.columns().isEmpty()) {
            throw new CascadeException(
                    key.table() + " has no primary key, so that nobody can be told from others by a key; nothing was"
                            + " deleted. Delete by hand, or give it one");
        }
        return key;
    }

    /**
     * With the equality of the index behind it (pg_amop, strategy 3 of a B-tree), and without the length of the type: a cast to
     * {@code varchar(3)} would cut a key short, and mean somebody else.
     *
     * @param table the table's OID as SQL
     * @param parameters those of that SQL
     */
    static Supplier<List<ParentKey.Column>> columns(Flight flight, String table, @Nullable Object... parameters) {
        return flight.query(
                """
                SELECT a.attname, n.nspname AS type_schema, b.typname, o.oprname, s.nspname
                FROM pg_index i
                CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[]) WITH ORDINALITY AS k(key, class, place)
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.key
                JOIN pg_type t ON t.oid = a.atttypid
                JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
                JOIN pg_namespace n ON n.oid = b.typnamespace
                JOIN pg_opclass c ON c.oid = k.class
                JOIN pg_amop m ON m.amopfamily = c.opcfamily AND m.amopstrategy = 3 AND m.amoplefttype = c.opcintype
                 AND m.amoprighttype = c.opcintype
                JOIN pg_operator o ON o.oid = m.amopopr JOIN pg_namespace s ON s.oid = o.oprnamespace
                WHERE i.indrelid = %s AND i.indisprimary AND k.place <= i.indnkeyatts
                ORDER BY k.place
                """.formatted(table),
                row -> new ParentKey.Column(
                        row.getString("attname"),
                        type(row.getString("type_schema"), row.getString("typname")),
                        EraseFactsReader.operator(row.getString("nspname"), row.getString("oprname"))),
                parameters);
    }

    /** A type that no search path can bend. */
    static String type(String schema, String name) {
        return Identifiers.quote(schema) + '.' + Identifiers.quote(name);
    }

    /** The columns that people write, without the shard of a hash-sharded key. */
    private static List<ParentKey.Column> cockroach(Connection connection, Table parent) throws SQLException {
        return Sql.query(
                connection,
                """
                SELECT k.column_name, col.crdb_sql_type
                FROM information_schema.table_constraints c
                JOIN information_schema.key_column_usage k
                  ON k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.constraint_name = c.constraint_name
                JOIN information_schema.columns col
                  ON col.table_schema = k.table_schema AND col.table_name = k.table_name AND col.column_name = k.column_name
                WHERE c.constraint_type = 'PRIMARY KEY' AND c.table_schema = ? AND c.table_name = ?
                  AND k.column_name NOT LIKE 'crdb_internal_%'
                ORDER BY k.ordinal_position
                """,
                row -> new ParentKey.Column(
                        row.getString("column_name"), unbounded(row.getString("crdb_sql_type")), "="),
                parent.name().schema(),
                parent.name().name());
    }

    private static String unbounded(String type) {
        return type.matches("(VAR)?CHAR.*|STRING.*|\"char\"|NAME") ? "STRING" : type.replaceFirst("\\(.*", "");
    }
}
