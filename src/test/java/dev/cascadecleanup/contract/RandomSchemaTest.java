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
        // PostgreSQL takes them all at once, which is quicker; on CockroachDB that would be one transaction, and no
        // schema change works
        // in one (enable_implicit_transaction_for_batch_statements, since v22.1).
        List<String> flights = server.isCockroach() ? statements : List.of(String.join(";\n", statements));
        try (CascadeContract contract = CascadeContract.on(server, flights)) {
            contract.with("cascade_parent", String.join(", ", parents));
            contract.migrate()
                    .assertCascading(id ->
                            schemas.isOnAParent(contract.before().foreignKeys().get(id)));
            contract.assertRepeatable();
            assertThat(contract.undoExactly().restored()).isNotEmpty();
        }
    }
}
