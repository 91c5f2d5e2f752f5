package dev.cascadecleanup.internal.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.Stopwatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManyTablesTest {

    private static final int TABLES = 500;

    @Test
    void fiveHundredTablesTakeLessThanTenSeconds() throws SQLException {
        List<String> schema =
                new ArrayList<>(List.of("CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE)"));
        for (int i = 1; i < TABLES; i++) {
            String up = i % 3 == 0 ? "t" + (i - 1) : "users";
            schema.add("CREATE TABLE t" + i + " (id bigserial PRIMARY KEY, up_id int8 NOT NULL REFERENCES " + up
                    + " (id) ON DELETE CASCADE, name varchar(40) NOT NULL UNIQUE, state text NOT NULL CHECK (state IN ('on', 'off')),"
                    + " at timestamptz NOT NULL DEFAULT now(), extra jsonb NOT NULL DEFAULT '{}')");
            schema.add("CREATE INDEX ON t" + i + " (up_id)");
        }
        try (ProofContract contract = ProofContract.on(Postgres.newest(), schema.toArray(String[]::new))) {
            ProofReport report = contract.prove().assertPassed();
            assertThat(report.tables()).hasSize(TABLES);
            Stopwatch.assertQuick(
                    "proof of " + TABLES + " tables", report.parents().get(0).elapsed(), Duration.ofSeconds(10));
        }
    }
}
