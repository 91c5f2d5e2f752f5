package dev.cascadecleanup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/** Bad input: exit code 2, one line with the cause and the next step, and no stack trace. */
class CliErrorsTest {

    @Test
    void nobodyListens() {
        assertOneLine(
                CommandRun.of("verify")
                        .with("--url", "jdbc:postgresql://127.0.0.1:1/app?password=geheim", "--user", "me")
                        .run(),
                2,
                "warning: a password on the command line",
                "cannot connect to jdbc:postgresql://127.0.0.1:1/app: ",
                "refused",
                "Check that the server runs");
    }

    @Test
    void anotherKindOfDatabase() {
        assertOneLine(
                CommandRun.of("plan")
                        .with("--url", "jdbc:mysql://localhost/app")
                        .run(),
                1,
                "jdbc:mysql://localhost/app names neither PostgreSQL nor CockroachDB",
                "--url");
    }

    @Test
    void noDatabase() {
        assertOneLine(CommandRun.of("audit").run(), 1, "no database is given", "--url", "flyway.toml");
    }

    @Test
    void noSuchDatabaseParentOrOption() throws Exception {
        try (TestDatabase database = Postgres.newest().createDatabase()) {
            database.execute(
                    "CREATE TABLE users (id bigint PRIMARY KEY)", "CREATE TABLE notes (u bigint REFERENCES users)");
            assertOneLine(
                    CommandRun.of("verify")
                            .with("--url", database.jdbcUrl().replace(database.name(), "nosuch"), "--user", "postgres")
                            .run(),
                    1,
                    "database \"nosuch\" does not exist",
                    "Check the database in the URL");
            for (String verb : new String[] {"plan", "verify", "audit"}) {
                assertOneLine(
                        CommandRun.of(verb)
                                .on(database)
                                .with("--parent", "usrs")
                                .run(),
                        1,
                        "usrs",
                        "did you mean users?");
            }
            assertOneLine(
                    CommandRun.of("plan")
                            .on(database)
                            .with("--lock-timeout", "soon")
                            .run(),
                    1,
                    "--lock-timeout cannot be read: 'soon'",
                    "such as 500ms");
            assertOneLine(
                    CommandRun.of("plan").on(database).with("--scope", "all").run(),
                    1,
                    "--scope cannot be read",
                    "none of direct, closure");
        }
    }

    @Test
    void wrongUsage() {
        assertOneLine(
                CommandRun.of("verify").with("--format", "xml").run(),
                2,
                "--format",
                "one of text, json",
                "verify --help");
        assertOneLine(CommandRun.of("vrify").run(), 3, "belongs nowhere", "Did you mean", "verify", "--help");
        assertOneLine(new CommandRun.Builder().run(), 2, "which command?", "--help");
    }

    /** A password may be anywhere: behind an option that is not one, in a parameter of the URL, before the host. */
    @Test
    void whatWasTypedIsNeverSaidBack() {
        for (String[] arguments : new String[][] {
            {"migrate", "--password=geheim"},
            {"plan", "--passwort=geheim"},
            {"plan", "--passwort", "geheim"},
            {"plan", "-pgeheim"},
            {"geheim"},
            {"help", "geheim"},
            {"plan", "geheim"},
            {"plan", "--format", "geheim"},
            {"audit", "--row-counts", "geheim"},
            {"plan", "--url", "jdbc:postgresql://127.0.0.1:1/app?sslpassword=geheim"},
            {"plan", "--url", "jdbc:postgresql://127.0.0.1:nix/app?sslpassword=geheim"},
            {"plan", "--url", "jdbc:postgresql://127.0.0.1:1/app?sslmode=geheim"},
            {"plan", "--url", "jdbc:postgresql://127.0.0.1:1/app?loginTimeout=geheim"},
            {"plan", "--url", "jdbc:postgresql://me:ge@geheim@127.0.0.1:1/app"},
            {"plan", "--url", "jdbc:mysql://127.0.0.1/app?password=geheim;key=geheim"},
            {"prove", "--url", "jdbc:postgresql://127.0.0.1:1/app", "--value", "geheim"},
            {"plan", "--url", "jdbc:postgresql://127.0.0.1:1/app", "--url", "geheim"},
        }) {
            CommandRun run = new CommandRun.Builder().with(arguments).run().assertCode(ExitCodes.USAGE);
            assertThat(run.out() + run.err()).as(String.join(" ", arguments)).doesNotContain("geheim");
            CommandRun verbose =
                    new CommandRun.Builder().with(arguments).with("--verbose").run();
            assertThat(verbose.out() + verbose.err())
                    .as(String.join(" ", arguments))
                    .doesNotContain("geheim");
        }
    }

    @Test
    void whatIsKnownIsSaid() {
        assertOneLine(CommandRun.of("migrate").run(), 2, "flyway migrate does", "plan --format sql");
        assertOneLine(
                CommandRun.of("plan").with("--passwort=geheim").run(),
                3,
                "there is no option --passwort",
                "--password");
        assertOneLine(CommandRun.of("audit").with("--row-counts", "many").run(), 2, "--row-counts", "a whole number");
        assertOneLine(CommandRun.of("plan").with("--url", "a", "--url", "b").run(), 2, "--url is given more than once");
        assertOneLine(CommandRun.of("audit").with("--format").run(), 2, "--format: no value is given");
    }

    @Test
    void aProblemNamesTheOptionThatWasTyped() throws Exception {
        try (TestDatabase database = Postgres.newest().createDatabase()) {
            database.execute(
                    "CREATE TABLE users (id bigint PRIMARY KEY)", "CREATE TABLE notes (u bigint REFERENCES users)");
            assertThat(CommandRun.of("plan")
                            .on(database)
                            .with("--keep", "notes.nothing")
                            .run()
                            .assertCode(ExitCodes.NO)
                            .out())
                    .contains("--keep names notes.nothing")
                    .doesNotContain("cascade_keep names");
            assertThat(CommandRun.of("verify")
                            .on(database)
                            .with("--set-null", "notes.nothing")
                            .run()
                            .assertCode(ExitCodes.USAGE)
                            .err())
                    .contains("--set-null names notes.nothing");
        }
    }

    @Test
    void verboseShowsWhere() {
        assertThat(CommandRun.of("verify")
                        .with("--url", "jdbc:postgresql://127.0.0.1:1/app", "-v")
                        .run()
                        .err())
                .contains("at dev.cascadecleanup");
    }

    private static void assertOneLine(CommandRun run, int lines, String... words) {
        run.assertCode(ExitCodes.USAGE);
        assertThat(run.out()).isEmpty();
        // On a slow machine a line of progress comes before.
        assertThat(run.err().lines().filter(line -> !line.endsWith(" ...")))
                .as(run.err())
                .hasSize(lines);
        assertThat(run.err()).contains("error: ").contains(words).doesNotContain("geheim", "\tat ", "Exception");
    }
}
