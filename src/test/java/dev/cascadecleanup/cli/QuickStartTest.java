package dev.cascadecleanup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.preview.PreviewVerdict;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;

/** The quick start says what the command line says, and where its advice is followed the delete succeeds. */
class QuickStartTest {

    private static final Pattern SCHEMA = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ANSWER =
            Pattern.compile("```\n\\$ alias .*?\\.\\.\\.\n(To be decided .*?)```", Pattern.DOTALL);

    @Test
    void planAnswersTheQuestionAsTheReadmeShows() throws Exception {
        String answer = block(ANSWER, Path.of("README.md"));
        try (TestDatabase database = Postgres.newest().createDatabase()) {
            database.execute(block(SCHEMA, Path.of("src", "docs", "direct-or-closure.md")));
            CommandRun plan = CommandRun.of("plan").on(database).run().assertCode(0);
            assertThat(plan.out()).contains(answer.strip());

            List<String> advice = answer.lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("cascade_") && line.contains(" = "))
                    .toList();
            assertThat(advice).hasSize(3);
            FluentConfiguration flyway = Flyway.configure()
                    .dataSource(database.dataSource())
                    .baselineOnMigrate(true)
                    .placeholders(advice.stream()
                            .map(line -> line.split(" = "))
                            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1])));
            flyway.load().migrate();
            CascadeCleanup cleanup = CascadeCleanup.of(flyway);
            assertThat(cleanup.plan().open()).isEmpty();
            cleanup.prove().assertPassed();

            // Two people who touch each other's rows, in the ways that were decided.
            database.execute(
                    "INSERT INTO users VALUES (41), (42)",
                    "INSERT INTO orders VALUES (1, 42)",
                    "INSERT INTO order_lines VALUES (1, 1)",
                    "INSERT INTO posts VALUES (10, 42), (11, 41)",
                    "INSERT INTO likes VALUES (20, 41, 10), (21, 42, 11)",
                    "INSERT INTO appointments VALUES (30, 41, 42), (31, 42, 41)");
            assertThat(cleanup.preview("42").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
            assertThat(CascadeCleanup.of(Flyway.configure().dataSource(database.dataSource()))
                            .preview("42")
                            .verdict())
                    .as("of those who have decided nothing")
                    .isEqualTo(PreviewVerdict.TAKES_OTHERS_ROWS);
            CommandRun.of("preview")
                    .on(database)
                    .with("--all", "--scope", "closure", "--closure", "likes.post_id")
                    .with("--set-null", "appointments.recorded_by")
                    .run()
                    .assertCode(0);
            database.execute("DELETE FROM users WHERE id = 42");
        }
    }

    private static String block(Pattern pattern, Path page) throws Exception {
        Matcher matcher = pattern.matcher(Files.readString(page));
        assertThat(matcher.find()).as(page + " has its block").isTrue();
        return matcher.group(1);
    }
}
