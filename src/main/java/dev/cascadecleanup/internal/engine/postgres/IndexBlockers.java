package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Who a CREATE INDEX CONCURRENTLY would wait for (manual, CREATE INDEX, Building Indexes Concurrently): transactions that have written
 * to the table, and all that hold an old snapshot, whatever they have read. The first is asked of DROP INDEX CONCURRENTLY too, for
 * which readers count as well.
 */
final class IndexBlockers {

    private static final int MOST_NAMED = 5;

    private static final String HOLDERS = """
            SELECT l.%s FROM pg_locks l WHERE l.granted AND l.locktype = 'relation' AND l.relation = ?::oid
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (? OR l.mode NOT IN ('AccessShareLock', 'RowShareLock'))""";

    private final Connection connection;

    IndexBlockers(Connection connection) {
        this.connection = connection;
    }

    /** Sessions and prepared transactions that are at least this old, oldest first, as text. */
    List<String> ofBuild(long tableOid, Duration atLeast) throws SQLException {
        return find(tableOid, atLeast, false);
    }

    /** The same for a drop. */
    List<String> ofDrop(long tableOid, Duration atLeast) throws SQLException {
        return find(tableOid, atLeast, true);
    }

    private List<String> find(long tableOid, Duration atLeast, boolean drop) throws SQLException {
        return PostgresTransaction.readAtOnce(connection, flight -> {
            Supplier<List<String>> prepared = prepared(flight, tableOid, atLeast, drop);
            Supplier<List<String>> sessions = sessions(flight, tableOid, atLeast, drop);
            return () -> Stream.concat(prepared.get().stream(), sessions.get().stream())
                    .toList();
        });
    }

    /** What an autovacuum or a VACUUM sees does not matter to a build (procarray.c, {@code GetCurrentVirtualXIDs}). */
    private static Supplier<List<String>> sessions(Flight flight, long tableOid, Duration atLeast, boolean drop) {
        return flight.query(
                """
                SELECT a.pid, a.usename, a.application_name, a.backend_type, a.state, a.query,
                       extract(epoch FROM clock_timestamp() - a.xact_start)::numeric(20, 1)::text AS seconds
                FROM pg_stat_activity a
                WHERE a.pid <> pg_backend_pid() AND a.datname = current_database()
                  AND a.xact_start <= clock_timestamp() - ? * interval '1 millisecond'
                  AND a.backend_type <> 'autovacuum worker'
                  AND ((NOT ? AND a.backend_xmin IS NOT NULL AND a.query !~* '^\\s*(VACUUM|ANALYZE)')
                       OR a.pid IN (%s))
                ORDER BY a.xact_start
                LIMIT ?
                """.formatted(HOLDERS.formatted("pid")),
                BlockingSessions::describe,
                atLeast.toMillis(),
                drop,
                tableOid,
                drop,
                MOST_NAMED);
    }

    private static Supplier<List<String>> prepared(Flight flight, long tableOid, Duration atLeast, boolean drop) {
        return flight.query(
                """
                SELECT x.gid, x.owner, extract(epoch FROM clock_timestamp() - x.prepared)::numeric(20, 1)::text AS seconds
                FROM pg_prepared_xacts x
                WHERE x.database = current_database() AND x.prepared <= clock_timestamp() - ? * interval '1 millisecond'
                  AND x.transaction IN (SELECT t.transactionid FROM pg_locks t
                    WHERE t.locktype = 'transactionid' AND t.pid IS NULL AND t.virtualtransaction IN (%s AND l.pid IS NULL))
                ORDER BY x.prepared
                LIMIT ?
                """.formatted(HOLDERS.formatted("virtualtransaction")),
                row -> "the prepared transaction " + Identifiers.display(row.getString("gid")) + " ("
                        + row.getString("owner") + "), prepared " + row.getString("seconds") + " s ago",
                atLeast.toMillis(),
                tableOid,
                drop,
                MOST_NAMED);
    }
}
