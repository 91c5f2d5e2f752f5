package dev.cascadecleanup.internal.engine.cockroach;

import static dev.cascadecleanup.internal.engine.cockroach.CockroachFixture.FK;
import static dev.cascadecleanup.internal.engine.cockroach.CockroachFixture.STAND_IN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Killed clients, paused and cancelled jobs, transactions in the way. An open transaction that has read the table holds every
 * schema change of it up for as long as a test likes.
 */
@ContractTest(only = DatabaseKind.COCKROACHDB)
@Timeout(600)
class CockroachInterruptionTest {

    /** The statement of an earlier run that was under way when its client was killed. */
    enum Killed {
        ADD(CockroachFixture.addStatement(STAND_IN, "CASCADE")),
        DROP("ALTER TABLE trips DROP CONSTRAINT \"" + FK + "\""),
        RENAME("ALTER TABLE trips RENAME CONSTRAINT \"" + STAND_IN + "\" TO \"" + FK + "\"");

        private final String statement;

        Killed(String statement) {
            this.statement = statement;
        }

        /** Everything that came before it. */
        void build(CockroachFixture fixture) throws SQLException {
            if (this != ADD) {
                fixture.execute(ADD.statement);
            }
            if (this == RENAME) {
                fixture.execute(DROP.statement);
            }
        }
    }

    private static final long MOST_SECONDS = 600;

    private final TestServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private CockroachFixture fixture;

    CockroachInterruptionTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void createDatabase() throws Exception {
        fixture = new CockroachFixture(server);
    }

    @AfterEach
    void dropDatabase() throws Exception {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void goesOnWithWhatAKilledClientLeftRunning(Killed killed) throws Exception {
        JournalEntry entry = fixture.interrupted();
        killed.build(fixture);
        Future<Outcome> resumed;
        try (Connection inTheWay = transactionInTheWay()) {
            startAndKill(killed.statement);
            resumed = threads.submit(
                    () -> fixture.engine().resume(entry, JournalStep.resumedConversion(fixture.journal, entry)));
            inTheWay.rollback();
        }

        assertThat(result(resumed).kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
        assertThat(fixture.journalStates()).containsExactly("converted");
    }

    @ParameterizedTest
    @EnumSource
    void takesBackWhatAKilledClientLeftRunningWithoutAGap(Killed killed) throws Exception {
        JournalEntry entry = fixture.interrupted();
        killed.build(fixture);
        AtomicBoolean done = new AtomicBoolean();
        Future<Long> intruder = threads.submit(() -> insertOrphansUntil(done));
        Future<Outcome> undone;
        try (Connection inTheWay = transactionInTheWay()) {
            startAndKill(killed.statement);
            undone = threads.submit(() -> fixture.engine().resume(entry, JournalStep.undo(fixture.journal, entry)));
            inTheWay.rollback();
        }

        assertThat(result(undone).kind()).isEqualTo(Outcome.Kind.DONE);
        done.set(true);
        assertThat(result(intruder)).isPositive();
        assertThat(fixture.foreignKeys()).containsExactly(FK + " a true");
        assertThat(fixture.journalStates()).containsExactly("undone");
    }

    @Test
    void neverLetsAnOrphanIn() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Future<Long> intruder = threads.submit(() -> insertOrphansUntil(done));

        Conversion conversion = fixture.cascade();
        fixture.engine().convert(conversion, fixture.newStep(conversion));
        Conversion undo = fixture.to(ReferentialAction.NO_ACTION);
        fixture.engine().convert(undo, fixture.newStep(undo));

        done.set(true);
        assertThat(result(intruder)).isPositive();
        assertThat(fixture.foreignKeys()).containsExactly(FK + " a true");
    }

    @Test
    void saysThatAJobOfItsOwnIsPausedAndGoesOnWhenItIsResumed() throws Exception {
        Conversion conversion = fixture.cascade();
        Future<Outcome> converted;
        long job;
        try (Connection inTheWay = transactionInTheWay()) {
            converted = threads.submit(() -> fixture.engine().convert(conversion, fixture.newStep(conversion)));
            job = controlled("PAUSE");
            inTheWay.rollback();
        }
        awaitWarning("RESUME JOB " + job);
        assertThat(fixture.foreignKeys()).contains(FK + " a true");

        resume(job);
        assertThat(result(converted).kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
        assertThat(fixture.console.warnings())
                .filteredOn(line -> line.contains("RESUME JOB " + job))
                .hasSize(1);
    }

    /** The main connection and one more: the lease is renewed over it and the jobs are looked at over it. */
    @Test
    void aPoolOfTwoIsEnoughForTheLeaseAndTheWatchdog() throws Exception {
        Conversion conversion = fixture.cascade();
        HikariConfig config = new HikariConfig();
        config.setDataSource(fixture.database.dataSource());
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(1_000);
        try (HikariDataSource pool = new HikariDataSource(config);
                Connection main = pool.getConnection();
                CockroachLease lease =
                        CockroachLease.acquire(main, pool, "public", Duration.ofMinutes(1), fixture.console)) {
            Future<Outcome> converted;
            long job;
            try (Connection inTheWay = transactionInTheWay()) {
                CockroachEngine engine = fixture.engine(main, pool, Duration.ofMinutes(1), lease);
                converted = threads.submit(() -> engine.convert(conversion, fixture.newStep(conversion)));
                job = controlled("PAUSE");
                inTheWay.rollback();
            }
            awaitWarning("RESUME JOB " + job);
            fixture.execute("UPDATE " + CockroachLease.TABLE_NAME + " SET expires_at = now() + interval '1 second'");
            Eventually.isTrue(
                    "the heart beats",
                    () -> fixture.database.<Long>value("SELECT extract(epoch FROM expires_at - now())::int8 FROM "
                                    + CockroachLease.TABLE_NAME)
                            > 5);
            resume(job);
            assertThat(result(converted).kind()).isEqualTo(Outcome.Kind.DONE);
        }
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
        assertThat(fixture.console.infos()).noneMatch(line -> line.contains("no second connection"));
    }

    @Test
    void saysThatTheJobOfAKilledRunIsPausedAndGivesUpAfterAWhile() throws Exception {
        JournalEntry entry = fixture.interrupted();
        long job;
        try (Connection inTheWay = transactionInTheWay()) {
            startAndKill(Killed.ADD.statement);
            job = controlled("PAUSE");
            inTheWay.rollback();
        }
        assertThatThrownBy(() -> fixture.engine(Duration.ofMillis(300))
                        .resume(entry, JournalStep.resumedConversion(fixture.journal, entry)))
                .isInstanceOf(SQLException.class)
                .hasMessageContainingAll("trips." + FK, "RESUME JOB " + job, "cascade_max_wait = 300ms");
        assertThat(fixture.console.warnings()).anyMatch(line -> line.contains("RESUME JOB " + job));
        assertThat(fixture.foreignKeys()).contains(FK + " a true");

        Future<Outcome> resumed = threads.submit(
                () -> fixture.engine().resume(entry, JournalStep.resumedConversion(fixture.journal, entry)));
        resume(job);
        assertThat(result(resumed).kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
    }

    @Test
    void goesOnWhenItsJobIsCancelled() throws Exception {
        Conversion conversion = fixture.cascade();
        Future<Outcome> converted;
        try (Connection inTheWay = transactionInTheWay()) {
            converted = threads.submit(() -> fixture.engine().convert(conversion, fixture.newStep(conversion)));
            controlled("CANCEL");
            inTheWay.rollback();
        }
        assertThat(result(converted).kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
    }

    @Test
    void namesTheSessionThatHoldsItUp() throws Exception {
        Conversion conversion = fixture.cascade();
        try (Connection inTheWay = transactionInTheWay()) {
            Future<Outcome> converted =
                    threads.submit(() -> fixture.engine().convert(conversion, fixture.newStep(conversion)));
            String session;
            try (Statement statement = inTheWay.createStatement();
                    var row = statement.executeQuery("SHOW session_id")) {
                row.next();
                session = row.getString(1);
            }
            awaitWarning("CANCEL SESSION '" + session + "'");
            fixture.execute("CANCEL SESSION '" + session + "'");
            assertThat(result(converted).kind()).isEqualTo(Outcome.Kind.DONE);
        }
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
    }

    @Test
    void hintsAtSessionsThatItsRoleMayNotSee() throws Exception {
        Conversion conversion = fixture.cascade();
        try (CockroachRole role = new CockroachRole(fixture);
                Connection session = role.dataSource().getConnection()) {
            Future<Outcome> converted;
            try (Connection inTheWay = transactionInTheWay()) {
                CockroachEngine engine = fixture.engine(session, role.dataSource(), Duration.ofMinutes(1), null);
                converted = threads.submit(() -> engine.convert(conversion, fixture.newStep(conversion)));
                Eventually.isTrue(
                        "a hint",
                        () -> fixture.console.infos().stream().anyMatch(line -> line.contains("VIEWACTIVITY")));
                inTheWay.rollback();
            }
            assertThat(result(converted).kind()).isEqualTo(Outcome.Kind.DONE);
        }
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
    }

    @Test
    void saysWhatToDoWhenItsConnectionIsCut() throws Exception {
        JournalEntry entry = fixture.interrupted();
        Connection cut = fixture.database.connect();
        CockroachEngine engine = fixture.engine(cut, fixture.database.dataSource(), Duration.ofMinutes(1), null);
        Future<Outcome> failed;
        try (Connection inTheWay = transactionInTheWay()) {
            failed = threads.submit(() -> engine.resume(entry, JournalStep.resumedConversion(fixture.journal, entry)));
            awaitJob();
            cut.abort(Runnable::run);
            assertThatThrownBy(() -> result(failed))
                    .hasMessageContainingAll("trips." + FK, "connection was lost", "Run again");
            inTheWay.rollback();
        }

        fixture.engine().resume(entry, JournalStep.resumedConversion(fixture.journal, entry));
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
    }

    @Test
    void twoRunsAtOnceTakeEachOthersStepsForTheirOwn() throws Exception {
        JournalEntry entry = fixture.interrupted();
        Callable<Outcome> run = () -> {
            try (Connection connection = fixture.database.connect()) {
                return fixture.engine(connection, null, Duration.ofMinutes(1), null)
                        .resume(entry, JournalStep.resumedConversion(fixture.journal, entry));
            }
        };
        List<Future<Outcome>> runs = List.of(threads.submit(run), threads.submit(run), threads.submit(run));
        for (Future<Outcome> each : runs) {
            assertThat(result(each).kind()).isEqualTo(Outcome.Kind.DONE);
        }
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
    }

    private Connection transactionInTheWay() throws SQLException {
        Connection connection = fixture.database.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT count(*) FROM trips");
        }
        return connection;
    }

    /** Runs a statement up to its job, then cuts its client off. */
    private void startAndKill(String sql) throws Exception {
        Connection client = fixture.database.connect();
        Future<Void> running = threads.submit(() -> {
            try (Statement statement = client.createStatement()) {
                statement.execute(sql);
                return null;
            }
        });
        awaitJob();
        client.abort(Runnable::run);
        assertThatThrownBy(() -> result(running)).isInstanceOf(SQLException.class);
    }

    private void awaitJob() throws Exception {
        Eventually.isTrue("a job on trips", () -> !jobs().isEmpty());
    }

    /** Pauses or cancels a job on trips. An ADD has two, and the one for the referenced table may end at any moment. */
    private long controlled(String verb) throws Exception {
        return Eventually.get(
                "a job to " + verb,
                () -> jobs().stream()
                        .map(SchemaJob::id)
                        .filter(job -> succeeds(verb + " JOB " + job))
                        .findFirst());
    }

    private boolean succeeds(String sql) {
        try {
            fixture.execute(sql);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private List<SchemaJob> jobs() throws SQLException {
        try (Connection connection = fixture.database.connect()) {
            return new SchemaJobs(connection).unfinished(CockroachFixture.TABLE);
        }
    }

    /** A job that is only asked to pause cannot be resumed yet. */
    private void resume(long job) throws Exception {
        Eventually.isTrue("job " + job + " can be resumed", () -> succeeds("RESUME JOB " + job));
    }

    private void awaitWarning(String text) throws Exception {
        Eventually.get(
                "a warning with " + text,
                () -> fixture.console.warnings().stream()
                        .filter(line -> line.contains(text))
                        .findFirst());
    }

    /** How many tries it had; fails when one got in. */
    private long insertOrphansUntil(AtomicBoolean done) throws SQLException {
        try (Connection connection = fixture.database.connect();
                Statement statement = connection.createStatement()) {
            long tries = 0;
            while (!done.get()) {
                tries++;
                Optional<String> refusal =
                        refusalOf(statement, "INSERT INTO trips VALUES (" + (1_000 + tries) + ", 999)");
                assertThat(refusal).as("insert %d", tries).isPresent();
            }
            return tries;
        }
    }

    private static Optional<String> refusalOf(Statement statement, String sql) {
        try {
            statement.execute(sql);
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(e.getSQLState());
        }
    }

    private static <T> T result(Future<T> future) throws Exception {
        try {
            return future.get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }
}
