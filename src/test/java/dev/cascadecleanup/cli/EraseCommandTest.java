package dev.cascadecleanup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The verb that erases: what it asks, prints, and ends with. */
@ContractTest(oldestAndNewest = true)
class EraseCommandTest {

    private final TestServer server;
    private TestDatabase database;

    EraseCommandTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void createSchema() throws SQLException {
        database = server.databaseOf(
                "cli erase",
                empty -> empty.execute(
                        "CREATE TABLE users (id bigint PRIMARY KEY)",
                        "CREATE TABLE notes (id bigint PRIMARY KEY, u bigint, CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users ON DELETE CASCADE)",
                        "CREATE TABLE bills (id bigint PRIMARY KEY, u bigint, CONSTRAINT bills_of_user FOREIGN KEY (u) REFERENCES users)",
                        "INSERT INTO users SELECT n FROM generate_series(1, 4) AS s(n)",
                        "INSERT INTO notes SELECT n, 1 + n % 4 FROM generate_series(1, 40) AS s(n)",
                        "INSERT INTO bills VALUES (1, 3)"));
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private CommandRun.Builder erase(String... keys) {
        return CommandRun.of("erase").with(keys).on(database);
    }

    private long users() throws SQLException {
        return database.<Long>value("SELECT count(*) FROM users");
    }

    @Test
    void showsWhatWouldHappenAndAsks() throws Exception {
        CommandRun no = erase("1").answering("n").run().assertCode(ExitCodes.NO);
        assertThat(no.out()).contains("succeeds", "Erase 1? [y/N]", "Nothing was changed.");
        assertThat(users()).isEqualTo(4);

        CommandRun yes = erase("1", "2").answering("y").run().assertCode(ExitCodes.OK);
        assertThat(yes.out()).contains("Erase 2 people?", "users 1 is erased", "users 2 is erased");
        assertThat(users()).isEqualTo(2);
        assertThat(database.<Long>value("SELECT count(*) FROM notes")).isEqualTo(20);
    }

    @Test
    void asksNobodyWhereNobodyIs() throws Exception {
        assertThat(erase("1").run().assertCode(ExitCodes.USAGE).err()).contains("nobody can be asked here; say --yes");
        assertThat(users()).isEqualTo(4);
    }

    @Test
    void whatIsRefusedIsNotAskedFor() throws Exception {
        assertThat(erase("3").answering().run().assertCode(ExitCodes.NO).out())
                .contains("refused", "bills_of_user", "Nothing was changed.")
                .doesNotContain("[y/N]");
        assertThat(users()).isEqualTo(4);
    }

    @Test
    void oneFailureDoesNotStopTheRest() throws Exception {
        CommandRun run = erase("1", "3", "99", "4")
                .with("--yes", "--format", "json")
                .run()
                .assertCode(ExitCodes.NO);
        JsonNode results = run.json().get("results");
        assertThat(results.size()).isEqualTo(4);
        assertThat(results.get(0).get("receipt").get("key").asString()).isEqualTo("1");
        assertThat(results.get(1).get("erased").asBoolean()).isFalse();
        assertThat(results.get(1).get("error").asString()).contains("bills_of_user", "nothing was deleted");
        assertThat(results.get(2).get("error").asString()).contains("no row of users has id = 99");
        assertThat(results.get(3).get("erased").asBoolean()).isTrue();
        assertThat(users()).isEqualTo(2);
    }

    @Test
    void takesTablesApartWhenTold() throws Exception {
        CommandRun run = erase("1")
                .with("--yes", "--drain-above", "1", "--step-goal", "30s", "--pause", "1ms")
                .run()
                .assertCode(ExitCodes.OK);
        assertThat(run.out()).contains("1 step,", "10 in steps");
        assertThat(erase("2")
                        .with("--yes", "--without-preview")
                        .run()
                        .assertCode(ExitCodes.OK)
                        .out())
                .contains("users 2 is erased", "0 steps");
    }

    /** They are about converting foreign keys. */
    @ParameterizedTest
    @ValueSource(strings = {"--validate=false", "--indexes=create", "--unlock-tables=true"})
    void whatMeansNothingHereIsRefused(String option) throws Exception {
        assertThat(erase("1")
                        .with("--yes", option)
                        .run()
                        .assertCode(ExitCodes.USAGE)
                        .err())
                .contains("there is no option " + option.substring(0, option.indexOf('=')));
        assertThat(users()).isEqualTo(4);
    }

    @Test
    void waitsAsLongAsItIsTold() throws Exception {
        server.assumePostgres();
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM users WHERE id = 1 FOR UPDATE");
            assertThat(erase("1")
                            .with("--yes", "--delete-timeout", "20ms", "--lock-timeout", "1m")
                            .run()
                            .assertCode(ExitCodes.NO)
                            .err())
                    .contains("57014", "nothing was deleted");
            assertThat(erase("1")
                            .with("--yes", "--delete-timeout", "1m", "--lock-timeout", "5ms", "--max-wait", "20ms")
                            .run()
                            .assertCode(ExitCodes.NO)
                            .err())
                    .contains("55P03", "nothing was deleted");
            other.rollback();
        }
        erase("1")
                .with("--yes", "--delete-timeout", "1m", "--step-timeout", "1m", "--lock-timeout", "1m")
                .run()
                .assertCode(ExitCodes.OK);
        for (String option : new String[] {"--lock-timeout", "--max-wait", "--delete-timeout", "--step-timeout"}) {
            erase("2").with("--yes", option, "0ms").run().assertCode(ExitCodes.USAGE);
            erase("2").with("--yes", option, "soon").run().assertCode(ExitCodes.USAGE);
        }
        assertThat(users()).isEqualTo(3);
    }

    @Test
    void whatIsNoKeyIsNoUse() throws Exception {
        for (String key : new String[] {"99", "abc", "1 OR 1=1", "1; DROP TABLE users"}) {
            assertThat(erase(key)
                            .with("--yes")
                            .run()
                            .assertCode(ExitCodes.USAGE)
                            .err())
                    .contains("error: ")
                    .contains("othing was deleted");
            assertThat(erase(key).answering().run().assertCode(ExitCodes.USAGE).err())
                    .contains("error: ");
        }
        erase().run().assertCode(ExitCodes.USAGE);
        erase("1").with("--step-goal", "soon").run().assertCode(ExitCodes.USAGE);
        erase("1").with("--yes", "--drain-above", "0").run().assertCode(ExitCodes.USAGE);
        assertThat(users()).isEqualTo(4);
    }
}
