package dev.cascadecleanup.contract;

import static dev.cascadecleanup.contract.EvilNames.quote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Random schemas, others on each server, many in one database: after migration and undo the catalog is what it was, down to the last letter. */
@ContractTest(oldestAndNewest = true)
class RandomSchemaTest {

    private static final long SEED = Long.getLong("cascade.test.seed", 20_260_101L);

    private final TestServer server;

    RandomSchemaTest(TestServer server) {
        this.server = server;
    }

    @Test
    void migrationAndUndoChangeTheActionAndNothingElse() throws Exception {
        long seed = SEED + server.major();
        System.out.println(
                server + ": random schemas of seed " + SEED + " + " + server.major() + " (-Dcascade.test.seed)");
        RandomSchemas schemas = new RandomSchemas(seed, server);
        List<String> statements = new ArrayList<>();
        List<String> parents = new ArrayList<>();
        for (int i = 0; i < (server.isCockroach() ? 4 : 50); i++) {
            RandomSchemas.Schema schema = schemas.next();
            statements.addAll(schema.statements());
            parents.add(quote(schema.name()) + "." + quote(schema.parent()));
        }
        try (CascadeContract contract = CascadeContract.on(server, String.join(";\n", statements))) {
            contract.with("cascade_parent", String.join(", ", parents));
            contract.migrate()
                    .assertCascading(id ->
                            schemas.isOnAParent(contract.before().foreignKeys().get(id)));
            contract.assertRepeatable();
            assertThat(contract.undoExactly().restored()).isNotEmpty();
        }
    }
}
