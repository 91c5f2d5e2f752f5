package dev.cascadecleanup.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.jdbc.Identifiers;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.realschemas.RealSchema;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The two real schemas without a hint: rows in every table, and nothing left once what refuses is converted. */
@ContractTest
class RealSchemaProofTest {

    private final TestServer server;

    RealSchemaProofTest(TestServer server) {
        this.server = server;
    }

    @Test
    void skyTwin() throws SQLException {
        nothingIsLeftOnceWhatRefusesIsConverted(RealSchema.SKYTWIN);
    }

    @Test
    void skyTwinWithoutMemory() throws SQLException {
        server.assumePostgres(); // a part of skyTwin(), which takes minutes on CockroachDB
        nothingIsLeftOnceWhatRefusesIsConverted(RealSchema.SKYTWIN_WITHOUT_MEMORY);
    }

    @Test
    void zivoHealth() throws SQLException {
        nothingIsLeftOnceWhatRefusesIsConverted(RealSchema.ZIVOHEALTH);
    }

    private void nothingIsLeftOnceWhatRefusesIsConverted(RealSchema schema) throws SQLException {
        try (TestDatabase database = server.databaseOf(schema.name(), schema::build)) {
            CascadeCleanup cleanup = CascadeCleanup.of(database.dataSource());
            ProofReport before = cleanup.prove();
            assertThat(before.verdict()).isEqualTo(ProofReport.Verdict.REFUSED);
            assertThat(before.missing()).isEmpty();
            assertThat(before.tables()).allSatisfy(table -> assertThat(table.before()).as(table.path()).isPositive());
            assertThat(before.refusals()).extracting(Refusal::foreignKeys).allSatisfy(named -> assertThat(named).hasSize(1));

            for (ForeignKey fk : cleanup.plan().conversions().stream().map(Conversion::foreignKey).toList()) {
                cascade(database, fk);
            }
            convertWhatRefuses(database, cleanup);

            ProofReport after = cleanup.prove().assertPassed();
            assertThat(after.tables()).hasSameSizeAs(before.tables())
                    .allSatisfy(table -> assertThat(table.verdict()).as(table.path()).isEqualTo(TableProof.Verdict.ERASED));
        }
    }

    /** Below the users' own tables: what one proof names, converted, until the next one names nothing. */
    private static void convertWhatRefuses(TestDatabase database, CascadeCleanup cleanup) throws SQLException {
        Set<ForeignKey> converted = new HashSet<>();
        ProofReport report = cleanup.prove();
        assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.REFUSED);
        while (report.verdict() == ProofReport.Verdict.REFUSED) {
            for (Refusal refusal : report.refusals()) {
                ForeignKey fk = refusal.foreignKeys().get(0);
                assertThat(fk.referencedTable().name().name()).isNotEqualTo("users");
                assertThat(converted.add(fk)).as("refuses again: %s", fk).isTrue();
                cascade(database, fk);
            }
            report = cleanup.prove();
        }
    }

    private static void cascade(TestDatabase database, ForeignKey fk) throws SQLException {
        List<String> columns = fk.columns();
        String table = "ALTER TABLE " + fk.table().name().quoted();
        database.execute(table + " DROP CONSTRAINT " + Identifiers.quote(fk.name()),
                table + " ADD CONSTRAINT " + Identifiers.quote(fk.name()) + " FOREIGN KEY (" + Identifiers.quoteAll(columns) + ") REFERENCES "
                        + fk.referencedTable().name().quoted() + " (" + Identifiers.quoteAll(fk.definition().referencedColumns())
                        + ") ON DELETE CASCADE");
    }
}
