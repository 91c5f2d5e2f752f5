package dev.cascadecleanup.internal.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Where CockroachDB hides what PostgreSQL shows. */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class ProofCockroachTest {

    private final TestServer server;

    ProofCockroachTest(TestServer server) {
        this.server = server;
    }

    @Test
    void tablesOutOfTheRolesSightAreNotProved() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                "CREATE TABLE users (id int8 PRIMARY KEY)",
                "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE hidden (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id))")) {
            String role = contract.database().createRole("prover");
            contract.database()
                    .execute(
                            // Which everybody has since v22.1, and which shows every table.
                            "REVOKE CONNECT ON DATABASE " + contract.database().name() + " FROM public",
                            "GRANT CREATE ON DATABASE " + contract.database().name() + " TO " + role,
                            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE users, things TO " + role);
            ProofReport report =
                    contract.prove(CascadeCleanup.of(contract.database().dataSource(role, "")), ProofHints.none());
            assertThat(report.passed()).as(report.toString()).isFalse();
            assertThat(report.parents().get(0).notes())
                    .anySatisfy(note -> assertThat(note).contains("not proved", "on users", "the role may not see it"));
        }
    }
}
