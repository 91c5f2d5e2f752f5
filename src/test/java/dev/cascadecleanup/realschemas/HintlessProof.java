package dev.cascadecleanup.realschemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.proof.LinkProof;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.proof.TableProof;
import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The proof beside the rows that somebody wrote: it makes its own in the same tables, without a hint, and leaves nothing. */
final class HintlessProof {

    private HintlessProof() {}

    static ProofReport of(RealSchema schema, TestDatabase database) throws SQLException {
        Contents before = contents(schema, database);
        ProofReport report = CascadeCleanup.of(schema.flyway(database)).prove();
        assertThat(contents(schema, database)).isEqualTo(before);

        assertThat(report.missing()).isEmpty();
        assertThat(report.parents().get(0).notes())
                .as("but that the migration has not run yet")
                .allMatch(note -> note.startsWith("the migration with these options has still to convert"));
        Set<String> perUser = schema.rows().stream()
                .filter(row -> row.kind() != FixtureRow.Kind.LOOKUP)
                .map(FixtureRow::table)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(report.tables())
                .extracting(table -> table.table().name())
                .containsExactlyInAnyOrderElementsOf(perUser);
        assertThat(report.tables()).allSatisfy(table -> {
            assertThat(table.before()).as(table.path()).isPositive();
            assertThat(table.otherBefore()).as(table.path()).isPositive();
        });
        return report;
    }

    /** That one DELETE takes a person's rows from every table, whatever another person has there. */
    static void seesEverythingErased(RealSchema schema, TestDatabase database) throws SQLException {
        ProofReport report = of(schema, database);
        assertThat(report.refusals()).as("own rows go").isEmpty();
        assertThat(report.links()).as(report.toString()).noneMatch(LinkProof::differs);
        assertThat(report.tables())
                .allSatisfy(
                        table -> assertThat(table.verdict()).as(table.path()).isEqualTo(TableProof.Verdict.ERASED));
    }

    private static Contents contents(RealSchema schema, TestDatabase database) throws SQLException {
        return Contents.of(
                database, schema.rows().stream().map(FixtureRow::table).collect(Collectors.toCollection(TreeSet::new)));
    }
}
