package dev.cascadecleanup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project that runs Flyway needs no further configuration. */
class CliSettingsTest {

    private static TestDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void create() throws SQLException {
        database = Postgres.newest().createDatabase();
        database.execute(
                "CREATE SCHEMA app",
                "CREATE TABLE app.people (id bigint PRIMARY KEY)",
                "CREATE TABLE app.notes (p bigint CONSTRAINT of_person REFERENCES app.people)",
                "CREATE TABLE app.tasks (p bigint CONSTRAINT of_person REFERENCES app.people)");
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    @Test
    void conf() throws Exception {
        Path conf = Files.writeString(folder.resolve("my.conf"), """
                # as flyway reads it
                flyway.url=%s
                flyway.user=%s
                flyway.schemas=app,\\
                  other
                flyway.postgresql.transactional.lock=false
                flyway.placeholders.cascade_parent=people
                flyway.placeholders.cascade-keep=tasks.p
                """.formatted(database.jdbcUrl(), database.user()));
        assertFound(CommandRun.of("verify").with("--config", conf.toString()).run());
    }

    @Test
    void toml() throws Exception {
        Path toml = toml("""
                [flyway]
                environment = "local"
                defaultSchema = "app"
                locations = ["filesystem:sql"]
                [flyway.postgresql.transactional]
                lock = false
                [flyway.placeholders]
                cascade_parent = "people"
                "cascade.keep" = "tasks.p"
                [environments.other]
                url = "jdbc:postgresql://elsewhere/x"
                [environments.local]
                url = "%s"
                user = "${env.DB_USER}"
                password = "${vault.secret}"
                """.formatted(database.jdbcUrl()));
        assertFound(CommandRun.of("verify")
                .with("--config", toml.toString())
                .environment("DB_USER", database.user())
                .run());
        assertThat(CommandRun.of("verify")
                        .with("--config", toml.toString())
                        .run()
                        .assertCode(ExitCodes.USAGE)
                        .err())
                .contains("DB_USER", "not set");
        assertThat(CommandRun.of("verify")
                        .with("--config", toml.toString(), "--environment", "mars")
                        .run()
                        .assertCode(ExitCodes.USAGE)
                        .err())
                .contains("no environment mars", "other, local");
    }

    @Test
    void aFileWithAnotherEnvironmentThanTheDefaultSaysWhichOne() throws Exception {
        Path toml = toml("[environments.dev]\nurl = \"%s\"\nuser = \"%s\"\nschemas = [\"app\"]\n"
                        .formatted(database.jdbcUrl(), database.user())
                + "[flyway.placeholders]\ncascade_parent = \"people\"\ncascade_keep = \"tasks.p\"\n");
        assertThat(CommandRun.of("verify")
                        .with("--config", toml.toString())
                        .run()
                        .assertCode(ExitCodes.USAGE)
                        .err())
                .contains("no environment default", "dev", "--environment dev");
        assertFound(CommandRun.of("verify")
                .with("--config", toml.toString(), "--environment", "dev")
                .run());
    }

    @Test
    void aLaterFileAndAnOptionWin() throws Exception {
        Path first = toml("[environments.default]\nurl = \"%s\"\nuser = \"nobody\"\nschemas = [\"app\"]\n"
                        .formatted(database.jdbcUrl())
                + "[flyway.placeholders]\ncascade_parent = \"users\"\ncascade_keep = \"notes.p\"\n");
        Path second = Files.writeString(
                folder.resolve("user.toml"), "[environments.default]\nuser = \"%s\"\n".formatted(database.user()));
        assertFound(CommandRun.of("verify")
                .with("--config", first + "," + second, "--parent", "people", "--keep", "tasks.p")
                .run());
    }

    @Test
    void broken() throws Exception {
        Path toml = toml("[environments.default\nurl=");
        assertThat(CommandRun.of("verify")
                        .with("--config", toml.toString())
                        .run()
                        .assertCode(ExitCodes.USAGE)
                        .err())
                .contains("is not TOML", "line 1")
                .hasLineCount(1);
        assertThat(CommandRun.of("verify")
                        .with("--config", folder.resolve("no.conf").toString())
                        .run()
                        .assertCode(ExitCodes.USAGE)
                        .err())
                .contains("no.conf", "--config")
                .hasLineCount(1);
        Path conf = Files.writeString(
                folder.resolve("bad.conf"),
                "flyway.placeholders.cascade_scoop=direct\nflyway.url=" + database.jdbcUrl());
        assertThat(CommandRun.of("verify")
                        .with("--config", conf.toString())
                        .run()
                        .assertCode(ExitCodes.USAGE)
                        .err())
                .contains("cascade_scoop", "Did you mean cascade_scope?")
                .hasLineCount(1);
    }

    private Path toml(String text) throws Exception {
        return Files.writeString(folder.resolve("flyway.toml"), text);
    }

    /** The keep option, the parent and the schema arrived. */
    private static void assertFound(CommandRun run) {
        assertThat(run.assertCode(ExitCodes.NO).out())
                .contains("deviates: app.notes.of_person", "kept: app.tasks.of_person", "1 foreign key to mend");
        assertThat(run.err()).doesNotContain("error", "warning");
    }
}
