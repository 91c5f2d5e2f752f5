package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of {@code plan --format sql}: run by hand they leave the catalog as V060 and its undo do. */
@ContractTest(oldestAndNewest = true)
class SqlScriptTest {

    private static final String VERSION = "60";

    private final TestServer server;

    @TempDir
    private Path folder;

    SqlScriptTest(TestServer server) {
        this.server = server;
    }

    @Test
    void byHandIsTheSameAsV060AndItsUndo() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, schema())) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            String script = cleanup.migrationScript(VERSION);
            String undo = cleanup.undoScript(VERSION);
            contract.now().assertEqualTo(contract.before());
            assertThat(contract.journals()).isEmpty();

            run(contract, script);
            CatalogSnapshot byHand = contract.now();
            assertThat(cleanup.plan().conversions()).isEmpty();
            assertThat(cleanup.undoScript(VERSION)).as("from the journal").isEqualTo(undo);
            run(contract, undo);
            contract.now().assertEqualTo(contract.before());

            // The journal's rows are done with, and V060 comes to the same.
            contract.migrate();
            contract.now().assertEqualTo(byHand);
            run(contract, cleanup.undoScript(VERSION));
            contract.now().assertEqualTo(contract.before());
            assertThat(contract.undo().version()).isNull();

            // What the script has converted, the library's own undo takes back.
            run(contract, script);
            contract.now().assertEqualTo(byHand);
            contract.undoExactly();
        }
    }

    @Test
    void withTheIndexes() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, schema()).with("cascade_indexes", "create")) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            String script = cleanup.migrationScript(VERSION);
            String undo = cleanup.undoScript(VERSION);
            int missing = cleanup.plan().indexes().missing().size();
            assertThat(missing).isGreaterThan(5);
            Map<String, String> before = indexes(contract);

            run(contract, script);
            assertThat(cleanup.plan().conversions()).isEmpty();
            assertThat(cleanup.plan().indexes().missing()).isEmpty();
            assertThat(cleanup.undoScript(VERSION)).as("from the journal").isEqualTo(undo);
            run(contract, undo);
            contract.now().assertEqualTo(contract.before());
            assertThat(indexes(contract)).isEqualTo(before);
            assertThat(cleanup.plan().indexes().missing()).hasSize(missing);

            // What the script has built, the library's own undo drops, too.
            run(contract, script);
            contract.undoExactly();
            assertThat(indexes(contract)).isEqualTo(before);
        }
    }

    /** The script makes them its migration's own, so that the undo drops them. */
    @Test
    void withIndexesThatWereBuiltAhead() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                        server,
                        "CREATE TABLE users (id bigint PRIMARY KEY)",
                        "CREATE TABLE notes (u bigint REFERENCES users)")
                .with("cascade_indexes", "create")) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            Map<String, String> before = indexes(contract);
            assertThat(cleanup.createIndexes().built()).hasSize(1);

            String script = cleanup.migrationScript(VERSION);
            assertThat(script).contains("built ahead: ").doesNotContain("CREATE INDEX");
            run(contract, script);
            assertThat(contract.undo().indexesDropped()).isOne();
            contract.now().assertEqualTo(contract.before());
            assertThat(indexes(contract)).isEqualTo(before);
        }
    }

    private Map<String, String> indexes(CascadeContract contract) throws SQLException {
        return server.isCockroach() ? Map.of() : IndexZoo.indexes(contract.database());
    }

    @Test
    void whatIsNotAsItWasStopsTheScript() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE a (u bigint, v bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            String script = cleanup.migrationScript(VERSION);
            contract.execute(
                    "ALTER TABLE a DROP CONSTRAINT fk",
                    "ALTER TABLE a ADD CONSTRAINT fk FOREIGN KEY (v) REFERENCES users");
            CatalogSnapshot changed = contract.now();
            assertThatThrownBy(() -> run(contract, script))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("a.fk is not what it was");
            contract.now().assertEqualTo(changed);
            run(contract, cleanup.migrationScript(VERSION));
            assertThatThrownBy(() -> run(contract, script))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("a.fk is not what it was");
            assertThat(Script.statements(cleanup.migrationScript(VERSION)))
                    .as("nothing is left")
                    .isEmpty();
        }
    }

    /** As the comments at the head of the script say. */
    @Test
    void asFlywayMigrations() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, schema())) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            migration("V060__CascadeCleanup.sql", cleanup.migrationScript(VERSION));
            migration("V061__UndoCascadeCleanup.sql", cleanup.undoScript(VERSION));
            Flyway flyway =
                    contract.configuration().locations("filesystem:" + folder).load();
            assertThat(flyway.migrate().migrationsExecuted).isEqualTo(2);
            contract.now().assertEqualTo(contract.before());
            assertThat(flyway.validateWithResult().validationSuccessful).isTrue();
        }
    }

    private void migration(String name, String script) throws Exception {
        Files.writeString(folder.resolve(name), script);
        List<String> settings = script.lines()
                .filter(line -> line.matches("-- {3}\\w+=(true|false)"))
                .map(line -> line.substring(5))
                .toList();
        assertThat(settings).hasSize(2);
        Files.write(folder.resolve(name + ".conf"), settings);
    }

    private List<String> schema() {
        List<String> schema = new ArrayList<>(List.of(
                "CREATE TABLE users (id bigint PRIMARY KEY, region bigint NOT NULL, UNIQUE (region, id))",
                "CREATE TABLE notes (u bigint NOT NULL, CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users ON UPDATE CASCADE)",
                "CREATE TABLE tasks (u bigint, CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL)",
                "CREATE TABLE logins (u bigint, CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE pairs (r bigint, u bigint, CONSTRAINT of_user FOREIGN KEY (r, u) REFERENCES users (region, id) MATCH FULL)",
                "CREATE SCHEMA \"the ${other}\"",
                "CREATE TABLE \"the ${other}\".\"it's; \"\"odd\"\" -- \\\" (\"u ?\" bigint, CONSTRAINT \"of\\user;\" FOREIGN KEY (\"u ?\")"
                        + " REFERENCES users ON DELETE RESTRICT)",
                "CREATE TABLE late (u bigint)",
                "INSERT INTO late VALUES (404)",
                "ALTER TABLE late ADD CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users NOT VALID"));
        if (server.isCockroach()) {
            // What the catalog calls its column is no number of pg_attribute.
            schema.addAll(List.of(
                    "CREATE TABLE rewritten (u string)",
                    "SET enable_experimental_alter_column_type_general = true",
                    "ALTER TABLE rewritten ALTER COLUMN u TYPE int8 USING u::int8",
                    "ALTER TABLE rewritten ADD CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users"));
        } else {
            schema.addAll(List.of(
                    "COMMENT ON CONSTRAINT of_user ON tasks IS 'whose; task''s'",
                    "CREATE TABLE drafts (u bigint CONSTRAINT of_user REFERENCES users DEFERRABLE INITIALLY DEFERRED)",
                    "CREATE TABLE events (u bigint, at date NOT NULL,"
                            + " CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (at)",
                    "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                    "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
                    "CREATE TABLE imports (u bigint CONSTRAINT of_user REFERENCES users)",
                    """
                    DO $$ BEGIN EXECUTE (SELECT format('ALTER TABLE imports DISABLE TRIGGER %I', tgname) FROM pg_trigger
                    WHERE tgrelid = 'imports'::regclass AND tgfoid = '"RI_FKey_check_ins"'::regproc); END $$
                    """));
        }
        return schema;
    }

    /** As psql does with ON_ERROR_STOP: one statement after the other on one connection, each as it is. */
    private static void run(CascadeContract contract, String script) throws SQLException {
        Script.run(contract.database().warmDataSource(), script);
    }
}
