package dev.cascadecleanup.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows for every type and constraint, without a hint. */
@ContractTest
class ZooTest {

    private final TestServer server;

    ZooTest(TestServer server) {
        this.server = server;
    }

    @Test
    void everyKindOfTableGetsARow() throws SQLException {
        List<String> schema = new ArrayList<>(ProofContract.statements("zoo.sql"));
        if (!server.isCockroach()) {
            schema.addAll(ProofContract.statements("zoo-postgres.sql"));
        }
        try (ProofContract zoo = ProofContract.on(server, schema.toArray(String[]::new))) {
            ProofReport report = zoo.prove().assertPassed();
            assertThat(report.tables()).hasSizeGreaterThan(server.isCockroach() ? 20 : 35)
                    .allSatisfy(table -> assertThat(table.verdict()).as(table.toString()).isEqualTo(TableProof.Verdict.ERASED));
            assertThat(report.parents().get(0).notes()).isEmpty();
            assertThat(ProofContract.table(report, "reactions").before()).as("one row for each of two targets").isEqualTo(2);
            assertThat(ProofContract.table(report, "friendships").before()).as("one row for each side").isEqualTo(2);
        }
    }

    @Test
    void rowsThatAreThereAreNoObstacle() throws SQLException {
        List<String> schema = new ArrayList<>(ProofContract.statements("zoo.sql"));
        schema.add("INSERT INTO users VALUES ('00000000-0000-4000-8000-000000000001', 'a@example.org')");
        schema.add("INSERT INTO countries VALUES ('DE', 'Germany')");
        schema.add("INSERT INTO categories VALUES (1, 1)");
        schema.add("INSERT INTO unique_columns VALUES ('00000000-0000-4000-8000-000000000001', 'ab', 1, '2024-01-15',"
                + " 'same@example.org', 'open', 1, 1, '10.0.0.1')");
        try (ProofContract zoo = ProofContract.on(server, schema.toArray(String[]::new))) {
            zoo.prove().assertPassed();
        }
    }
}
