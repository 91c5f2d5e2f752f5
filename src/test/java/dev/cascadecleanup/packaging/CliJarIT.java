package dev.cascadecleanup.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.online.Until;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as people get it: one jar, run by java -jar. */
class CliJarIT {

    private static final Pom POM = Pom.read(Path.of("pom.xml"));
    private static final Path JAR = Path.of("target", POM.artifactId() + "-" + POM.version() + "-cli.jar");

    private static TestDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void createSchema() throws SQLException {
        database = Postgres.newest().createDatabase();
        database.execute(
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE a (u bigint CONSTRAINT of_user REFERENCES users)",
                "CREATE TABLE b (u bigint CONSTRAINT of_user REFERENCES users)");
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    @Test
    void hasAllThatItNeedsInsideWithItsLicences() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo("dev.cascadecleanup.cli.Main");
            assertThat(text(jar, "META-INF/services/org.flywaydb.core.extensibility.Plugin"))
                    .contains(
                            "org.flywaydb.database.postgresql.PostgreSQLDatabaseType",
                            "org.flywaydb.core.internal.NullFlywayTelemetryManager");
            assertThat(text(jar, "META-INF/services/tools.jackson.core.TokenStreamFactory"))
                    .contains("TomlFactory", "JsonFactory");
            assertThat(jar.stream().map(entry -> entry.getName()).toList())
                    .contains(
                            "org/postgresql/Driver.class",
                            "picocli/CommandLine.class",
                            "META-INF/licenses/postgresql-jar/META-INF/LICENSE",
                            "META-INF/licenses/flyway-core-jar/META-INF/LICENSE.txt",
                            "META-INF/licenses/jackson-core-jar/META-INF/NOTICE")
                    .doesNotContain("db/migration/V060__CascadeCleanup.class", "module-info.class");
        }
    }

    private static String text(JarFile jar, String entry) throws Exception {
        return new String(jar.getInputStream(jar.getEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void saysItsVersionAndWhatItCan() throws Exception {
        assertThat(run(Map.of(), "--version").out())
                .isEqualTo("flyway-cascade-cleanup " + POM.version() + System.lineSeparator());
        CliProcess.Result help = run(Map.of(), "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains("plan", "verify", "audit", "prove", "undo", "completion", "Exit codes:")
                .doesNotContain("\u001b");
    }

    /** The script defines what it says, in a shell that stops at every mistake. */
    @Test
    void completes() throws Exception {
        Path script = folder.resolve("completion");
        Files.writeString(script, run(Map.of(), "completion").out());
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "set -e; source " + script + "; COMP_WORDS=(cascade-cleanup ver); COMP_CWORD=1;"
                                + " _complete_cascade-cleanup; echo ${COMPREPLY[@]}")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                .isEqualTo("verify");
    }

    @Test
    void findsFlywaysSettingsInTheEnvironment() throws Exception {
        CliProcess.Result run = run(
                Map.of(
                        "FLYWAY_URL",
                        database.jdbcUrl(),
                        "FLYWAY_USER",
                        database.user(),
                        "FLYWAY_PASSWORD",
                        "x",
                        "FLYWAY_PLACEHOLDERS_CASCADE_KEEP",
                        "a.u,b.u"),
                "verify");
        assertThat(run.err()).doesNotContain("error", "warning");
        assertThat(run.out()).contains("kept: a.of_user", "verified:");
        assertThat(run.code()).isZero();
    }

    @Test
    void findsFlywayConfAndItsPlaceholders() throws Exception {
        Files.writeString(
                folder.resolve("flyway.conf"),
                "flyway.url=" + database.jdbcUrl() + "\nflyway.user=" + database.user()
                        + "\nflyway.postgresql.transactional.lock=false\nflyway.placeholders.cascade_keep=a.u\n");
        CliProcess.Result run = run(Map.of(), "verify");
        assertThat(run.out()).contains("kept: a.of_user", "deviates: b.of_user");
        assertThat(run.code()).isEqualTo(1);

        // As Flyway has it: with a flyway.toml, flyway.conf does not count.
        Files.writeString(
                folder.resolve("flyway.toml"),
                "[environments.default]\nurl = \"%s\"\nuser = \"%s\"\n".formatted(database.jdbcUrl(), database.user())
                        + "[flyway.placeholders]\ncascade_keep = \"b.u\"\n");
        assertThat(run(Map.of(), "verify").out()).contains("kept: b.of_user", "deviates: a.of_user");
    }

    /** The question of the undo is asked, in colour, where somebody can see it. */
    @Test
    void coloursAndAsksOnATerminal() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/script")), "there is no /usr/bin/script to make a terminal with");
        try (TestDatabase migrated = Postgres.newest().createDatabaseFrom(database)) {
            String connection = " --url '" + migrated.jdbcUrl() + "' --user " + migrated.user();
            assertThat(onTerminal("verify" + connection, "")).contains("\u001b[31mnot verified:");
            assertThat(onTerminal("verify --help", "")).contains("\u001b[");
            CascadeCleanup.of(migrated.dataSource()).migrate("60", "test");
            assertThat(onTerminal("undo" + connection, "no\n")).contains("Undo? [y/N]", "Nothing was changed.");
            assertThat(action(migrated, "a")).isEqualTo("c");
        }
        assertThat(run(Map.of(), "verify", "--url", database.jdbcUrl(), "--user", database.user())
                        .out())
                .contains("not verified:")
                .doesNotContain("\u001b");
    }

    private String onTerminal(String arguments, String typed) throws Exception {
        String command = Path.of(System.getProperty("java.home"), "bin", "java")
                + " -XX:TieredStopAtLevel=1 -Duser.home=" + folder + " -jar " + JAR.toAbsolutePath() + " " + arguments;
        ProcessBuilder script = new ProcessBuilder("/usr/bin/script", "-qec", command, "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        script.environment().keySet().removeIf(name -> name.equals("NO_COLOR") || name.startsWith("FLYWAY_"));
        script.environment().put("TERM", "xterm");
        Process process = script.start();
        process.getOutputStream().write(typed.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The restore that waits for a lock is rolled back, the one before it stays, and both are said. */
    @Test
    void controlCSaysWhereThingsStand() throws Exception {
        try (TestDatabase migrated = Postgres.newest().createDatabaseFrom(database)) {
            CascadeCleanup.of(migrated.dataSource()).migrate("60", "test");
            try (Connection blocker = migrated.connect();
                    Statement statement = blocker.createStatement()) {
                blocker.setAutoCommit(false);
                statement.execute("SELECT count(*) FROM a");
                CliProcess.Result run = undoInterruptedAt(migrated, "swapping a.of_user");
                assertThat(run.err())
                        .contains("interrupted:", "1 foreign keys are restored and stay so. Run the undo again");
                assertThat(run.code()).isEqualTo(130);
                assertThat(migrated.<Long>value(
                                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cascade-cleanup'"
                                        + " AND datname = current_database()"))
                        .isZero();
            }
            assertThat(action(migrated, "a")).isEqualTo("c");
            assertThat(action(migrated, "b")).isEqualTo("a");
            assertThat(run(Map.of(), "undo", "--yes", "--url", migrated.jdbcUrl(), "--user", migrated.user())
                            .code())
                    .isZero();
            assertThat(action(migrated, "a")).isEqualTo("a");
        }
    }

    /** A CHECK, which the preview has the server work out for each row that would be set to NULL, and which takes ten minutes. */
    @Test
    void controlCEndsThePreviewsQueryAtTheServer() throws Exception {
        try (TestDatabase slow = Postgres.newest().createDatabase()) {
            slow.execute(
                    "CREATE TABLE users (id bigint PRIMARY KEY)",
                    "CREATE TABLE notes (u bigint REFERENCES users ON DELETE SET NULL)",
                    "INSERT INTO users VALUES (1)",
                    "INSERT INTO notes VALUES (1)",
                    "ALTER TABLE notes ADD CHECK (pg_sleep(600)::text IS NOT NULL) NOT VALID");
            String query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND application_name = 'cascade-cleanup'";
            try (CliProcess preview = CliProcess.start(
                    JAR,
                    folder,
                    Map.of(),
                    "preview",
                    "1",
                    "--url",
                    slow.jdbcUrl().replaceFirst("ApplicationName=.*", ""),
                    "--user",
                    slow.user())) {
                Until.isTrue(
                        "the query runs",
                        () -> slow.<Long>value(query + " AND state = 'active' AND wait_event = 'PgSleep'") == 1);
                preview.interrupt();
                CliProcess.Result run = preview.end();
                assertThat(run.code()).isEqualTo(130);
                assertThat(run.out()).isEmpty();
            }
            Until.isTrue("the session is gone", () -> slow.<Long>value(query) == 0);
        }
    }

    private CliProcess.Result undoInterruptedAt(TestDatabase migrated, String line) throws Exception {
        try (CliProcess undo = CliProcess.start(
                JAR,
                folder,
                Map.of(),
                "undo",
                "--yes",
                "--lock-timeout",
                "100ms",
                "--url",
                migrated.jdbcUrl().replaceFirst("ApplicationName=.*", ""),
                "--user",
                migrated.user())) {
            undo.awaitError(line);
            undo.interrupt();
            return undo.end();
        }
    }

    private static String action(TestDatabase of, String table) throws SQLException {
        return of.value("SELECT confdeltype::text FROM pg_constraint WHERE conrelid = ?::regclass", table);
    }

    /** The driver reads .pgpass; a password in it never is on a command line. */
    @Test
    void passwordsComeFromTheEnvironmentOrPgpass() throws Exception {
        try (TestDatabase guarded = Postgres.another().createDatabase()) {
            String role = guarded.createRole("app");
            guarded.execute(
                    "CREATE TABLE users (id bigint PRIMARY KEY)",
                    "COPY (SELECT 'host " + guarded.name() + " " + role
                            + " all scram-sha-256' UNION ALL SELECT 'host all all all trust')" + " TO '"
                            + guarded.<String>value("SHOW hba_file") + "'",
                    "SELECT pg_reload_conf()");
            awaitRefusal(guarded, role);
            String[] verify = {"verify", "--url", guarded.jdbcUrl(), "--user", role};
            CliProcess.Result none = run(Map.of(), verify);
            assertThat(none.code()).isEqualTo(2);
            assertThat(none.err()).contains("no password was provided", "CASCADE_CLEANUP_PASSWORD");
            CliProcess.Result wrong = run(Map.of("CASCADE_CLEANUP_PASSWORD", "wrong"), verify);
            assertThat(wrong.code()).isEqualTo(2);
            assertThat(wrong.err()).contains("password authentication failed", "Check --user and the password");
            assertThat(run(Map.of("CASCADE_CLEANUP_PASSWORD", role), verify).code())
                    .isZero();

            Path pgpass = Files.writeString(folder.resolve("pgpass"), "*:*:*:" + role + ":" + role + "\n");
            Files.setPosixFilePermissions(pgpass, PosixFilePermissions.fromString("rw-------"));
            assertThat(run(Map.of("PGPASSFILE", pgpass.toString()), verify).code())
                    .isZero();
            assertThat(List.of(none, wrong)).noneMatch(result -> result.err().contains("\tat "));
        }
    }

    /** The server reads its new settings a moment later. */
    private static void awaitRefusal(TestDatabase database, String role) throws SQLException {
        for (boolean refused = false; !refused; ) {
            try (Connection connection = database.dataSource(role, "wrong").getConnection()) {
                assertThat(connection.isValid(10)).isTrue();
            } catch (SQLException e) {
                refused = true;
            }
        }
    }

    private CliProcess.Result run(Map<String, String> environment, String... arguments) throws Exception {
        return CliProcess.run(JAR, folder, environment, arguments);
    }
}
