package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How large a physical table is, as of the last VACUUM or ANALYZE.
 *
 * @param bytes without its indexes
 * @param rows how many rows; not positive where nobody has counted
 */
record TableSize(long bytes, long rows) {

    static final long UNKNOWN = -1;

    /** Of these tables, by OID; none on CockroachDB, which does not tell. */
    static Map<Long, TableSize> read(Connection connection, Product product, Collection<Long> tables)
            throws SQLException {
        Map<Long, TableSize> sizes = new HashMap<>();
        if (product == Product.POSTGRESQL && !tables.isEmpty()) {
            Sql.forEach(
                    connection,
                    "SELECT c.oid, c.relpages::bigint OPERATOR(pg_catalog.*) pg_catalog.current_setting('block_size')::bigint AS bytes,"
                            + " c.reltuples::bigint AS rows FROM pg_catalog.pg_class c"
                            + " WHERE c.relkind OPERATOR(pg_catalog.=) 'r' AND c.oid OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.oid[]))",
                    row -> sizes.put(row.getLong("oid"), new TableSize(row.getLong("bytes"), row.getLong("rows"))),
                    tables.stream().map(String::valueOf).toList());
        }
        return sizes;
    }

    /** About how many bytes so many rows of a family take. */
    static long bytes(Family family, long rows, Map<Long, TableSize> sizes) {
        long bytes = 0;
        long all = 0;
        for (long heap : family.heaps().keySet()) {
            TableSize size = sizes.get(heap);
            if (size != null && size.rows() > 0) {
                bytes += size.bytes();
                all += size.rows();
            }
        }
        return all == 0 ? UNKNOWN : Math.round((double) bytes / all * rows);
    }
}
