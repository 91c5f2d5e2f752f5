package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.preview.PreviewReport;
import dev.cascadecleanup.preview.PreviewVerdict;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys of types whose text is not like a number's. */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class CockroachKeyTest {

    private final TestServer server;

    CockroachKeyTest(TestServer server) {
        this.server = server;
    }

    @Test
    void peopleAreFound() throws Exception {
        for (Map.Entry<String, String> key : Map.of(
                        "STRING COLLATE en_u_ks_level2", "'Ann' COLLATE en_u_ks_level2", "INTERVAL", "INTERVAL '1 mon'")
                .entrySet()) {
            try (CascadeContract contract = CascadeContract.on(
                    server,
                    "CREATE TABLE users (id " + key.getKey() + " PRIMARY KEY)",
                    "CREATE TABLE posts (id int PRIMARY KEY, user_id " + key.getKey()
                            + " REFERENCES users ON DELETE CASCADE)",
                    "CREATE TABLE notes (post_id int REFERENCES posts ON DELETE CASCADE)",
                    "INSERT INTO users VALUES (" + key.getValue() + ")",
                    "INSERT INTO posts VALUES (1, " + key.getValue() + ")",
                    "INSERT INTO notes VALUES (1)")) {
                PreviewReport report = CascadeCleanup.of(contract.configuration())
                        .preview(key.getKey().equals("INTERVAL") ? "1 mon" : "ann");
                assertThat(report.verdict()).as(key.getKey()).isEqualTo(PreviewVerdict.SUCCEEDS);
                assertThat(report.rowsDeleted()).as(key.getKey()).isEqualTo(3);
            }
        }
    }
}
