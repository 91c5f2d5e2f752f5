package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeIndexes;
import dev.cascadecleanup.CascadeUndoMigration;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A large table without an index, and a plain flyway migrate: refused with ways that work, each of which is gone here. */
@ContractTest(oldestAndNewest = true)
@Timeout(600)
class IndexesUnderFlywayTest {

    private static final String[] SCHEMA = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE small (u bigint REFERENCES users)",
        // Large by its pages; there is no need to fill them with rows that somebody looks at.
        "CREATE TABLE large (u bigint REFERENCES users, filler text)",
        "ALTER TABLE large ALTER filler SET STORAGE PLAIN",
        "INSERT INTO large SELECT NULL, repeat('x', 7000) FROM generate_series(1, 2500)",
        "ANALYZE large"
    };

    private final TestServer server;

    IndexesUnderFlywayTest(TestServer server) {
        this.server = server;
    }

    @Test
    void refusedBeforeAnythingIsChanged() throws Exception {
        try (CascadeContract contract = contract()) {
            String message = contract.migrateRefused();
            assertThat(message)
                    .contains(
                            "large (u) of 20 MB",
                            "CREATE INDEX CONCURRENTLY would wait for ever",
                            "idle in transaction")
                    .doesNotContain("small (u)");
            // The ways are the ones that the other tests here go.
            assertThat(message)
                    .contains("flyway.postgresql.transactional.lock=false")
                    .contains("'cascade-cleanup indexes'")
                    .contains("CascadeCleanup.createIndexes()")
                    .contains("flyway.callbacks=" + CascadeIndexes.class.getName())
                    .contains("cascade_indexes to warn");
            assertThat(built(contract.database())).isEmpty();
        }
    }

    @Test
    void withALockOfTheSession() throws Exception {
        try (CascadeContract contract = contract()) {
            // By its name, as the classes behind it differ from line to line of Flyway.
            contract.flyway(flyway -> flyway.configuration(Map.of("flyway.postgresql.transactional.lock", "false")));
            builtByTheMigration(contract);
        }
    }

    @Test
    void builtAheadByTheFacade() throws Exception {
        try (CascadeContract contract = contract()) {
            assertThat(CascadeCleanup.of(contract.configuration())
                            .createIndexes()
                            .built())
                    .hasSize(2);
            assertThat(CascadeCleanup.of(contract.configuration())
                            .createIndexes()
                            .built())
                    .isEmpty();
            builtByTheMigration(contract);
        }
    }

    @Test
    void builtAheadByTheCallback() throws Exception {
        try (CascadeContract contract = contract()) {
            contract.flyway(flyway -> flyway.callbacks(new CascadeIndexes()));
            builtByTheMigration(contract);
            // Once undone it does not come back at the next start.
            contract.configuration().load().migrate();
            assertThat(built(contract.database())).isEmpty();
        }
    }

    @Test
    void theCallbackIsSilentWhereThereIsNoParentYet() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, "CREATE TABLE other (id bigint)")) {
            FluentConfiguration flyway = contract.flyway(each -> each.callbacks(new CascadeIndexes())
                            .locations("classpath:no/migrations")
                            .failOnMissingLocations(false))
                    .configuration();
            assertThat(flyway.load().migrate().success).isTrue();
        }
    }

    @Test
    void builtLater() throws Exception {
        try (CascadeContract contract = contract()) {
            contract.with("cascade_indexes", "warn");
            try (LogCapture log = LogCapture.open()) {
                contract.migrate();
                assertThat(log.messages("WARN"))
                        .filteredOn(line -> line.contains("index"))
                        .singleElement()
                        .asString()
                        .contains("2 foreign keys: no usable index on large (u), small (u)")
                        .endsWith("; a plan has the statements");
            }
            assertThat(CascadeCleanup.of(contract.configuration())
                            .createIndexes()
                            .built())
                    .hasSize(2);
            contract.undoExactly();
            assertThat(built(contract.database())).isEmpty();
        }
    }

    /** DROP INDEX CONCURRENTLY waits for nobody who has not touched the table. */
    @Test
    void undoneByAMigrationUnderFlywaysDefaultLock() throws Exception {
        try (CascadeContract contract = contract()) {
            CascadeCleanup.of(contract.configuration()).createIndexes();
            contract.migrate();
            assertThat(built(contract.database())).hasSize(2);
            contract.configuration().javaMigrations(new V061__Undo()).load().migrate();
            assertThat(built(contract.database())).isEmpty();
            contract.now().assertEqualTo(contract.before());
        }
    }

    static final class V061__Undo extends CascadeUndoMigration {}

    private CascadeContract contract() throws SQLException {
        server.assumePostgres();
        return CascadeContract.on(server, SCHEMA).with("cascade_indexes", "create");
    }

    private static void builtByTheMigration(CascadeContract contract) throws Exception {
        contract.migrate().assertCascading("small.small_u_fkey", "large.large_u_fkey");
        assertThat(built(contract.database())).hasSize(2);
        contract.undoExactly();
        assertThat(built(contract.database())).isEmpty();
    }

    private static List<List<Object>> built(TestDatabase database) throws SQLException {
        return database.rows("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%ccidx%'");
    }
}
