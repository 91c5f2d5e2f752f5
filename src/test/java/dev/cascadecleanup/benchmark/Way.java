package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ways to make foreign keys cascade that are compared, and what is measured to compare them with. */
enum Way {

    /** The migration as it is shipped. */
    V060("V060") {
        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) {
            ScanClock scans = new ScanClock();
            Migrations.migrate(scans.guard(database.dataSource()));
            return new Effort(scans.elapsed(), 1, null);
        }
    },

    /** The floor: the same clients on the same server for as long as V060 took. */
    NO_MIGRATION("no migration") {
        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) {
            return nothing(window);
        }
    },

    /** One statement to drop each foreign key and one to add it again: the pattern of the SkyTwin request. */
    DROP_ADD("drop + add, one statement each") {
        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) throws Exception {
            return ByHand.dropAndAdd(database, schema);
        }
    },

    /** All of them in one transaction: the pattern of the ZivoHealth request. CockroachDB refuses it. */
    ONE_TRANSACTION("everything in one transaction") {
        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) throws Exception {
            return ByHand.oneTransaction(database, schema);
        }

        @Override
        boolean runsOnCockroach() {
            return false;
        }
    },

    /** The way back. */
    UNDO("V060's undo") {
        @Override
        void prepare(TestDatabase database, Schema schema) {
            Migrations.migrate(database.dataSource());
        }

        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) {
            ScanClock scans = new ScanClock();
            Migrations.undo(scans.guard(database.dataSource()));
            return new Effort(scans.elapsed(), 1, null);
        }
    },

    /** Nothing but the scans, on a copy whose foreign keys are swapped already. PostgreSQL only. */
    VALIDATE_ALONE("VALIDATE alone") {
        @Override
        void prepare(TestDatabase database, Schema schema) throws SQLException {
            ByHand.swapAll(database, schema);
        }

        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) throws Exception {
            return ByHand.validate(database, schema, 1);
        }

        @Override
        boolean runsOnCockroach() {
            return false;
        }
    },

    /** The same scans from two connections at once. PostgreSQL only. */
    VALIDATE_TWO("VALIDATE, two connections") {
        @Override
        void prepare(TestDatabase database, Schema schema) throws SQLException {
            ByHand.swapAll(database, schema);
        }

        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) throws Exception {
            return ByHand.validate(database, schema, 2);
        }

        @Override
        boolean runsOnCockroach() {
            return false;
        }
    },

    /** The migration on tables that lack the index that a delete needs, with cascade_indexes = create. */
    INDEXES("V060, building the indexes first") {
        @Override
        void prepare(TestDatabase database, Schema schema) throws SQLException {
            schema.dropIndexes(database);
        }

        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) {
            ScanClock scans = new ScanClock();
            Migrations.migrateWithIndexes(scans.guard(database.dataSource()));
            return new Effort(scans.elapsed(), 1, null);
        }
    },

    /** Another subject: a person with a million rows is deleted by the library, in short transactions. */
    ERASE("erase in steps") {
        @Override
        void prepare(TestDatabase database, Schema schema) throws SQLException {
            Erasures.prepare(database, schema);
        }

        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) throws Exception {
            return Erasures.inSteps(database, schema);
        }
    },

    /** The same person deleted by one DELETE. */
    DELETE_AT_ONCE("the one DELETE") {
        @Override
        void prepare(TestDatabase database, Schema schema) throws SQLException {
            Erasures.prepare(database, schema);
        }

        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) throws Exception {
            return Erasures.atOnce(database, schema);
        }
    },

    /** The floor of these two: the same database with the same person, whom nobody deletes, for as long as the erasure took. */
    NO_ERASURE("no erasure") {
        @Override
        void prepare(TestDatabase database, Schema schema) throws SQLException {
            Erasures.prepare(database, schema);
        }

        @Override
        Effort run(TestDatabase database, Schema schema, Duration window) {
            return nothing(window);
        }
    };

    private final String title;

    Way(String title) {
        this.title = title;
    }

    /** In words. */
    String title() {
        return title;
    }

    /** Those of a run that names none, as the property names them. */
    static String usual() {
        return Stream.of(values())
                .filter(way -> way.compareTo(VALIDATE_TWO) < 0)
                .map(Way::name)
                .collect(Collectors.joining(","));
    }

    /** Whether the floors wait for as long as this way took. */
    boolean setsTheWindow() {
        return this == V060 || this == ERASE;
    }

    private static Effort nothing(Duration window) {
        Clock.SYSTEM.sleepUntil(Clock.SYSTEM.now() + window.toNanos());
        return Effort.NOTHING_TO_SAY;
    }

    /** Before the clients come. */
    void prepare(TestDatabase database, Schema schema) throws SQLException {}

    /**
     * The work, while the clients are there.
     *
     * @param window how long to do nothing, for the way that does nothing
     */
    abstract Effort run(TestDatabase database, Schema schema, Duration window) throws Exception;

    boolean runsOnCockroach() {
        return true;
    }
}
