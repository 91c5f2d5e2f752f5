package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** An application that starts eight times at once: one instance does the work, all come up. */
@ContractTest(oldestAndNewest = true)
class ConcurrentInstancesTest {

    private static final int THREADS = 6;

    private final TestServer server;

    ConcurrentInstancesTest(TestServer server) {
        this.server = server;
    }

    @Test
    void oneDoesTheWorkAndAllSucceed() throws Exception {
        // The one west of UTC reads a lock row of Flyway's as hours old (CockroachDB).
        try (TestDatabase database = OnlineSchema.create(server);
                ChildJvm east = ChildJvm.start();
                ChildJvm west = ChildJvm.start("-Duser.timezone=America/Los_Angeles")) {
            east.awaitReady();
            west.awaitReady();
            CyclicBarrier together = new CyclicBarrier(THREADS + 1);
            List<Background<Void>> instances = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                instances.add(Background.start("instance " + i, () -> {
                    together.await();
                    Migrations.migrate(database.dataSource());
                    return null;
                }));
            }
            together.await();
            west.tell("MIGRATE", database, true, null);
            east.tell("MIGRATE", database, true, null);
            for (Background<Void> instance : instances) {
                instance.join();
            }
            west.expect("DONE");
            east.expect("DONE");

            assertThat(ForeignKeys.of(database))
                    .hasSize(OnlineSchema.FOREIGN_KEYS)
                    .allMatch(fk -> fk.contains("ON DELETE CASCADE"));
            assertThat(ForeignKeys.history(database)).containsExactly("060 | true");
            assertThat(ForeignKeys.journal(database)).hasSize(OnlineSchema.FOREIGN_KEYS);
            assertThat(database.<Long>value("SELECT count(*) FROM cascade_cleanup_journal"))
                    .as("conversions, of all instances")
                    .isEqualTo(OnlineSchema.FOREIGN_KEYS);
        }
    }
}
