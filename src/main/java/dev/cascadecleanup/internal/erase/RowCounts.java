package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Flight;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How many rows of which table a transaction has deleted and updated, by PostgreSQL's own counters (manual, 27.2.24): of every
 * table of the schema's own. Asked before and after, because what earlier transactions of the session have
 * done stays among the counters until the session reports it.
 */
final class RowCounts {

    /** Rows that are of no table: that nobody counts, and that somebody does. */
    private static final long NOT_COUNTED = 0;

    private static final long COUNTED = 1;

    private static final String DELETED = "pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)";
    private static final String UPDATED = "pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)";

    /** Above the OIDs of what came with the server (manual, 73.2.2). */
    private static final String CHANGED =
            " WHERE c.relkind OPERATOR(pg_catalog.=) 'r' AND c.oid OPERATOR(pg_catalog.>=) 16384" + " AND (" + DELETED
                    + " OPERATOR(pg_catalog.>) 0 OR " + UPDATED + " OPERATOR(pg_catalog.>) 0)";

    private static final String BEFORE = " AS nspname, '' AS relname, 0 AS deleted, 0 AS updated"
            + " UNION ALL SELECT CAST(c.oid AS pg_catalog.int8), '', '', " + DELETED + ", " + UPDATED
            + " FROM pg_catalog.pg_class c" + CHANGED;

    /** A partition counts as the table that it is a part of. */
    private static final String ROOT = "CASE WHEN c.relispartition THEN (SELECT r.%1$s FROM pg_catalog.pg_class r"
            + " WHERE r.oid OPERATOR(pg_catalog.=) CAST(pg_catalog.pg_partition_root(c.oid) AS pg_catalog.oid)) ELSE c.%1$s END";

    private static final String AFTER = " AS oid, '' AS nspname, '' AS relname, 0 AS deleted, 0 AS updated"
            + " UNION ALL SELECT CAST(c.oid AS pg_catalog.int8), (SELECT n.nspname FROM pg_catalog.pg_namespace n"
            + " WHERE n.oid OPERATOR(pg_catalog.=) " + ROOT.formatted("relnamespace") + "), "
            + ROOT.formatted("relname") + ", " + DELETED + ", " + UPDATED + " FROM pg_catalog.pg_class c" + CHANGED;

    private RowCounts() {}

    /** What has been done to one table, or partition, by this transaction and by those of this session that are not yet reported. */
    record Count(long oid, TableName table, long deleted, long updated) {}

    /**
     * Under whatever search path the session has.
     *
     * @param settings what to evaluate with it, as a list of expressions: each statement of a flight costs something
     * @param parameters of these
     */
    static Supplier<List<Count>> before(Flight flight, String settings, List<?> parameters) {
        return flight.query(
                "SELECT CAST(" + COUNTED + " AS pg_catalog.int8) AS oid, pg_catalog.concat(" + settings + ")" + BEFORE,
                RowCounts::count,
                parameters.toArray());
    }

    /**
     * The same, behind what is to be counted.
     *
     * @param condition if it is not true it is an error with the text that follows, so that what comes behind it in the flight is not run
     * @param parameters of the condition
     */
    static Supplier<List<Count>> after(Flight flight, String condition, String otherwise, List<?> parameters) {
        return flight.query(
                "SELECT CAST(CASE WHEN " + condition
                        + " THEN CASE WHEN CAST(pg_catalog.current_setting('track_counts') AS pg_catalog.bool) THEN '"
                        + COUNTED + "' ELSE '" + NOT_COUNTED + "' END ELSE '" + otherwise + "' END AS pg_catalog.int8)"
                        + AFTER,
                RowCounts::count,
                parameters.toArray());
    }

    /** By number: there is a row for each table, and a light person is not to wait for names to be looked up. */
    private static Count count(ResultSet row) throws SQLException {
        return new Count(
                row.getLong(1), new TableName(row.getString(2), row.getString(3)), row.getLong(4), row.getLong(5));
    }

    /** What came between, by table; empty if the server does not count. */
    static Optional<Map<TableName, Tally.Counts>> between(List<Count> before, List<Count> after) {
        if (after.stream().anyMatch(count -> count.oid() == NOT_COUNTED)) {
            return Optional.empty();
        }
        Map<Long, Count> earlier = new HashMap<>();
        before.forEach(count -> earlier.put(count.oid(), count));
        Map<TableName, Tally.Counts> difference = new LinkedHashMap<>();
        for (Count count : after) {
            Count then = earlier.getOrDefault(count.oid(), new Count(count.oid(), count.table(), 0, 0));
            long deleted = count.deleted() - then.deleted();
            long updated = count.updated() - then.updated();
            if (deleted > 0 || updated > 0) {
                difference.merge(
                        count.table(),
                        new Tally.Counts(deleted, updated),
                        (one, other) ->
                                new Tally.Counts(one.deleted() + other.deleted(), one.updated() + other.updated()));
            }
        }
        return Optional.of(difference);
    }
}
