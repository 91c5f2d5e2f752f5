package dev.cascadecleanup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.io.PrintWriter;
import java.io.Writer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What each verb answers, on every server. */
@ContractTest(oldestAndNewest = true)
class CliContractTest {

    private final TestServer server;
    private TestDatabase database;

    CliContractTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void createSchema() throws SQLException {
        database = server.databaseOf(
                "cli",
                empty -> empty.execute(
                        "CREATE TABLE users (id bigint PRIMARY KEY, email text)",
                        "CREATE TABLE notes (id bigint PRIMARY KEY, u bigint NOT NULL, CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users)",
                        "CREATE TABLE tasks (id bigint PRIMARY KEY, u bigint, CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL)",
                        "CREATE TABLE logins (u bigint, CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users ON DELETE CASCADE)",
                        "CREATE TABLE lines (note bigint NOT NULL, CONSTRAINT of_note FOREIGN KEY (note) REFERENCES notes)"));
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    @Test
    void verifyFailsUntilAllIsConverted() throws Exception {
        CommandRun before = CommandRun.of("verify").on(database).run().assertCode(ExitCodes.NO);
        assertThat(before.out())
                .contains(
                        "deviates: notes.of_user (u) -> users(id) is ON DELETE NO ACTION",
                        "deviates: tasks.of_user",
                        "no index: a delete scans lines (note), logins (u), notes (u), tasks (u)",
                        "not verified: 2 foreign keys to mend")
                .doesNotContain("logins.of_user");
        migrate();
        assertThat(CommandRun.of("verify")
                        .on(database)
                        .run()
                        .assertCode(ExitCodes.OK)
                        .out())
                .startsWith("verified:");
    }

    @Test
    void verifyLetsExcludedForeignKeysPass() throws Exception {
        assertThat(CommandRun.of("verify")
                        .on(database)
                        .with("--keep", "notes.u,tasks.of_user")
                        .run()
                        .assertCode(ExitCodes.OK)
                        .out())
                .contains("kept: notes.of_user (u) -> users(id) (cascade_keep)");
    }

    @Test
    void verifyInTheClosureFailsForWhatRefusesFurtherDown() throws Exception {
        migrate();
        CommandRun run = CommandRun.of("verify")
                .on(database)
                .with("--scope", "closure", "--format", "json")
                .run()
                .assertCode(ExitCodes.NO);
        assertThat(run.json().path("passed").asBoolean()).isFalse();
        assertThat(run.json()
                        .path("deviating")
                        .path(0)
                        .path("foreignKey")
                        .path("name")
                        .asString())
                .isEqualTo("of_note");
    }

    @Test
    void planShowsWhatWouldChange() throws Exception {
        CommandRun run = CommandRun.of("plan").on(database).run().assertCode(ExitCodes.OK);
        assertThat(run.out())
                .contains(
                        "2 to convert, 1 already as they should be, 0 kept",
                        "[1/2] notes.of_user (u) -> users(id): ON DELETE NO ACTION -> CASCADE",
                        "[2/2] tasks.of_user (u) -> users(id): ON DELETE SET NULL -> CASCADE",
                        "Locks:",
                        "Hazards:",
                        "To be decided (1 link can refuse the delete)",
                        "lines.of_note",
                        "cascade_scope = closure");
        assertThat(journals()).isZero();
    }

    @Test
    void planAsJson() throws Exception {
        JsonNode plan = CommandRun.of("plan")
                .on(database)
                .with("-f", "json")
                .run()
                .assertCode(ExitCodes.OK)
                .json();
        assertThat(plan.propertyNames())
                .containsExactly(
                        "formatVersion",
                        "server",
                        "parents",
                        "conversions",
                        "alreadyDone",
                        "kept",
                        "hazards",
                        "open",
                        "indexes",
                        "openRows",
                        "undeclaredReferences",
                        "accepted",
                        "triggers",
                        "proposals",
                        "convertedByClosure",
                        "unclosable",
                        "advice",
                        "settings",
                        "problems");
        assertThat(plan.path("settings").path("cascade_scope").asString()).isEqualTo("closure");
        JsonNode first = plan.path("conversions").path(0);
        assertThat(first.path("foreignKey").path("table").path("name").asString())
                .isEqualTo("notes");
        assertThat(first.path("before").path("onDelete").asString()).isEqualTo("NO ACTION");
        assertThat(first.path("after").path("onDelete").asString()).isEqualTo("CASCADE");
        assertThat(plan.path("open").path(0).path("verdict").asString()).isEqualTo("refuses");
    }

    @Test
    void planThatWouldBeRefused() throws Exception {
        CommandRun run = CommandRun.of("plan")
                .on(database)
                .with("--keep", "notes.uu")
                .run()
                .assertCode(ExitCodes.NO);
        assertThat(run.out()).contains("Refused, and nothing would be changed:", "notes.uu");
    }

    @Test
    void auditInEveryFormat() throws Exception {
        assertThat(audit("text"))
                .startsWith("Audit of users on " + (server.isCockroach() ? "CockroachDB" : "PostgreSQL"));
        assertThat(audit("json")).startsWith("{").contains("\"findings\"");
        assertThat(audit("mermaid")).startsWith("flowchart LR");
        assertThat(audit("dot")).startsWith("digraph");
    }

    private String audit(String format) {
        return CommandRun.of("audit")
                .on(database)
                .with("--format", format)
                .run()
                .assertCode(ExitCodes.OK)
                .out();
    }

    @Test
    void proofPassesAfterTheMigrationOfTheWholeGraph() throws Exception {
        CommandRun before = CommandRun.of("prove").on(database).run().assertCode(ExitCodes.NO);
        assertThat(before.out()).contains("notes.of_user");
        CascadeCleanup cleanup = CascadeCleanup.of(database.dataSource());
        cleanup.withOptions(cleanup.options().toBuilder()
                        .scope(CascadeOptions.Scope.CLOSURE)
                        .build())
                .migrate("60", "cli test");
        assertThat(CommandRun.of("prove")
                        .on(database)
                        .with("--format", "json")
                        .run()
                        .assertCode(ExitCodes.OK)
                        .out())
                .startsWith("{");
        CommandRun.of("prove")
                .on(database)
                .with("--expression", "lines.note=NULL")
                .run()
                .assertCode(ExitCodes.INCOMPLETE);
        assertThat(database.<Long>value("SELECT count(*) FROM users")).isZero();
    }

    @Test
    void undoShowsAsksAndRestores() throws Exception {
        migrate();
        CommandRun no = CommandRun.of("undo").on(database).answering("no").run().assertCode(ExitCodes.NO);
        assertThat(no.out())
                .contains(
                        "Undo of version 60: 2 foreign keys go back",
                        "notes.of_user (u) -> users(id): ON DELETE CASCADE -> NO ACTION",
                        "do not come back",
                        "flyway migrate",
                        "Undo? [y/N]",
                        "Nothing was changed.");
        CommandRun.of("verify").on(database).run().assertCode(ExitCodes.OK);

        CommandRun yes = CommandRun.of("undo").on(database).answering("y").run().assertCode(ExitCodes.OK);
        assertThat(yes.out()).contains("undone: 2 foreign keys of version 60 are what they were, 0 left alone");
        assertThat(CommandRun.of("verify")
                        .on(database)
                        .run()
                        .assertCode(ExitCodes.NO)
                        .out())
                .contains("2 foreign keys to mend");
        assertThat(CommandRun.of("undo")
                        .on(database)
                        .run()
                        .assertCode(ExitCodes.OK)
                        .out())
                .startsWith("nothing to undo");
    }

    @Test
    void everyJsonSaysWhichShapeItHas() {
        for (String verb : new String[] {"plan", "verify", "audit", "prove"}) {
            assertThat(CommandRun.of(verb)
                            .on(database)
                            .with("--format", "json")
                            .run()
                            .json()
                            .path("formatVersion")
                            .asInt())
                    .as(verb)
                    .isEqualTo(1);
        }
    }

    /** Without a version: of the one that was migrated, or else of the one that the script of the migration has. */
    @Test
    void undoScriptOfTheVersionThatTheJournalHas() throws Exception {
        CascadeCleanup cleanup = CascadeCleanup.of(database.dataSource());
        String[] command = {"--format", "sql", "--undo"};
        assertThat(CommandRun.of("plan").on(database).with(command).run().out().strip())
                .isEqualTo(cleanup.undoScript("60").strip());
        cleanup.migrate("67", "V067__Cascade");
        assertThat(CommandRun.of("plan").on(database).with(command).run().out().strip())
                .isEqualTo(cleanup.undoScript("67").strip())
                .isNotEqualTo(cleanup.undoScript("60").strip());
    }

    @Test
    void undoOfAnotherVersionThanTheJournalHas() throws Exception {
        migrate();
        assertThat(CommandRun.of("undo")
                        .on(database)
                        .with("--yes", "--migration", "99")
                        .run()
                        .assertCode(ExitCodes.NO)
                        .err())
                .contains("no conversion of version 99, only of 60");
        CommandRun.of("undo")
                .on(database)
                .with("--yes", "--migration", "60")
                .run()
                .assertCode(ExitCodes.OK);
        CommandRun.of("undo")
                .on(database)
                .with("--yes", "--migration", "060")
                .run()
                .assertCode(ExitCodes.OK);
    }

    @Test
    void undoWithoutAnybodyToAsk() throws Exception {
        migrate();
        assertThat(CommandRun.of("undo")
                        .on(database)
                        .run()
                        .assertCode(ExitCodes.USAGE)
                        .err())
                .contains("--yes");
        CommandRun.of("undo").on(database).with("--yes", "--quiet").run().assertCode(ExitCodes.OK);
        CommandRun.of("verify").on(database).run().assertCode(ExitCodes.NO);
    }

    @Test
    void undoThatWouldNotBeExact() throws Exception {
        migrate();
        database.execute("ALTER TABLE notes DROP CONSTRAINT of_user");
        CommandRun run = CommandRun.of("undo").on(database).with("--yes").run().assertCode(ExitCodes.NO);
        assertThat(run.out()).contains("left alone: notes.of_user is gone");
        assertThat(run.err()).contains("--skip-changed");
        CommandRun.of("undo").on(database).with("--yes", "--skip-changed").run().assertCode(ExitCodes.OK);
    }

    /** Reading takes no more than the right to read, and cannot do more. */
    @Test
    void aRoleThatMayOnlySelectIsEnough() throws Exception {
        String reader = database.createRole("reader");
        // CockroachDB does not show the schemas of a database to a role without it.
        database.execute("GRANT CONNECT ON DATABASE " + database.name() + " TO " + reader);
        for (String table : List.of("users", "notes", "tasks", "logins", "lines")) {
            database.execute("GRANT SELECT ON TABLE " + table + " TO " + reader);
        }
        assertThat(asReader(reader, "verify").assertCode(ExitCodes.NO).out()).contains("2 foreign keys to mend");
        assertThat(asReader(reader, "plan").assertCode(ExitCodes.NO).out()).contains("2 to convert", "Refused");
        assertThat(asReader(reader, "audit").assertCode(ExitCodes.OK).out())
                .contains("Audit of users")
                .doesNotContain("not counted");
    }

    private CommandRun asReader(String reader, String verb) {
        return CommandRun.of(verb)
                .with("--url", database.jdbcUrl(), "--user", reader)
                .environment("CASCADE_CLEANUP_PASSWORD", reader)
                .run();
    }

    /** By construction, for whatever the verbs send: each statement runs in a transaction that the server holds to reading. */
    @Test
    void connectionsForReadingCannotWrite() throws Exception {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        Terminal terminal = new Terminal(nowhere, nowhere, Map.of(), Optional.empty(), false);
        CliDataSource dataSource =
                new CliDataSource(database.jdbcUrl(), properties, terminal, new Interruption(nowhere), true);
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (boolean autoCommit : new boolean[] {true, false}) {
                connection.setAutoCommit(autoCommit);
                for (String sql : List.of("INSERT INTO users (id) VALUES (1)", "CREATE TABLE t (i bigint)")) {
                    assertThatThrownBy(() -> statement.execute(sql))
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("read-only transaction");
                    if (!autoCommit) {
                        connection.rollback();
                    }
                }
            }
        }
    }

    @Test
    void indexesBuildsWhatTheDeletesLackAndNothingTwice() throws Exception {
        CommandRun first = CommandRun.of("indexes").on(database).run().assertCode(ExitCodes.OK);
        assertThat(first.out())
                .contains(
                        "built: lines (note)",
                        "built: logins (u)",
                        "built: notes (u)",
                        "built: tasks (u)",
                        "4 indexes built");
        assertThat(CommandRun.of("indexes")
                        .on(database)
                        .run()
                        .assertCode(ExitCodes.OK)
                        .out())
                .contains("every delete finds its rows by an index")
                .doesNotContain("built:");
        assertThat(CommandRun.of("verify").on(database).run().out()).doesNotContain("no index");
    }

    @Test
    void indexesAreRefusedWithAllThatIsWrong() throws Exception {
        String reader = database.createRole("unindexed");
        database.execute("GRANT CONNECT ON DATABASE " + database.name() + " TO " + reader);
        assertThat(asReader(reader, "indexes").assertCode(ExitCodes.NO).err())
                .contains(
                        "cannot build an index on it",
                        "lines",
                        "logins",
                        "notes",
                        "tasks",
                        "before anything was changed");
        assertThat(CommandRun.of("indexes")
                        .on(database)
                        .with("--parent", "people")
                        .run()
                        .assertCode(ExitCodes.NO)
                        .err())
                .contains("people");
    }

    private void migrate() {
        CascadeCleanup.of(database.dataSource()).migrate("60", "cli test");
    }

    private long journals() throws SQLException {
        return database.<Long>value(
                "SELECT count(*) FROM information_schema.tables WHERE table_name = 'cascade_cleanup_journal'");
    }
}
