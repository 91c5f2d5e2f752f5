package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** The ways to make foreign keys cascade that are compared, and what is measured to compare them with. */
enum Way {

    /** The migration as it is shipped. */
    V060("V060", scanned(Migrations::migrate)),

    /** The floor: the same clients on the same server for as long as V060 took. */
    NO_MIGRATION("no migration", (database, schema, window) -> nothing(window)),

    /** One statement to drop each foreign key and one to add it again: the pattern of the SkyTwin request. */
    DROP_ADD("drop + add, one statement each", (database, schema, window) -> ByHand.dropAndAdd(database, schema)),

    /** All of them in one transaction: the pattern of the ZivoHealth request. CockroachDB refuses it. */
    ONE_TRANSACTION(
            "everything in one transaction", (database, schema, window) -> ByHand.oneTransaction(database, schema)),

    /** The way back. */
    UNDO("V060's undo", (database, schema) -> Migrations.migrate(database.dataSource()), scanned(Migrations::undo)),

    /** Nothing but the scans, on a copy whose foreign keys are swapped already. PostgreSQL only. */
    VALIDATE_ALONE(
            "VALIDATE alone", ByHand::swapAll, (database, schema, window) -> ByHand.validate(database, schema, 1)),

    /** The same scans from two connections at once. PostgreSQL only. */
    VALIDATE_TWO(
            "VALIDATE, two connections",
            ByHand::swapAll,
            (database, schema, window) -> ByHand.validate(database, schema, 2)),

    /** The migration on tables that lack the index that a delete needs, with cascade_indexes = create. */
    INDEXES(
            "V060, building the indexes first",
            (database, schema) -> schema.dropIndexes(database),
            scanned(Migrations::migrateWithIndexes)),

    /** The other floor: nobody migrates, but one session reads all the time, so that a processor is busy. PostgreSQL only. */
    READER("no migration, but one busy reader", (database, schema, window) -> reader(database, schema, window)),

    /** Another subject: a person with a million rows is deleted by the library, in short transactions. */
    ERASE(
            "erase in steps",
            Erasures::prepareAService,
            (database, schema, window) -> Erasures.inSteps(database, schema)),

    /** The same person deleted by one DELETE. */
    DELETE_AT_ONCE(
            "the one DELETE",
            Erasures::prepareAService,
            (database, schema, window) -> Erasures.atOnce(database, schema)),

    /** The floor of these two: the same database with the same person, whom nobody deletes, for as long as the erasure took. */
    NO_ERASURE("no erasure", Erasures::prepare, (database, schema, window) -> nothing(window));

    private static final Set<Way> POSTGRESQL_ONLY = EnumSet.of(ONE_TRANSACTION, VALIDATE_ALONE, VALIDATE_TWO, READER);
    private static final Set<Way> SET_THE_WINDOW = EnumSet.of(V060, INDEXES, ERASE);

    /** What is done before the clients come. */
    @FunctionalInterface
    private interface Preparation {
        void prepare(TestDatabase database, Schema schema) throws SQLException;
    }

    /** What is done while they are there. */
    @FunctionalInterface
    private interface Work {
        Effort run(TestDatabase database, Schema schema, Duration window) throws Exception;
    }

    private final String title;
    private final Preparation preparation;
    private final Work work;

    Way(String title, Work work) {
        this(title, (database, schema) -> {}, work);
    }

    Way(String title, Preparation preparation, Work work) {
        this.title = title;
        this.preparation = preparation;
        this.work = work;
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
        return SET_THE_WINDOW.contains(this);
    }

    /** Before the clients come. */
    void prepare(TestDatabase database, Schema schema) throws SQLException {
        preparation.prepare(database, schema);
    }

    /**
     * The work, while the clients are there.
     *
     * @param window how long to do nothing, for the way that does nothing
     */
    Effort run(TestDatabase database, Schema schema, Duration window) throws Exception {
        return work.run(database, schema, window);
    }

    boolean runsOnCockroach() {
        return !POSTGRESQL_ONLY.contains(this);
    }

    private static Work scanned(Consumer<DataSource> migration) {
        return (database, schema, window) -> {
            ScanClock scans = new ScanClock();
            migration.accept(scans.guard(database.dataSource()));
            return new Effort(scans.elapsed(), 1, null);
        };
    }

    private static Effort reader(TestDatabase database, Schema schema, Duration window) throws SQLException {
        long end = Clock.SYSTEM.now() + window.toNanos();
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET max_parallel_workers_per_gather = 0");
            for (int i = 0; Clock.SYSTEM.now() < end; i++) {
                statement.execute("SELECT count(*) FROM "
                        + schema.tables().get(i % schema.tables().size()));
            }
        }
        return Effort.NOTHING_TO_SAY;
    }

    private static Effort nothing(Duration window) {
        Clock.SYSTEM.sleepUntil(Clock.SYSTEM.now() + window.toNanos());
        return Effort.NOTHING_TO_SAY;
    }
}
