package dev.cascadecleanup.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.report.OutcomeRecorder;
import dev.cascadecleanup.testing.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Flyway's Maven plugin, with the library among the plugin's own dependencies. */
class FlywayMavenPluginIT extends PipelineContract {

    private static Path project;

    @BeforeAll
    static void copy(TestReporter reporter) throws IOException {
        project = Consumers.copy("flyway-maven-plugin");
        Matcher version = Pattern.compile("<flyway-maven-plugin.version>(.+)</")
                .matcher(Files.readString(project.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        reporter.publishEntry(
                OutcomeRecorder.RAN_WITH, "flyway-maven-plugin-" + version.group(1) + " on " + Postgres.newest());
    }

    /** {@link FlywayInProcessTest} has the same core. */
    @Override
    boolean isForAll() {
        return Boolean.getBoolean("cascade.matrix");
    }

    @Override
    Output flyway(List<String> commands, Map<String, String> configuration) {
        return maven(configuration)
                .with(commands.stream().map("flyway:"::concat).toArray(String[]::new))
                .run();
    }

    private Program maven(Map<String, String> configuration) {
        Program maven = Consumers.maven(
                project,
                "-Dflyway.url=" + database.jdbcUrl(),
                "-Dflyway.user=" + database.user(),
                "-Dflyway.password=" + database.password());
        configuration.forEach((key, value) -> maven.with("-Dflyway." + key + "=" + value));
        return maven;
    }

    @Test
    void optionsInThePomAndTheEnvironment() throws Exception {
        createOwnTables();
        maven(Map.of("locations", LIBRARY, "baselineOnMigrate", "true"))
                .environment(Map.of("FLYWAY_PLACEHOLDERS_CASCADE_KEEP", "reviews.user_id"))
                .with("-Pwith-options", "flyway:migrate")
                .run()
                .requireSuccess();
        assertThat(actions())
                .containsOnly(
                        Map.entry("notes_of_users", "c"),
                        Map.entry("reviews_of_users", "a"),
                        Map.entry("reviews_checked_by", "n"));
    }
}
