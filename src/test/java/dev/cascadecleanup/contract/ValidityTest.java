package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.MigrationReport;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Foreign keys whose old rows were never checked, or do not pass. */
@ContractTest
class ValidityTest {

    private static final String USERS = "CREATE TABLE users (id bigint PRIMARY KEY)";

    private final TestServer server;

    ValidityTest(TestServer server) {
        this.server = server;
    }

    @Test
    void notValidStaysNotValid() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE clean (u bigint)",
                "CREATE TABLE dirty (u bigint, v bigint)",
                "INSERT INTO dirty VALUES (7, 7), (8, 8), (NULL, 9)",
                "ALTER TABLE clean ADD CONSTRAINT fk FOREIGN KEY (u) REFERENCES users NOT VALID",
                "ALTER TABLE dirty ADD CONSTRAINT fk FOREIGN KEY (u) REFERENCES users NOT VALID")) {
            assertThat(contract.before().get("clean.fk").validated()).isFalse();
            try (LogCapture log = LogCapture.open()) {
                contract.migrate();
                String reported = log.messages("WARN").stream()
                        .filter(line -> line.contains("dirty.fk") && line.contains("SELECT"))
                        .findFirst()
                        .orElseThrow();
                assertThat(reported).contains("NOT VALID", "2 rows");
                String query = reported.substring(reported.indexOf("SELECT"));
                assertThat(contract.database().rows(query)).containsExactlyInAnyOrder(List.of(7L, 7L), List.of(8L, 8L));
            }
            contract.assertCascading("clean.fk", "dirty.fk").assertRepeatable();

            contract.execute("INSERT INTO users VALUES (1), (7)", "INSERT INTO clean VALUES (1)");
            contract.assertRefused("INSERT INTO dirty VALUES (9)");
            // With a condition: without one CockroachDB takes a short cut that deletes the orphans as well.
            contract.execute("DELETE FROM users WHERE id IN (1, 7)");
            assertThat(contract.count("clean")).isZero();
            assertThat(contract.database().rows("SELECT u FROM dirty WHERE u IS NOT NULL"))
                    .containsExactly(List.of(8L));

            contract.undoExactly();
        }
    }

    @Test
    void orphansOfCompositeAndFullKeysAreCountedAsTheDatabaseWould() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (tenant bigint, id bigint, PRIMARY KEY (tenant, id))",
                "INSERT INTO users VALUES (1, 1)",
                "CREATE TABLE simple (a bigint, b bigint)",
                "CREATE TABLE full_match (a bigint, b bigint)",
                "INSERT INTO simple VALUES (1, 1), (1, 2), (NULL, 3), (4, NULL), (NULL, NULL)",
                "INSERT INTO full_match VALUES (1, 1), (1, 2), (NULL, 3), (4, NULL), (NULL, NULL)",
                "ALTER TABLE simple ADD CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES users NOT VALID",
                "ALTER TABLE full_match ADD CONSTRAINT fk FOREIGN KEY (a, b) REFERENCES users MATCH FULL NOT VALID")) {
            MigrationReport report = CascadeCleanup.of(contract.configuration()).migrate("60", "test");
            assertThat(report.converted())
                    .extracting(converted -> converted.outcome().kind())
                    .containsOnly(Outcome.Kind.STILL_NOT_VALID);
            assertThat(report.converted())
                    .extracting(
                            converted -> converted
                                    .conversion()
                                    .foreignKey()
                                    .table()
                                    .name()
                                    .name(),
                            converted -> converted.outcome().orphans())
                    .containsExactlyInAnyOrder(tuple("simple", 1L), tuple("full_match", 3L));
            contract.assertCascading(id -> true).undoExactly();
        }
    }

    /** citext's own equality lives in its schema, which is not the system's: compared as text, the second row would be an orphan. */
    @Test
    void orphansAreComparedWithTheOperatorOfTheForeignKey() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE SCHEMA types",
                "CREATE EXTENSION citext SCHEMA types",
                "CREATE TABLE users (email types.citext PRIMARY KEY)",
                "INSERT INTO users VALUES ('Ann')",
                "CREATE TABLE t (mail types.citext)",
                "INSERT INTO t VALUES ('Ann'), ('ANN'), ('Bob')",
                "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (mail) REFERENCES users NOT VALID")) {
            Outcome outcome = CascadeCleanup.of(contract.configuration())
                    .migrate("60", "test")
                    .converted()
                    .get(0)
                    .outcome();
            assertThat(outcome.orphans()).isEqualTo(1);
            assertThat(contract.database().rows(outcome.orphanQuery())).hasSize(1);
            contract.assertCascading("t.fk").undoExactly();
        }
    }

    /** Rows that came in while the triggers were off: the constraint claims to be valid and is not. */
    @Test
    void orphansBehindAValidForeignKeyFailTheMigrationAfterTheOthersAreDone() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE a_dirty (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE b_dirty (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE c_clean (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "SET session_replication_role = replica; INSERT INTO a_dirty VALUES (7); INSERT INTO b_dirty VALUES (8), (9)")) {
            assertThat(contract.migrateFailed())
                    .contains("a_dirty.fk", "1 rows", "b_dirty.fk", "2 rows", "SELECT")
                    .doesNotContain("c_clean");
            CatalogSnapshot expected = contract.before().cascading(id -> true);
            contract.now()
                    .assertEqualTo(expected.with(
                                    "a_dirty.fk", expected.get("a_dirty.fk").withValidated(false))
                            .with("b_dirty.fk", expected.get("b_dirty.fk").withValidated(false)));
            contract.assertRefused("INSERT INTO a_dirty VALUES (7)");

            contract.execute("DELETE FROM a_dirty", "DELETE FROM b_dirty");
            contract.migrate().assertCascading(id -> true).assertRepeatable().undoExactly();
        }
    }

    @Test
    void validationCanBeLeftForLater() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE s (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL)")) {
            contract.with("cascade_validate", "false").migrate();
            CatalogSnapshot expected = contract.before().cascading(id -> true);
            contract.now()
                    .assertEqualTo(expected.with("t.fk", expected.get("t.fk").withValidated(false))
                            .with("s.fk", expected.get("s.fk").withValidated(false)));
            contract.assertRefused("INSERT INTO t VALUES (1)");
            contract.assertRepeatable();

            contract.execute("ALTER TABLE t VALIDATE CONSTRAINT fk");
            contract.undoExactly();
        }
    }

    @Test
    void aLaterRunValidatesWhatAnEarlierOneLeft() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE never_valid (u bigint)",
                "ALTER TABLE never_valid ADD CONSTRAINT fk FOREIGN KEY (u) REFERENCES users NOT VALID")) {
            contract.with("cascade_validate", "false").migrate();
            contract.with("cascade_validate", "true");
            assertThat(CascadeCleanup.of(contract.configuration())
                            .migrate("60", "test")
                            .validated())
                    .hasSize(1);
            contract.assertCascading(id -> true).assertRepeatable().undoExactly();
        }
    }

    @Test
    void undoThatMeetsOrphansRestoresTheActionsAndSaysWhichRows() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE s (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            contract.migrate();
            contract.execute("SET session_replication_role = replica; INSERT INTO t VALUES (7)");
            assertThatThrownBy(contract::undo)
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContainingAll("t.fk", "1 rows", "SELECT");
            contract.now()
                    .assertEqualTo(contract.before()
                            .with("t.fk", contract.before().get("t.fk").withValidated(false)));

            contract.execute("DELETE FROM t", "ALTER TABLE t VALIDATE CONSTRAINT fk");
            contract.now().assertEqualTo(contract.before());
        }
    }
}
