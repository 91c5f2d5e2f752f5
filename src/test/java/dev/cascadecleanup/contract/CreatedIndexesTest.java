package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.MigrationReport;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code cascade_indexes = create}: afterwards the server scans no table for a delete, and an undo leaves no trace. */
@ContractTest(oldestAndNewest = true)
class CreatedIndexesTest {

    private final TestServer server;

    CreatedIndexesTest(TestServer server) {
        this.server = server;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theZooIsClosed(boolean transactionalLock) throws Exception {
        server.assumePostgres();
        try (CascadeContract contract =
                CascadeContract.on(server, IndexZoo.on(server).schema())) {
            contract.with("cascade_indexes", "create").flyway(flyway -> withLock(flyway, transactionalLock));
            TestDatabase database = contract.database();
            Map<String, String> before = IndexZoo.indexes(database);
            TreeSet<String> lacking = IndexZoo.lacking(database);
            contract.migrate();
            assertThat(IndexZoo.scanned(database)).isEmpty();
            Map<String, String> after = IndexZoo.indexes(database);
            assertThat(after).containsAllEntriesOf(before);
            assertThat(invalid(after)).isEqualTo(invalid(before));
            // Not one beside a usable one: what was built is on the tables that lacked one, once each, and on their
            // partitioned tables.
            Map<String, Long> built = new java.util.TreeMap<>();
            for (List<Object> row : database.rows(
                    "SELECT tablename, count(*) FROM pg_indexes WHERE indexname LIKE '%ccidx%' GROUP BY 1")) {
                built.put((String) row.get(0), (Long) row.get(1));
            }
            assertThat(built.keySet()).containsAll(lacking);
            built.keySet().removeAll(lacking);
            assertThat(built.keySet()).containsExactlyInAnyOrder("parts_none", "parts_none_2");

            contract.assertRepeatable();
            assertThat(IndexZoo.indexes(database)).isEqualTo(after);
            assertThat(CascadeCleanup.of(contract.configuration())
                            .verify()
                            .indexes()
                            .missing())
                    .isEmpty();
            assertThat(contract.undoExactly().indexesDropped()).isGreaterThan(20);
            assertThat(IndexZoo.indexes(database)).isEqualTo(before);
        }
    }

    @Test
    void theUndoCanKeepThem() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE notes (id bigint PRIMARY KEY, u bigint REFERENCES users)")) {
            contract.with("cascade_indexes", "create").migrate();
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            assertThat(cleanup.planUndo(UndoOptions.defaults()).indexes()).hasSize(1);
            assertThat(cleanup.undo(UndoOptions.defaults().withKeepIndexes(true))
                            .indexesDropped())
                    .isZero();
            contract.now().assertEqualTo(contract.before());
            assertThat(cleanup.plan().indexes().missing()).isEmpty();
            assertThat(cleanup.undo(UndoOptions.defaults()).version()).isNull();
            assertThat(cleanup.plan().indexes().missing()).isEmpty();
        }
    }

    @Test
    void aNewForeignKeyOfALaterDayIsServedByTheNextRun() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE notes (id bigint PRIMARY KEY, u bigint REFERENCES users)")) {
            contract.with("cascade_indexes", "create").migrate();
            contract.execute("CREATE TABLE tasks (id bigint PRIMARY KEY, u bigint REFERENCES users ON DELETE CASCADE)");
            MigrationReport report = CascadeCleanup.of(contract.configuration()).migrate("60", "again");
            assertThat(report.converted()).isEmpty();
            assertThat(report.indexes()).singleElement().asString().contains("tasks (u)");
            assertThat(contract.undo().indexesDropped()).isEqualTo(2);
        }
    }

    private static List<String> invalid(Map<String, String> indexes) {
        return indexes.entrySet().stream()
                .filter(index -> index.getValue().contains(", false"))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static FluentConfiguration withLock(FluentConfiguration flyway, boolean transactional) {
        flyway.getPluginRegister()
                .getExact(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(transactional);
        return flyway;
    }
}
