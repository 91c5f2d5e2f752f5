package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Names the PostgreSQL sessions that hold a lock on a table for longer than an attempt may take (manual, 54.12 and 28.2.3). Asked
 * after the attempt, over the same connection: it needs no second one, and who was there all the time is who was in the way.
 */
final class BlockingSessions {

    private static final int MOST_NAMED = 5;

    /** Who holds a lock on one of the two tables or on a partition of theirs, which an ALTER TABLE locks as well. */
    private static final String WITH_HOLDERS = """
            WITH tables AS (SELECT oid FROM (VALUES (?::oid), (?::oid)) AS t(oid)),
                 relations AS (SELECT oid FROM tables UNION SELECT p.relid FROM tables, pg_partition_tree(tables.oid) p),
                 holders AS (SELECT pid, virtualtransaction FROM pg_locks
                             WHERE granted AND locktype = 'relation' AND relation IN (SELECT oid FROM relations)
                               AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """;

    private final Connection connection;

    BlockingSessions(Connection connection) {
        this.connection = connection;
    }

    /** The sessions and prepared transactions that are at least this old, oldest first, as text; empty if there are none. */
    List<String> holding(Table table, Table referenced, Duration atLeast) throws SQLException {
        return PostgresTransaction.readAtOnce(connection, flight -> {
            Supplier<List<String>> prepared = prepared(flight, table, referenced, atLeast);
            Supplier<List<String>> sessions = sessions(flight, table, referenced, atLeast);
            return () -> Stream.concat(prepared.get().stream(), sessions.get().stream())
                    .toList();
        });
    }

    private static Supplier<List<String>> sessions(Flight flight, Table table, Table referenced, Duration atLeast) {
        return flight.query(
                WITH_HOLDERS + """
                SELECT a.pid, a.usename, a.application_name, a.backend_type, a.state, a.query,
                       extract(epoch FROM clock_timestamp() - a.xact_start)::numeric(20, 1)::text AS seconds
                FROM pg_stat_activity a
                WHERE a.pid <> pg_backend_pid()
                  AND (a.xact_start IS NULL OR a.xact_start <= clock_timestamp() - ? * interval '1 millisecond')
                  AND a.pid IN (SELECT pid FROM holders)
                ORDER BY a.xact_start NULLS LAST
                LIMIT ?
                """,
                BlockingSessions::describe,
                table.oid(),
                referenced.oid(),
                atLeast.toMillis(),
                MOST_NAMED);
    }

    /** A session, from the columns that are asked for above. */
    static String describe(ResultSet row) throws SQLException {
        String query = row.getString("query");
        return "pid " + row.getInt("pid")
                + (row.getString("usename") == null
                        ? ""
                        : " (" + row.getString("usename")
                                + (row.getString("application_name").isEmpty()
                                        ? ""
                                        : ", " + row.getString("application_name"))
                                + ")")
                + (row.getString("seconds") == null ? "" : ", in a transaction for " + row.getString("seconds") + " s")
                + ", "
                + (row.getString("state") == null ? row.getString("backend_type") : row.getString("state"))
                + (query == null || query.isEmpty() ? "" : ": " + QueryText.excerpt(query));
    }

    /** They have no session, so nobody sees them in pg_stat_activity, and they outlive a restart. */
    private static Supplier<List<String>> prepared(Flight flight, Table table, Table referenced, Duration atLeast) {
        return flight.query(
                WITH_HOLDERS + """
                SELECT x.gid, x.owner, extract(epoch FROM clock_timestamp() - x.prepared)::numeric(20, 1)::text AS seconds
                FROM pg_prepared_xacts x
                WHERE x.prepared <= clock_timestamp() - ? * interval '1 millisecond'
                  AND x.transaction IN (SELECT l.transactionid FROM pg_locks l JOIN holders h USING (virtualtransaction)
                                        WHERE l.granted AND l.locktype = 'transactionid' AND l.pid IS NULL AND h.pid IS NULL)
                ORDER BY x.prepared
                LIMIT ?
                """,
                row -> "the prepared transaction " + Identifiers.display(row.getString("gid")) + " ("
                        + row.getString("owner") + "), prepared " + row.getString("seconds") + " s ago",
                table.oid(),
                referenced.oid(),
                atLeast.toMillis(),
                MOST_NAMED);
    }
}
