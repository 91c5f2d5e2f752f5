package dev.cascadecleanup.internal.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.proof.LinkProof;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.proof.TableProof;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows for every type and constraint, without a hint, in empty tables and beside rows that are there. */
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
            ProofReport report = everyKindOfRowIsMade(zoo.prove());
            assertThat(report.tables())
                    .hasSizeGreaterThan(server.isCockroach() ? 20 : 35)
                    .allSatisfy(table ->
                            assertThat(table.verdict()).as(table.toString()).isEqualTo(TableProof.Verdict.ERASED));
            assertThat(report.parents().get(0).notes()).isEmpty();
            assertThat(ProofContract.table(report, "reactions").before())
                    .as("one row for each of two targets")
                    .isEqualTo(2);
            assertThat(ProofContract.table(report, "friendships").before())
                    .as("one row for each side")
                    .isEqualTo(2);

            zoo.database().execute(ProofContract.statements("zoo-rows.sql").toArray(String[]::new));
            everyKindOfRowIsMade(zoo.prove());
        }
    }

    /** What becomes of rows of others is as it may be, with this many ways to hang on two persons. */
    private static ProofReport everyKindOfRowIsMade(ProofReport report) {
        assertThat(report.missing()).as(report.toString()).isEmpty();
        assertThat(report.refusals()).as(report.toString()).isEmpty();
        assertThat(report.links())
                .as(report.toString())
                .isNotEmpty()
                .noneMatch(LinkProof::differs)
                .extracting(LinkProof::result)
                .doesNotContain(LinkProof.Result.NOT_SEEN, LinkProof.Result.REMAINS);
        return report;
    }
}
