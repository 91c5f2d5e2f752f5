package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
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

    /** All tables, by OID; none on CockroachDB, which does not tell. */
    static Map<Long, TableSize> read(Connection connection, Product product) throws SQLException {
        Map<Long, TableSize> sizes = new HashMap<>();
        if (product == Product.POSTGRESQL) {
            Sql.query(
                    connection,
                    """
                    SELECT oid, relpages::bigint * current_setting('block_size')::bigint AS bytes, reltuples::bigint AS rows
                    FROM pg_class WHERE relkind = 'r'
                    """,
                    row -> sizes.put(row.getLong("oid"), new TableSize(row.getLong("bytes"), row.getLong("rows"))));
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
