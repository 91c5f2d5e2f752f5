package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** At every instant of a migration and its undo, each table has a foreign key that keeps orphans out. */
@ContractTest(oldestAndNewest = true)
class NoGapTest {

    /** So many that VALIDATE lasts. */
    private static final int ROWS = 20_000;

    private final TestServer server;

    NoGapTest(TestServer server) {
        this.server = server;
    }

    @Test
    void noOrphanGetsInAndEverySampleShowsAForeignKey() throws Exception {
        try (TestDatabase database = OnlineSchema.create(server, ROWS)) {
            assertNoGap(database, "orders", "posts");
        }
    }

    @Test
    void norOnAPartitionedTable() throws Exception {
        server.assumePostgres();
        try (TestDatabase database = OnlineSchema.createPartitioned(server, ROWS)) {
            assertNoGap(database, "orders", "posts", "orders_0", "orders_1");
        }
    }

    private static void assertNoGap(TestDatabase database, String... tables) throws Exception {
        List<String> before = ForeignKeys.of(database);
        CatalogSampler sampler = CatalogSampler.start(database, tables);
        try (sampler;
                OrphanInserter orders = OrphanInserter.start(database, "orders");
                OrphanInserter posts = OrphanInserter.start(database, "posts")) {
            Migrations.migrate(database.dataSource());
            assertThat(ForeignKeys.of(database))
                    .hasSize(tables.length)
                    .allMatch(fk -> fk.contains("ON DELETE CASCADE"));
            Migrations.undo(database.dataSource());
            System.out.println("[no gap] " + database.server() + ", " + String.join(" ", tables) + ": " + orders + "; "
                    + posts + "; " + sampler);
            assertThat(orders.admitted() + posts.admitted()).isZero();
        }
        assertThat(sampler.gaps()).isEmpty();
        assertThat(ForeignKeys.of(database)).isEqualTo(before);
    }
}
