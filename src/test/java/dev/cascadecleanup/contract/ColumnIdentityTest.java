package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeAssertions;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import org.junit.jupiter.api.Test;

/**
 * Columns that ALTER COLUMN TYPE has rewritten: what {@code pg_constraint} and {@code pg_index} call them is no number of
 * {@code pg_attribute} any more (cockroachdb/cockroach#174715).
 */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class ColumnIdentityTest {

    private final TestServer server;

    ColumnIdentityTest(TestServer server) {
        this.server = server;
    }

    @Test
    void aForeignKeyOverARewrittenColumnIsConvertedGuardedProvedAndUndone() throws Exception {
        try (CascadeContract contract = rewritten()) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            assertThat(cleanup.verify().deviating()).hasSize(2);
            assertThatThrownBy(() -> CascadeAssertions.assertDeletesCascade(contract.configuration()))
                    .hasMessageContaining("likes.likes_user_fk");
            assertThat(cleanup.plan().conversions())
                    .filteredOn(conversion -> conversion.foreignKey().name().equals("likes_user_fk"))
                    .singleElement()
                    .satisfies(conversion ->
                            assertThat(conversion.foreignKey().indexed()).isTrue());

            contract.migrate()
                    .assertCascading("likes.likes_user_fk", "posts.posts_user_fk")
                    .assertRepeatable();

            assertThat(cleanup.verify().passed()).isTrue();
            CascadeAssertions.assertDeletesCascade(contract.configuration());
            ProofReport proof = cleanup.prove();
            assertThat(proof.passed()).as(proof.toString()).isTrue();
            contract.execute(
                    "INSERT INTO users VALUES (1)", "INSERT INTO likes VALUES (1, 1, 'x')", "DELETE FROM users");
            assertThat(contract.count("likes")).isZero();

            assertThat(contract.undoExactly().restored()).hasSize(2);
        }
    }

    @Test
    void theGuardSeesOneThatCameLater() throws Exception {
        try (CascadeContract contract = rewritten()) {
            contract.flyway(flyway -> flyway.callbacks("dev.cascadecleanup.CascadeGuard"));
            contract.migrate();
            contract.execute("ALTER TABLE likes ADD CONSTRAINT later FOREIGN KEY (user_ref) REFERENCES users (id)");
            assertThatThrownBy(() -> contract.configuration().load().migrate()).hasStackTraceContaining("likes.later");
        }
    }

    private CascadeContract rewritten() throws Exception {
        return CascadeContract.on(
                server,
                "CREATE TABLE users (id int8 PRIMARY KEY)",
                "CREATE TABLE posts (id int8 PRIMARY KEY, user_id int8, CONSTRAINT posts_user_fk FOREIGN KEY (user_id)"
                        + " REFERENCES users (id))",
                "CREATE TABLE likes (id int8 PRIMARY KEY, user_ref string, n string)",
                "SET enable_experimental_alter_column_type_general = true",
                "ALTER TABLE likes ALTER COLUMN user_ref TYPE int8 USING user_ref::int8",
                "CREATE UNIQUE INDEX ON likes (user_ref, n)",
                "ALTER TABLE likes ADD CONSTRAINT likes_user_fk FOREIGN KEY (user_ref) REFERENCES users (id)");
    }
}
