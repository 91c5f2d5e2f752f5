package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseReceipt;
import dev.cascadecleanup.internal.engine.Backoff;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStatement;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.jdbc.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one DELETE, as a service would send it: with the session's own search path, which its triggers may count on, and with everything
 * that the schema makes of it.
 */
final class FinalDelete {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** How long a listener may leave the transaction idle: longer than any outbox row takes, shorter than a night. */
    private static final Duration MOST_IDLE = Duration.ofMinutes(1);

    private final Connection connection;
    private final Server server;
    private final ParentKey parent;
    private final List<String> key;
    private final EraseOptions options;
    private final Tally tally;
    private final Map<Long, Table> counted;

    /** @param counted the tables, and partitions, in which to count what happens, by OID */
    FinalDelete(
            Connection connection,
            Server server,
            ParentKey parent,
            List<String> key,
            EraseOptions options,
            Tally tally,
            Map<Long, Table> counted) {
        this.connection = connection;
        this.server = server;
        this.parent = parent;
        this.key = key;
        this.options = options;
        this.tally = tally;
        this.counted = counted;
    }

    /** Deletes the person, trying again when it loses against others. */
    EraseReceipt run() throws SQLException {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, options.maxWait());
        while (true) {
            try {
                return once(options.deleteTimeout());
            } catch (SQLException e) {
                if (!SqlStates.isLockConflict(e) || backoff.isOver()) {
                    throw e;
                }
                tally.retry();
                backoff.pause();
            }
        }
    }

    /** Tries it once. */
    EraseReceipt once(Duration timeout) throws SQLException {
        long start = System.nanoTime();
        try {
            return server.product() == Product.POSTGRESQL ? onPostgres(timeout, start) : onCockroach(start);
        } finally {
            tally.transaction(since(start));
        }
    }

    private EraseReceipt onPostgres(Duration timeout, long start) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            Flight flight = new Flight(connection);
            flight.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
            flight.execute("SET LOCAL lock_timeout = " + options.lockTimeout().toMillis());
            flight.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
            flight.execute("SET LOCAL idle_in_transaction_session_timeout = " + MOST_IDLE.toMillis());
            Supplier<List<Count>> before = count(flight);
            flight.execute(SqlStatement.of(delete(), key.toArray()));
            Supplier<List<Count>> after = count(flight);
            Supplier<List<Boolean>> remains = flight.query(remaining(), row -> true, key.toArray());
            flight.run();
            refuseIf(!remains.get().isEmpty());
            Optional<Map<Table, Tally.Counts>> counts = difference(before.get(), after.get());
            tally.transaction(since(start));
            options.listener().afterErase(connection, tally.done(counts));
            connection.commit();
            tally.transaction(since(start));
            return tally.done(counts);
        } catch (Throwable e) {
            Transactions.rollback(connection, e);
            throw e;
        } finally {
            Transactions.restoreAutoCommit(connection, autoCommit);
        }
    }

    private EraseReceipt onCockroach(long start) throws SQLException {
        CockroachTransaction.write(connection, () -> {
            Sql.update(connection, delete(), key.toArray());
            refuseIf(Sql.queryFirst(connection, remaining(), row -> true, key.toArray())
                    .isPresent());
            tally.transaction(since(start));
            options.listener().afterErase(connection, tally.done(Optional.empty()));
        });
        tally.transaction(since(start));
        return tally.done(Optional.empty());
    }

    private String delete() {
        return "DELETE FROM " + parent.table().name().quoted() + " WHERE " + parent.condition("");
    }

    private String remaining() {
        return "SELECT 1 FROM " + parent.table().name().quoted() + " WHERE " + parent.condition("");
    }

    /** Before the commit: a DELETE that deletes nothing, and leaves a mark instead perhaps, is not an erasure. */
    private void refuseIf(boolean remains) {
        if (remains) {
            throw new SwallowedDeleteException(
                    parent.table() + " still has the row after the DELETE: a trigger, a rule or row-level"
                            + " security keeps it. The DELETE was rolled back");
        }
    }

    /** What this transaction, and what is not yet reported of those before it, has done to a table. */
    private record Count(long oid, long deleted, long updated, boolean on) {}

    private Supplier<List<Count>> count(Flight flight) {
        return flight.query(
                "SELECT CAST(t.oid AS pg_catalog.int8) AS oid, pg_catalog.pg_stat_get_xact_tuples_deleted(t.oid) AS deleted,"
                        + " pg_catalog.pg_stat_get_xact_tuples_updated(t.oid) AS updated,"
                        + " CAST(pg_catalog.current_setting('track_counts') AS pg_catalog.bool) AS counts"
                        + " FROM pg_catalog.unnest(CAST(? AS pg_catalog.oid[])) AS t(oid)",
                row -> new Count(
                        row.getLong("oid"), row.getLong("deleted"), row.getLong("updated"), row.getBoolean("counts")),
                counted.keySet().stream().map(String::valueOf).toList());
    }

    /** Empty if the server does not count. */
    private Optional<Map<Table, Tally.Counts>> difference(List<Count> before, List<Count> after) {
        if (after.stream().anyMatch(count -> !count.on())) {
            return Optional.empty();
        }
        Map<Long, Count> earlier = new HashMap<>();
        before.forEach(count -> earlier.put(count.oid(), count));
        Map<Table, Tally.Counts> difference = new LinkedHashMap<>();
        for (Count count : after) {
            Count then = Objects.requireNonNull(earlier.get(count.oid()));
            long deleted = count.deleted() - then.deleted();
            long updated = count.updated() - then.updated();
            if (deleted > 0 || updated > 0) {
                difference.merge(
                        counted.get(count.oid()),
                        new Tally.Counts(deleted, updated),
                        (one, other) ->
                                new Tally.Counts(one.deleted() + other.deleted(), one.updated() + other.updated()));
            }
        }
        return Optional.of(difference);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
