package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableName;
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
import java.util.List;
import java.util.Map;
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

    /** What holds for a transaction with a DELETE in it, under the session's own search path. Parameters: {@link #limits}. */
    static final String LIMITS =
            "pg_catalog.set_config('lock_timeout', ?, true), pg_catalog.set_config('statement_timeout', ?, true)";

    /** The same where somebody takes part in it. Parameters: {@link #limitsOfMany}. */
    static final String LIMITS_OF_MANY =
            LIMITS + ", pg_catalog.set_config('idle_in_transaction_session_timeout', ?, true)";

    private final Connection connection;
    private final Server server;
    private final ParentKey parent;
    private final List<String> key;
    private final EraseOptions options;
    private final Tally tally;

    FinalDelete(
            Connection connection,
            Server server,
            ParentKey parent,
            List<String> key,
            EraseOptions options,
            Tally tally) {
        this.connection = connection;
        this.server = server;
        this.parent = parent;
        this.key = key;
        this.options = options;
        this.tally = tally;
    }

    /**
     * Nothing is to be deleted before a DELETE that this role may not send.
     *
     * @throws SQLException if it may not: the server asks for that when it plans (manual, EXPLAIN)
     */
    void ensureAllowed() throws SQLException {
        Sql.query(connection, "EXPLAIN " + delete(), row -> true, key.toArray());
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
        Optional<Map<TableName, Tally.Counts>> counts = Transactions.run(connection, () -> {
            Flight flight = new Flight(connection);
            flight.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
            Supplier<List<RowCounts.Count>> before =
                    RowCounts.before(flight, LIMITS_OF_MANY, limitsOfMany(options, timeout));
            flight.execute(SqlStatement.of(delete(), key.toArray()));
            Supplier<List<RowCounts.Count>> after = RowCounts.after(flight, "true", "", List.of());
            Supplier<List<Boolean>> remains = flight.query(remaining(), row -> true, key.toArray());
            flight.run();
            refuseIf(!remains.get().isEmpty());
            Optional<Map<TableName, Tally.Counts>> counted = RowCounts.between(before.get(), after.get());
            tally.transaction(since(start));
            options.listener().afterErase(connection, tally.done(counted));
            return counted;
        });
        tally.transaction(since(start));
        return tally.done(counts);
    }

    static List<String> limits(EraseOptions options, Duration timeout) {
        return List.of(millis(options.lockTimeout()), millis(timeout));
    }

    static List<String> limitsOfMany(EraseOptions options, Duration timeout) {
        return List.of(millis(options.lockTimeout()), millis(timeout), millis(MOST_IDLE));
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
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

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
