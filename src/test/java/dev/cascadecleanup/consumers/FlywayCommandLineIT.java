package dev.cascadecleanup.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.report.OutcomeRecorder;
import dev.cascadecleanup.testing.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Flyway's command line, with the library's jar in the folder that jarDirs names. */
class FlywayCommandLineIT extends PipelineContract {

    private static Path installation;

    @BeforeAll
    static void install(TestReporter reporter) throws IOException {
        installation = Consumers.copy("flyway-commandline");
        Consumers.maven(installation, "package").run().requireSuccess();
        Path jars = Files.createDirectories(installation.resolve("jars"));
        Files.copy(Consumers.jar(""), jars.resolve("flyway-cascade-cleanup.jar"), StandardCopyOption.REPLACE_EXISTING);
        try (Stream<Path> libraries = Files.list(installation.resolve("lib"))) {
            reporter.publishEntry(
                    OutcomeRecorder.RAN_WITH,
                    libraries
                                    .map(library -> library.getFileName().toString())
                                    .filter(name -> name.startsWith("flyway-commandline-"))
                                    .collect(Collectors.joining())
                            + " on " + Postgres.newest());
        }
    }

    @Override
    Output flyway(List<String> commands, Map<String, String> configuration) {
        Program program = commandLine(
                installation,
                "-url=" + database.jdbcUrl(),
                "-user=" + database.user(),
                "-password=" + database.password(),
                "-jarDirs=" + installation.resolve("jars"));
        configuration.forEach((key, value) -> program.with("-" + key + "=" + value));
        return program.with(commands.toArray(String[]::new)).run();
    }

    private static Program commandLine(Path directory, String... arguments) {
        return Program.java(
                        directory,
                        "-cp",
                        installation.resolve("lib") + "/*",
                        "org.flywaydb.commandline.Main",
                        "-skipCheckForUpdate")
                .with(arguments);
    }

    @Test
    void optionsInTheFileTheEnvironmentAndTheArguments() throws Exception {
        createOwnTables();
        Path directory = Files.createDirectories(installation.resolve("with-toml"));
        Files.writeString(directory.resolve("flyway.toml"), """
                [environments.default]
                url = "%s"
                user = "%s"

                [flyway]
                jarDirs = ["../jars"]
                locations = ["classpath:db/migration"]
                baselineOnMigrate = true

                [flyway.placeholders]
                cascade_set_null = "reviews.checked_by"
                """.formatted(database.jdbcUrl(), database.user()));
        commandLine(directory, "-placeholders.cascade_validate=false", "migrate")
                .environment(Map.of("FLYWAY_PLACEHOLDERS_CASCADE_KEEP", "reviews.user_id"))
                .run()
                .requireSuccess();
        assertThat(actions())
                .containsOnly(
                        Map.entry("notes_of_users", "c"),
                        Map.entry("reviews_of_users", "a"),
                        Map.entry("reviews_checked_by", "n"));
        assertThat(database.<Boolean>value("SELECT convalidated FROM pg_constraint WHERE conname = 'notes_of_users'"))
                .isFalse();
    }

    @Test
    void jsonStaysClean() throws Exception {
        Map<String, String> json = Map.of("locations", all(LIBRARY, OWN), "outputType", "json");
        Output output = flyway(List.of("info", "migrate", "validate"), json).requireSuccess();
        assertThat(output.err()).isEmpty();
        assertThat(in(output, "{individualResults,1,migrationsExecuted}")).isEqualTo("2");
        assertThat(in(output, "{individualResults,2,validationSuccessful}")).isEqualTo("true");
    }

    @Test
    void jsonSaysWhatWasWrong() throws Exception {
        Output output = flyway(
                        List.of("migrate"),
                        Map.of(
                                "locations",
                                all(LIBRARY, OWN),
                                "outputType",
                                "json",
                                "placeholders.cascade_keep",
                                "note.user_id"))
                .requireFailure();
        assertThat(in(output, "{error,cause}")).contains("cascade_keep names note.user_id");
    }

    /** Parses all of it, so that a stray line would not do. */
    private String in(Output json, String path) throws SQLException {
        return database.value("SELECT CAST(? AS jsonb) #>> CAST(? AS text[])", json.out(), path);
    }
}
