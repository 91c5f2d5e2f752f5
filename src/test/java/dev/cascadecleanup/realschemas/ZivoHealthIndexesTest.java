package dev.cascadecleanup.realschemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.plan.MissingIndex;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The 18 foreign keys on users that have no index in a real schema: built by a plain migrate, and gone with the undo. */
@ContractTest(oldestAndNewest = true)
class ZivoHealthIndexesTest {

    private static final String INDEXES = "SELECT tablename, indexname, indexdef FROM pg_catalog.pg_indexes"
            + " WHERE schemaname = 'public' AND tablename NOT LIKE '%cascade_cleanup%'"
            + " AND tablename <> 'flyway_schema_history' ORDER BY 1, 2";

    private final TestServer server;

    ZivoHealthIndexesTest(TestServer server) {
        this.server = server;
    }

    @Test
    void allEighteenAreBuiltAndUndone() throws Exception {
        // CockroachDB makes an index for each foreign key of this schema's time by itself.
        server.assumePostgres();
        RealSchema schema = RealSchema.ZIVOHEALTH;
        try (TestDatabase database = server.databaseOf(schema.name(), schema::build)) {
            List<List<Object>> before = database.rows(INDEXES);
            CascadeCleanup cleanup = CascadeCleanup.of(schema.flyway(database));
            List<MissingIndex> missing = cleanup.plan().indexes().missing();
            assertThat(missing.stream()
                            .flatMap(index -> index.foreignKeys().stream())
                            .filter(fk -> fk.referencedTable().name().name().equals("users")))
                    .hasSize(18);
            schema.flyway(database)
                    .placeholders(Map.of("cascade_indexes", "create"))
                    .load()
                    .migrate();
            List<List<Object>> after = database.rows(INDEXES);
            assertThat(after).hasSize(before.size() + missing.size()).containsAll(before);
            assertThat(cleanup.verify().indexes().missing()).isEmpty();
            assertThat(cleanup.createIndexes().built()).isEmpty();
            assertThat(new TreeSet<>(missing.stream()
                            .map(index -> index.table().name().name())
                            .toList()))
                    .isEqualTo(new TreeSet<>(after.stream()
                            .filter(row -> row.get(1).toString().contains("_ccidx_"))
                            .map(row -> row.get(0).toString())
                            .toList()));
            assertThat(cleanup.undo(UndoOptions.defaults()).indexesDropped()).isEqualTo(missing.size());
            assertThat(database.rows(INDEXES)).isEqualTo(before);
        }
    }
}
