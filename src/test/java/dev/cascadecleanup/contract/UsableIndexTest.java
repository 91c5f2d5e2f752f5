package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.MissingIndex;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whether an index serves a delete: the library's answer is the server's. */
@ContractTest
class UsableIndexTest {

    private final TestServer server;

    UsableIndexTest(TestServer server) {
        this.server = server;
    }

    @Test
    void theServerJudges() throws Exception {
        server.assumePostgres();
        try (TestDatabase database = server.createDatabase()) {
            database.execute(IndexZoo.on(server).schema().toArray(String[]::new));
            CascadePlan plan = CascadeCleanup.of(database.dataSource()).plan();
            TreeSet<String> missing = new TreeSet<>();
            for (MissingIndex index : plan.indexes().missing()) {
                index.parts().stream()
                        .filter(part -> !part.kind().toString().startsWith("partitioned"))
                        .forEach(part -> missing.add(part.table().name()));
            }
            assertThat(missing).isEqualTo(IndexZoo.lacking(database));
        }
    }
}
