package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.IndexFacts;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The parts of a partitioned table's index that somebody else has made and attached to it, or to one of its parts: no index can be
 * dropped without its parts (manual, DROP INDEX), so that they would go with it. Known as ours are those in the journal, and those that
 * the server has made as parts, for partitions that came later: their columns and their place in the tree came with one transaction, and
 * no later command of it has made the index a part, which the system columns of the catalog tell. Whatever is not certain, after a
 * restore say, counts as somebody else's.
 */
public final class PartsOfOthers {

    private static final String FOUND = """
            WITH RECURSIVE parts (oid) AS (
              SELECT h.inhrelid FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class c ON c.oid = h.inhparent
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = %s
              UNION
              SELECT h.inhrelid FROM parts JOIN pg_catalog.pg_inherits h ON h.inhparent = parts.oid)
            SELECT %s FROM parts JOIN pg_catalog.pg_class c ON c.oid = parts.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
            WHERE NOT EXISTS (SELECT FROM %s j WHERE j.state <> 'kept'
                AND (j.index_oid = c.oid::bigint OR (j.table_schema = n.nspname AND j.index_name = c.relname)))
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_attribute a ON a.attrelid = h.inhrelid
                WHERE h.inhrelid = c.oid AND a.attnum = 1 AND h.xmin = a.xmin
                  AND (c.xmin <> a.xmin OR c.cmin::text::bigint <= a.cmin::text::bigint))""";

    private PartsOfOthers() {}

    /** Each in words, by name. */
    public static List<String> of(Connection connection, TableName journal, TableName index) throws SQLException {
        return Sql.query(
                connection,
                select(journal, index, "n.nspname, c.relname, t.relname AS table_name") + " ORDER BY 1, 2",
                row -> Identifiers.display(row.getString("relname")) + " of "
                        + new TableName(row.getString("nspname"), row.getString("table_name")));
    }

    /** A statement that fails if there are any, with this text in its message. */
    public static String guard(TableName journal, TableName index, String otherwise) {
        return "SELECT CAST(CASE WHEN pg_catalog.count(*) = 0 THEN '1' ELSE " + Identifiers.literal(otherwise)
                + " END AS integer) AS nobody_elses FROM (" + select(journal, index, "1") + ") AS others";
    }

    /** Whether an undo leaves it: it has such parts, or it, or the one that it is a part of, is a part of somebody else's. */
    public static boolean keep(Connection connection, TableName journal, TableName index) throws SQLException {
        TableName root = Sql.queryFirst(
                        connection,
                        """
                        SELECT rn.nspname, r.relname FROM pg_catalog.pg_class c
                        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                        JOIN pg_catalog.pg_class r ON r.oid = pg_catalog.pg_partition_root(c.oid)
                        JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
                        WHERE n.nspname = ? AND c.relname = ?
                        """,
                        row -> new TableName(row.getString("nspname"), row.getString("relname")),
                        index.schema(),
                        index.name())
                .orElse(index);
        return !root.name().contains(IndexFacts.MARK)
                || !of(connection, journal, root).isEmpty();
    }

    private static String select(TableName journal, TableName index, String columns) {
        return FOUND.formatted(
                Identifiers.literal(index.schema()), Identifiers.literal(index.name()), columns, journal.quoted());
    }
}
