package dev.cascadecleanup.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A Quarkus application, which scans no class path when it runs: its build looks for migrations in the index of its own classes and of
 * the jars that bring one. With the default jar it has the ready-made V060 and a V067 of its own, with {@code core} the latter alone.
 */
class QuarkusIT {

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none, 060 067", "core, 067"})
    void migratesAtItsStart(String classifier, String versions) throws Exception {
        Path project = Consumers.copy("quarkus");
        Consumers.maven(project, "package", "-Dlibrary.classifier=" + (classifier == null ? "" : classifier))
                .run()
                .requireSuccess();
        try (TestDatabase database = Postgres.newest().createDatabase()) {
            Program.java(project, "-jar", "target/quarkus-app/quarkus-run.jar")
                    .environment(Map.of(
                            "QUARKUS_DATASOURCE_JDBC_URL",
                            database.jdbcUrl(),
                            "QUARKUS_DATASOURCE_USERNAME",
                            database.user(),
                            "QUARKUS_DATASOURCE_PASSWORD",
                            database.password()))
                    .run()
                    .requireSuccess();
            assertThat(database.rows("SELECT version FROM flyway_schema_history WHERE type = 'JDBC' AND success"
                            + " ORDER BY installed_rank"))
                    .containsExactlyElementsOf(List.of(versions.split(" ")).stream()
                            .map(List::<Object>of)
                            .toList());
            assertThat(database.rows("SELECT conname FROM pg_constraint WHERE contype = 'f' AND confdeltype <> 'c'"))
                    .isEmpty();
        }
    }
}
