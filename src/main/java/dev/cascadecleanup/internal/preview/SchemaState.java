package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * Whether PostgreSQL's catalog is in a snapshot what it was when it was read before. The catalog is not read in the snapshot itself, because
 * some of the server's functions that print definitions do not follow it. Each change of a row of the catalog makes a new one, whose
 * {@code xmin} is above those of all that it can replace; so their number and sum are the same only if nothing has changed.
 */
final class SchemaState {

    private static final int SCHEMAS_IN_PUBLICATIONS_SINCE = 150_000;

    private SchemaState() {}

    /** The schema is not what it was: what was read of it does not belong to the rows. */
    static final class ChangedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Over a connection outside a transaction. */
    static String read(Connection connection, int version) throws SQLException {
        return PostgresTransaction.read(connection, () -> ofSnapshot(connection, version));
    }

    /** Of all that foreign keys connect, in the transaction's snapshot. */
    static String ofSnapshot(Connection connection, int version) throws SQLException {
        return Sql.queryFirst(
                        connection,
                        """
                        WITH f AS (SELECT conrelid AS oid FROM pg_constraint WHERE contype = 'f'
                                   UNION SELECT confrelid FROM pg_constraint WHERE contype = 'f'
                                   UNION SELECT inhrelid FROM pg_inherits),
                        x (catalog, xmin) AS (
                          SELECT 1, xmin FROM pg_constraint WHERE contype = 'f' OR contypid <> 0 OR conrelid IN (SELECT oid FROM f)
                          UNION ALL SELECT 2, xmin FROM pg_class WHERE oid IN (SELECT oid FROM f)
                          UNION ALL SELECT 3, xmin FROM pg_attribute WHERE attrelid IN (SELECT oid FROM f)
                          UNION ALL SELECT 4, xmin FROM pg_attrdef WHERE adrelid IN (SELECT oid FROM f)
                          UNION ALL SELECT 5, xmin FROM pg_index WHERE indrelid IN (SELECT oid FROM f)
                          UNION ALL SELECT 6, xmin FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM f)
                          UNION ALL SELECT 7, xmin FROM pg_rewrite WHERE ev_class IN (SELECT oid FROM f)
                          UNION ALL SELECT 8, xmin FROM pg_policy WHERE polrelid IN (SELECT oid FROM f)
                          UNION ALL SELECT 9, xmin FROM pg_inherits
                          UNION ALL SELECT 10, xmin FROM pg_partitioned_table
                          UNION ALL SELECT 11, xmin FROM pg_publication
                          UNION ALL SELECT 12, xmin FROM pg_publication_rel
                          UNION ALL SELECT 13, xmin FROM pg_namespace WHERE nspname !~ '^pg_'
                          UNION ALL SELECT 14, xmin FROM pg_type WHERE typtype = 'd'
                          UNION ALL SELECT 15, xmin FROM pg_proc WHERE oid IN (SELECT tgfoid FROM pg_trigger WHERE NOT tgisinternal)
                          %s)
                        SELECT string_agg(catalog || ' ' || rows || ' ' || sum, ',' ORDER BY catalog)
                        FROM (SELECT catalog, count(*) AS rows, sum(xmin::text::bigint) AS sum FROM x GROUP BY catalog) s
                        """.formatted(
                                        version >= SCHEMAS_IN_PUBLICATIONS_SINCE
                                                ? "UNION ALL SELECT 16, xmin FROM pg_publication_namespace"
                                                : ""),
                        row -> row.getString(1))
                .orElse("");
    }

    /**
     * Whether one of these tables has got new files since the snapshot: TRUNCATE and an ALTER TABLE that rewrites it leave it empty for
     * older snapshots (manual, 13.6). What has been read stays locked against that until the end of the transaction.
     */
    static boolean isAnyRewritten(Connection connection, Collection<Long> tables) throws SQLException {
        List<String> oids = tables.stream().map(String::valueOf).toList();
        return !Sql.query(
                        connection,
                        "SELECT 1 FROM pg_class WHERE oid = ANY (?::oid[]) AND relkind = 'r'"
                                + " AND relfilenode <> 0 AND relfilenode IS DISTINCT FROM pg_relation_filenode(oid)",
                        row -> 1,
                        oids)
                .isEmpty();
    }
}
