package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same as {@link KillTest} on CockroachDB, where nothing is one transaction: the process dies before, during and after every
 * statement that changes a constraint, whose job goes on without it.
 */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class CockroachKillTest {

    /** The other statements write to the journal, which the statements around them find in the state that these left. */
    private static final CockroachKills KILLS = new CockroachKills(Pattern.compile("^ALTER TABLE .* CONSTRAINT "));

    /** Add the stand-in, drop the original, rename the stand-in; the journal is written before the first and after the last. */
    private static final int OF_ONE_FOREIGN_KEY = 3;

    private final TestServer server;

    CockroachKillTest(TestServer server) {
        this.server = server;
    }

    @AfterAll
    static void endChildren() throws Exception {
        KILLS.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MIGRATE", "UNDO"})
    void theNextRunFinishes(String work) throws Exception {
        List<String> original;
        List<String> expected;
        List<String> journal;
        CockroachKills.Counter counter = KILLS.counter();
        try (TestDatabase undisturbed = OnlineSchema.create(server)) {
            original = ForeignKeys.of(undisturbed);
            Migrations.migrate(
                    work.equals("MIGRATE")
                            ? counter.guard(undisturbed.warmDataSource())
                            : undisturbed.warmDataSource());
            if (work.equals("UNDO")) {
                Migrations.undo(counter.guard(undisturbed.warmDataSource()));
            }
            expected = ForeignKeys.of(undisturbed);
            journal = ForeignKeys.journal(undisturbed);
        }
        assertThat(counter.count()).isEqualTo(OF_ONE_FOREIGN_KEY * OnlineSchema.FOREIGN_KEYS);
        CockroachKills.everywhere(
                work, counter.count(), number -> number % OF_ONE_FOREIGN_KEY != 0, (number, moment) -> {
                    try (TestDatabase database = OnlineSchema.create(server)) {
                        if (work.equals("UNDO")) {
                            Migrations.migrate(database.warmDataSource());
                        }
                        KILLS.kill(work, database, number, moment);
                        if (work.equals("UNDO")) {
                            Migrations.undo(database.warmDataSource());
                        } else {
                            Migrations.migrate(database.warmDataSource());
                        }
                        assertThat(ForeignKeys.of(database)).isEqualTo(expected);
                        assertThat(ForeignKeys.journal(database)).isEqualTo(journal);
                        if (work.equals("MIGRATE")) {
                            Migrations.takeBack(database.warmDataSource());
                        }
                        assertThat(ForeignKeys.of(database)).as("undo").isEqualTo(original);
                    }
                });
    }
}
