package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseReceipt;
import dev.cascadecleanup.erase.EraseRefusedException;
import dev.cascadecleanup.erase.ErasureListener;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.jdbc.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one DELETE of a light person on PostgreSQL, in one round trip with all that makes it right: the lock on the person, which ends with
 * the transaction, the count of what goes, and the look whether the parent is still what it was taken for. It takes the place of nothing:
 * wherever it does not end well, nothing has happened, and whoever takes more time finds out why.
 */
final class DeleteAtOnce {

    private final Connection connection;
    private final PlainParent parent;
    private final EraseOptions options;
    private final Instant startedAt = Instant.now();
    private final long start = System.nanoTime();

    DeleteAtOnce(Connection connection, PlainParent parent, EraseOptions options) {
        this.connection = connection;
        this.parent = parent;
        this.options = options;
    }

    /**
     * How it went.
     *
     * @param parent what it was tried on, or null if it was not tried
     * @param receipt of an erasure, or null if there was none
     * @param took how long it took
     * @param tooLong whether it was given up for that, or for a lock
     */
    record Attempt(@Nullable PlainParent parent, @Nullable EraseReceipt receipt, Duration took, boolean tooLong) {

        static final Attempt NONE = new Attempt(null, null, Duration.ZERO, false);
    }

    /** @param text the key, a value of the primary key's type if it is one at all */
    Attempt of(String text) throws SQLException {
        try {
            boolean listens = options.listener() != ErasureListener.NONE;
            Optional<EraseReceipt> receipt =
                    listens ? Transactions.run(connection, () -> delete(text, true)) : delete(text, false);
            return new Attempt(parent, receipt.orElse(null), took(), false);
        } catch (SQLException e) {
            // The next one asks, and says what is the matter.
            return new Attempt(parent, null, took(), SqlStates.isGivenUp(e));
        }
    }

    /** @param listens whether somebody takes part in the transaction, which then is open already */
    private Optional<EraseReceipt> delete(String text, boolean listens) throws SQLException {
        long began = System.nanoTime();
        Flight flight = new Flight(connection);
        flight.execute((listens ? "SET TRANSACTION" : "BEGIN") + " ISOLATION LEVEL READ COMMITTED");
        Supplier<List<RowCounts.Count>> before = RowCounts.before(
                flight,
                (listens ? FinalDelete.LIMITS_OF_MANY : FinalDelete.LIMITS) + ", " + PostgresPersonLock.NOTE_THE_TIME,
                listens
                        ? FinalDelete.limitsOfMany(options, options.stepGoal())
                        : FinalDelete.limits(options, options.stepGoal()));
        Supplier<List<String>> deleted = flight.query(
                "DELETE FROM " + parent.key().table().name().quoted() + " r WHERE " + mine(parent.key()) + " RETURNING "
                        + asText(parent.key()),
                row -> row.getString(1),
                text,
                text);
        List<Object> parameters = new ArrayList<>(parent.parameters());
        parameters.add(text);
        parameters.add(text);
        // Not said of a row of which somebody else has the lock.
        Supplier<List<RowCounts.Count>> after = RowCounts.after(
                flight,
                parent.unchanged() + " AND NOT EXISTS (SELECT FROM "
                        + parent.key().table().name().quoted() + " r WHERE " + mine(parent.key()) + ")",
                "the parent has changed, or its row is still there",
                parameters);
        if (listens) {
            flight.run();
        } else {
            flight.execute("COMMIT");
            Transactions.run(connection, flight);
        }
        if (deleted.get().isEmpty()) {
            return Optional.empty();
        }
        Optional<Map<TableName, Tally.Counts>> counts = RowCounts.between(before.get(), after.get());
        Tally tally = new Tally(parent.key(), deleted.get().get(0), startedAt, start);
        tally.transaction(Duration.ofNanos(System.nanoTime() - began));
        if (listens) {
            tell(tally.done(counts));
            connection.commit();
            tally.transaction(Duration.ofNanos(System.nanoTime() - began));
        }
        return Optional.of(tally.done(counts));
    }

    private void tell(EraseReceipt receipt) throws SQLException {
        try {
            options.listener().afterErase(connection, receipt);
        } catch (CascadeException e) {
            throw e;
        } catch (RuntimeException e) {
            EraseRefusedException refused = new EraseRefusedException(
                    parent.key().table() + " " + receipt.key(), List.of("a listener ended it: " + e), true);
            refused.initCause(e);
            throw refused;
        }
    }

    /** The row {@code r} of the person, if nobody else has the lock on the person. Parameters: the key, twice. */
    static String mine(ParentKey key) {
        String same = key.condition("r.");
        return same + " AND CASE WHEN " + same + " THEN " + PostgresPersonLock.untilTheEnd(key, asText(key)) + " END";
    }

    /** The key as the server writes it. */
    private static String asText(ParentKey key) {
        return "CAST(r." + Identifiers.quote(key.columns().get(0).name()) + " AS pg_catalog.text)";
    }

    private Duration took() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
