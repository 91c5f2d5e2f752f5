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
 * How many rows of which table a transaction has deleted and updated, by PostgreSQL's own counters (manual, 27.2.24): of the parent, and of
 * every table that has a foreign key or is part of another. Asked before and after, because what earlier transactions of the session have
 * done stays among the counters until the session reports it.
 */
final class RowCounts {

    /** Its own row says that nobody counts. */
    private static final long NOT_COUNTED = 0;

    private static final String CHANGED =
            "FROM (SELECT t.oid, pg_catalog.pg_stat_get_xact_tuples_deleted(t.oid) AS deleted,"
                    + " pg_catalog.pg_stat_get_xact_tuples_updated(t.oid) AS updated FROM ("
                    + "SELECT k.conrelid AS oid FROM pg_catalog.pg_constraint k WHERE k.contype OPERATOR(pg_catalog.=) 'f'"
                    + " UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i"
                    + " UNION SELECT CAST(CAST(? AS pg_catalog.text) AS pg_catalog.oid)) t OFFSET 0) s"
                    + " WHERE s.deleted OPERATOR(pg_catalog.>) 0 OR s.updated OPERATOR(pg_catalog.>) 0";

    private static final String BEFORE =
            "SELECT CAST(s.oid AS pg_catalog.int8) AS oid, '' AS nspname, '' AS relname, s.deleted, s.updated "
                    + CHANGED;

    /** A partition counts as the table that it is a part of. */
    private static final String AFTER =
            "SELECT r.oid, (SELECT n.nspname FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_class c"
                    + " ON c.relnamespace OPERATOR(pg_catalog.=) n.oid WHERE c.oid OPERATOR(pg_catalog.=) r.root) AS nspname,"
                    + " (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) r.root) AS relname, r.deleted, r.updated"
                    + " FROM (SELECT CAST(s.oid AS pg_catalog.int8) AS oid, COALESCE(CAST(pg_catalog.pg_partition_root(s.oid) AS pg_catalog.oid), s.oid)"
                    + " AS root, s.deleted, s.updated " + CHANGED + " OFFSET 0) r"
                    + " UNION ALL SELECT " + NOT_COUNTED + ", '', '', 0, 0"
                    + " WHERE NOT CAST(pg_catalog.current_setting('track_counts') AS pg_catalog.bool)";

    private RowCounts() {}

    /** What has been done to one table, or partition, by this transaction and by those of this session that are not yet reported. */
    record Count(long oid, TableName table, long deleted, long updated) {}

    /** Under whatever search path the session has. */
    static Supplier<List<Count>> before(Flight flight, long parent) {
        return flight.query(BEFORE, RowCounts::count, String.valueOf(parent));
    }

    /** The same, behind what is to be counted. */
    static Supplier<List<Count>> after(Flight flight, long parent) {
        return flight.query(AFTER, RowCounts::count, String.valueOf(parent));
    }

    private static Count count(ResultSet row) throws SQLException {
        return new Count(
                row.getLong("oid"),
                new TableName(row.getString("nspname"), row.getString("relname")),
                row.getLong("deleted"),
                row.getLong("updated"));
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
