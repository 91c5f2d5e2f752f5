package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same as {@link KillTest} on CockroachDB, where nothing is one transaction: the process dies before, during and after every
 * statement that changes a constraint, whose job goes on without it. Each kill has its own database, and all wait together for the
 * leases of the dead.
 */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class CockroachKillTest {

    private enum Moment {
        BEFORE,
        DURING,
        AFTER
    }

    /** The other statements write to the journal, which the statements around them find in the state that these left. */
    private static final Pattern SCHEMA_CHANGE = Pattern.compile("^ALTER TABLE .* CONSTRAINT ");

    private static final Semaphore PROCESSES = new Semaphore(3);

    private final TestServer server;

    CockroachKillTest(TestServer server) {
        this.server = server;
    }

    @ParameterizedTest
    @ValueSource(strings = {"MIGRATE", "UNDO"})
    void theNextRunFinishes(String work) throws Exception {
        List<String> original;
        List<String> expected;
        List<String> journal;
        int statements;
        try (TestDatabase undisturbed = OnlineSchema.create(server)) {
            original = ForeignKeys.of(undisturbed);
            Counter counter = new Counter();
            Migrations.migrate(
                    work.equals("MIGRATE") ? counter.guard(undisturbed.dataSource()) : undisturbed.dataSource());
            if (work.equals("UNDO")) {
                Migrations.undo(counter.guard(undisturbed.dataSource()));
            }
            expected = ForeignKeys.of(undisturbed);
            journal = ForeignKeys.journal(undisturbed);
            statements = counter.count;
        }
        assertThat(statements).isEqualTo(3 * OnlineSchema.FOREIGN_KEYS);
        Map<String, Background<Void>> kills = new LinkedHashMap<>();
        for (int number = 1; number <= statements; number++) {
            for (Moment moment : Moment.values()) {
                int statement = number;
                kills.put(work + " killed " + moment + " statement " + number, Background.start("kill", () -> {
                    killAndFinish(work, statement, moment, original, expected, journal);
                    return null;
                }));
            }
        }
        List<String> failures = new ArrayList<>();
        for (Map.Entry<String, Background<Void>> kill : kills.entrySet()) {
            Throwable failure = kill.getValue().failure();
            if (failure != null) {
                failures.add(kill.getKey() + ": " + failure);
            }
        }
        assertThat(failures).isEmpty();
    }

    private void killAndFinish(
            String work, int number, Moment moment, List<String> original, List<String> expected, List<String> journal)
            throws Exception {
        try (TestDatabase database = OnlineSchema.create(server)) {
            if (work.equals("UNDO")) {
                Migrations.migrate(database.dataSource());
            }
            PROCESSES.acquire();
            try (ChildJvm child = ChildJvm.start()) {
                killAt(child, work, database, number, moment);
            } finally {
                PROCESSES.release();
            }
            // Flyway's own lock is a row here, which outlives the process; its documentation says to delete it.
            database.execute("DELETE FROM flyway_schema_history WHERE installed_rank = -100");
            if (work.equals("UNDO")) {
                Migrations.undo(database.dataSource());
            } else {
                Migrations.migrate(database.dataSource());
            }
            assertThat(ForeignKeys.of(database)).isEqualTo(expected);
            assertThat(ForeignKeys.journal(database)).isEqualTo(journal);
            Migrations.undo(database.dataSource());
            assertThat(ForeignKeys.of(database)).as("undo").isEqualTo(original);
        }
    }

    private static void killAt(ChildJvm child, String work, TestDatabase database, int number, Moment moment)
            throws Exception {
        child.tell(work, database, true, SCHEMA_CHANGE);
        for (int i = 1; i < number; i++) {
            child.expect("BEFORE");
            child.go();
            child.expect("AFTER");
            child.go();
        }
        child.expect("BEFORE");
        if (moment != Moment.BEFORE) {
            child.go();
        }
        if (moment == Moment.AFTER) {
            child.expect("AFTER");
        }
        if (moment == Moment.DURING) {
            // Or it is over already: a statement on so few rows may be faster than the look at it.
            Until.isTrue(
                    "the statement has reached the server",
                    () -> child.hasSaidSomething()
                            || database.<Long>value(
                                            "SELECT count(*) FROM crdb_internal.cluster_queries WHERE application_name = '"
                                                    + ChildMain.APPLICATION_NAME + "' AND query LIKE 'ALTER TABLE%"
                                                    + "'")
                                    > 0);
        }
        child.kill();
    }

    private static final class Counter implements Gate {

        private int count;

        @Override
        public void before(String sql) throws SQLException {
            if (SCHEMA_CHANGE.matcher(sql).find()) {
                count++;
            }
        }

        @Override
        public void after(String sql) {}
    }
}
