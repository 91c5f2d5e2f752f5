package dev.cascadecleanup.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A short transaction of our own on a borrowed PostgreSQL connection. Whatever it sets is local to it, so that commit and
 * rollback both give the session back as it was; autocommit is restored too.
 */
public final class PostgresTransaction {

    /** Work on the connection, between BEGIN and COMMIT. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** The same that returns nothing. */
    @FunctionalInterface
    public interface Action {
        void run() throws SQLException;
    }

    private static final String SYSTEM_PATH = "SET LOCAL search_path = pg_catalog, pg_temp";

    /**
     * READ COMMITTED, so that what is read after a lock was taken is what the lock protects, whatever the session's default
     * is; a search path with nothing on it but the system's own, which no user can add to; and no time-out that is meant for the
     * requests of clients. Work that may make others wait sets its own.
     */
    private static final List<String> OWN_SETTINGS =
            List.of("SET TRANSACTION ISOLATION LEVEL READ COMMITTED", SYSTEM_PATH, "SET LOCAL statement_timeout = 0");

    private static final String READ_ONLY = "SET TRANSACTION READ ONLY";

    private static final List<String> OWN_SETTINGS_READ_ONLY =
            Stream.concat(OWN_SETTINGS.stream(), Stream.of(READ_ONLY)).toList();

    /** Longer than a step of a migration, of this one at least, holds a lock; each lock may take as long. */
    public static final String WAIT_BRIEFLY = "SET LOCAL lock_timeout = '5s'";

    private static final List<String> OWN_SETTINGS_OF_A_LOOK = Stream.concat(
                    OWN_SETTINGS_READ_ONLY.stream(), Stream.of(WAIT_BRIEFLY))
            .toList();

    private static final String REPEATABLE_READ = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    private static final String NO_JIT = "SET LOCAL jit = off";

    /** Work that begins with a flight. */
    @FunctionalInterface
    public interface FlightWork<T> {
        /**
         * Adds to the flight and runs it.
         *
         * @param first has the settings of the transaction
         */
        T run(Flight first) throws SQLException;
    }

    /** Reading that is one flight. */
    @FunctionalInterface
    public interface Reading<T> {
        /** Adds queries to the flight, and says what to make of their rows. */
        Supplier<T> addTo(Flight flight);
    }

    private PostgresTransaction() {}

    /** Runs work that only reads, in a transaction that the server holds to that. */
    public static <T> T read(Connection connection, Work<T> work) throws SQLException {
        return run(connection, () -> {
            execute(connection, OWN_SETTINGS_READ_ONLY);
            return work.run();
        });
    }

    /** The same for work that keeps what it reads. */
    public static void read(Connection connection, Action work) throws SQLException {
        read(connection, () -> {
            work.run();
            return true;
        });
    }

    /** The same for work that begins with a flight. Work that already committed, as the last statement of another, is fine. */
    public static <T> T readFrom(Connection connection, FlightWork<T> work) throws SQLException {
        return run(connection, () -> work.run(flight(connection, OWN_SETTINGS_READ_ONLY)));
    }

    /**
     * The same for a look that had better be given up than wait long behind somebody's lock: also what prints an expression takes one on the
     * table that it is about.
     *
     * @throws SQLException that says who holds it, if it was given up
     */
    public static <T> T look(Connection connection, Work<T> work) throws SQLException {
        return LockHolders.named(connection, () -> lookWithoutNames(connection, work));
    }

    static <T> T lookWithoutNames(Connection connection, Work<T> work) throws SQLException {
        return run(connection, () -> {
            execute(connection, OWN_SETTINGS_OF_A_LOOK);
            return work.run();
        });
    }

    /** The same for work that begins with a flight. */
    public static <T> T lookFrom(Connection connection, FlightWork<T> work) throws SQLException {
        return LockHolders.named(
                connection, () -> run(connection, () -> work.run(flight(connection, OWN_SETTINGS_OF_A_LOOK))));
    }

    /** The same in a single round trip. */
    public static <T> T lookAtOnce(Connection connection, Reading<T> reading) throws SQLException {
        return lookFrom(connection, flight -> atOnce(flight, reading));
    }

    /** A look in one snapshot, however many statements it takes (manual, 13.2.2). */
    public static <T> T snapshot(Connection connection, Work<T> work) throws SQLException {
        return LockHolders.named(
                connection,
                () -> run(connection, () -> {
                    execute(connection, List.of(REPEATABLE_READ, SYSTEM_PATH, NO_JIT, WAIT_BRIEFLY));
                    return work.run();
                }));
    }

    /**
     * The same under the session's own search path, for work that qualifies every name and operator. To change the search path costs more
     * than the change: the driver then forgets the statements that it has prepared.
     */
    public static <T> T snapshotUnderOwnPath(Connection connection, FlightWork<T> work) throws SQLException {
        return LockHolders.named(
                connection,
                () -> run(
                        connection,
                        () -> work.run(flight(connection, List.of(REPEATABLE_READ, NO_JIT, WAIT_BRIEFLY)))));
    }

    /** The same in a single round trip, over a connection with autocommit on. */
    public static <T> T snapshotAtOnce(Connection connection, Reading<T> reading) throws SQLException {
        return atOnce(
                connection, List.of("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", NO_JIT, WAIT_BRIEFLY), reading);
    }

    /** The same for a single question. */
    public static <T> T askAtOnce(Connection connection, Reading<T> reading) throws SQLException {
        return atOnce(connection, List.of("BEGIN READ ONLY", WAIT_BRIEFLY), reading);
    }

    private static <T> T atOnce(Connection connection, List<String> settings, Reading<T> reading) throws SQLException {
        return LockHolders.named(connection, () -> {
            Flight flight = flight(connection, settings);
            Supplier<T> result = reading.addTo(flight);
            flight.execute("COMMIT");
            Transactions.run(connection, flight);
            return result.get();
        });
    }

    /** For the rest of a transaction: the catalog prints expressions for this search path, so that is how they are run. */
    public static void useSystemPath(Connection connection) throws SQLException {
        // Behind another setting, so that its text, with the line break before it, is that of the others: see below.
        execute(connection, List.of(NO_JIT, SYSTEM_PATH));
    }

    /** The same in a single round trip. */
    public static <T> T readAtOnce(Connection connection, Reading<T> reading) throws SQLException {
        return readFrom(connection, flight -> atOnce(flight, reading));
    }

    private static <T> T atOnce(Flight flight, Reading<T> reading) throws SQLException {
        Supplier<T> result = reading.addTo(flight);
        flight.execute("COMMIT");
        flight.run();
        return result.get();
    }

    /** Runs work that writes. Work that already committed, as the last statement of a flight, is fine. */
    public static <T> T write(Connection connection, Work<T> work) throws SQLException {
        return run(connection, () -> {
            execute(connection, OWN_SETTINGS);
            return work.run();
        });
    }

    /** The same for work that returns nothing. */
    public static void write(Connection connection, Action work) throws SQLException {
        write(connection, () -> {
            work.run();
            return true;
        });
    }

    /** The same for work that has more to say in its first round trip. */
    public static <T> T write(Connection connection, FlightWork<T> work) throws SQLException {
        return run(connection, () -> work.run(flight(connection, OWN_SETTINGS)));
    }

    /** The same for work that is one flight. */
    public static void writeAtOnce(Connection connection, Consumer<Flight> work) throws SQLException {
        write(connection, flight -> {
            work.accept(flight);
            flight.run();
            return true;
        });
    }

    /**
     * As a flight writes them: the driver takes a statement that sets the search path for a change if its text is another than the last
     * one's, and then forgets what it has prepared (before PostgreSQL 18, whose sessions say themselves when it has changed).
     */
    private static void execute(Connection connection, List<String> settings) throws SQLException {
        Sql.execute(connection, String.join(";\n", settings));
    }

    private static Flight flight(Connection connection, List<String> settings) {
        Flight flight = new Flight(connection);
        settings.forEach(flight::execute);
        return flight;
    }

    private static <T> T run(Connection connection, Work<T> work) throws SQLException {
        return Transactions.run(connection, work::run);
    }
}
