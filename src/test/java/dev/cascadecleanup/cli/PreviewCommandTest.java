package dev.cascadecleanup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The verb {@code preview}. */
@ContractTest(oldestAndNewest = true)
class PreviewCommandTest {

    private final TestServer server;
    private TestDatabase database;

    PreviewCommandTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void createSchema() throws SQLException {
        database = server.databaseOf(
                "cli-preview",
                empty -> empty.execute(
                        "CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE)",
                        "CREATE TABLE notes (id bigint PRIMARY KEY, u bigint NOT NULL, CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users)",
                        "CREATE TABLE logins (id bigint PRIMARY KEY, u bigint, CONSTRAINT of_login FOREIGN KEY (u) REFERENCES users ON DELETE CASCADE)",
                        "INSERT INTO users VALUES (1, 'a'), (2, 'b')",
                        "INSERT INTO notes VALUES (1, 1)",
                        "INSERT INTO logins VALUES (1, 1), (2, 2), (3, 2)"));
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private CommandRun preview(int code, String... arguments) {
        return CommandRun.of("preview").on(database).with(arguments).run().assertCode(code);
    }

    @Test
    void exitCodesSayTheVerdict() {
        assertThat(preview(ExitCodes.OK, "2").out()).contains("DELETE FROM users WHERE id = 2: succeeds", "3 go");
        assertThat(preview(ExitCodes.NO, "1").out()).contains("refused by notes.of_user");
        assertThat(preview(ExitCodes.OK, "1", "--after", "direct").out()).contains("after direct");
        assertThat(preview(ExitCodes.INCOMPLETE, "2", "--limit", "1").out()).contains("at least");
    }

    @Test
    void jsonHasVerdictAndRowsAtItsTop() {
        JsonNode json = preview(ExitCodes.OK, "email=b", "--format", "json").json();
        assertThat(json.path("formatVersion").asInt()).isEqualTo(1);
        assertThat(json.path("verdict").asString()).isEqualTo("SUCCEEDS");
        assertThat(json.path("rowsDeleted").asInt()).isEqualTo(3);
    }

    @Test
    void keysOfRowsAreShownUnlessNobodyWantsThem() {
        assertThat(preview(ExitCodes.OK, "2").out()).contains("2, 3").contains("users > logins");
        assertThat(preview(ExitCodes.OK, "2", "--keys", "0").out()).doesNotContain("2, 3");
        assertThat(preview(ExitCodes.OK, "2", "--format", "html").out())
                .contains("<title>DELETE FROM users WHERE id = 2</title>", "class=\"bar\"", "class=\"go\"", "logins");
    }

    @Test
    void severalKeysAreOneDelete() {
        JsonNode json = preview(ExitCodes.NO, "1", "2", "--format", "json").json();
        assertThat(json.path("keys").size()).isEqualTo(2);
        assertThat(json.path("rowsDeleted").asInt()).isEqualTo(5);
    }

    @Test
    void badKeysAreWrongUsage() {
        for (String key : new String[] {"9", "x", "1; DROP TABLE users", "NULL"}) {
            CommandRun run = preview(ExitCodes.USAGE, key, "--quiet");
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines().filter(line -> !line.isBlank()))
                    .as(run.err())
                    .singleElement()
                    .asString()
                    .startsWith("error:");
        }
        assertThat(CommandRun.of("preview")
                        .on(database)
                        .run()
                        .assertCode(ExitCodes.USAGE)
                        .err())
                .contains("<key>");
    }

    @Test
    void allOfThemTodayAndAfter() {
        CommandRun run = preview(ExitCodes.OK, "--all");
        assertThat(run.out().replaceAll("\\s+", " "))
                .contains(
                        "users, today: all 2 looked at, each by itself 1 succeeds 1 refused Refused by: 1 notes.of_user",
                        "users, after direct: all 2 looked at, each by itself 2 succeeds");
        assertThat(preview(ExitCodes.OK, "--all", "--after", "closure", "--sample", "1", "--format", "json")
                        .json()
                        .path("looked")
                        .asInt())
                .isEqualTo(1);
        preview(ExitCodes.USAGE, "--all", "1");
    }
}
