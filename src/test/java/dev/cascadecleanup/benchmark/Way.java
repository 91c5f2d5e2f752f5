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
            long now = Clock.SYSTEM.now();
            Clock.SYSTEM.sleepUntil(now + window.toNanos());
            return Effort.NOTHING_TO_SAY;
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
                .filter(way -> way != VALIDATE_TWO)
                .map(Way::name)
                .collect(Collectors.joining(","));
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
