package dev.cascadecleanup.internal.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.DoubledConnections;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.WideSchemas;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work grows as the tables do, and no faster. How long 500 take is measured by the benchmark. */
class ManyTablesTest {

    @Test
    void eachTableCostsTheSameNumberOfStatements() throws SQLException {
        int few = statements(40);
        int many = statements(160);

        assertThat(many).isLessThanOrEqualTo(4 * few);
        assertThat(many / 160).as("statements for each table").isLessThanOrEqualTo(30);
    }

    private static int statements(int tables) throws SQLException {
        AtomicInteger statements = new AtomicInteger();
        try (ProofContract contract =
                ProofContract.on(Postgres.newest(), WideSchemas.perUser(tables).toArray(String[]::new))) {
            CascadeCleanup counted = CascadeCleanup.of(
                    DoubledConnections.over(contract.database().dataSource(), (connection, sql) -> {
                        statements.incrementAndGet();
                        return sql;
                    }));
            ProofReport report = contract.prove(counted, ProofHints.none()).assertPassed();
            assertThat(report.tables()).hasSize(tables);
        }
        return statements.get();
    }
}
