package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeAssertions;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.preview.PreviewVerdict;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import org.junit.jupiter.api.Test;

/** Tables that inherit (PostgreSQL manual, 5.11): a delete on the parent reaches the children, a foreign key does not. */
@ContractTest(only = DatabaseKind.POSTGRESQL)
class InheritanceTest {

    private final TestServer server;

    InheritanceTest(TestServer server) {
        this.server = server;
    }

    @Test
    void childrenOfTheParent() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE admins (PRIMARY KEY (id)) INHERITS (users)",
                "CREATE TABLE super_admins (PRIMARY KEY (id)) INHERITS (admins)",
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE grants (a bigint, CONSTRAINT fk FOREIGN KEY (a) REFERENCES admins)",
                "CREATE TABLE keys (s bigint, CONSTRAINT fk FOREIGN KEY (s) REFERENCES super_admins ON DELETE RESTRICT)")) {
            contract.migrate().assertCascading("t.fk", "grants.fk", "keys.fk").assertRepeatable();
            contract.execute(
                    "INSERT INTO admins VALUES (1)",
                    "INSERT INTO super_admins VALUES (2)",
                    "INSERT INTO grants VALUES (1)",
                    "INSERT INTO keys VALUES (2)",
                    "DELETE FROM users WHERE id IN (1, 2)");
            assertThat(contract.count("grants") + contract.count("keys")).isZero();
            contract.undoExactly();
        }
    }

    @Test
    void childrenOfTheReferencingTable() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE posts (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE pinned_posts (CONSTRAINT own FOREIGN KEY (u) REFERENCES users) INHERITS (posts)",
                "CREATE TABLE loose_posts () INHERITS (posts)")) {
            contract.migrate().assertCascading("posts.fk", "pinned_posts.own").assertRepeatable();
            contract.execute(
                    "INSERT INTO users VALUES (1)",
                    "INSERT INTO posts VALUES (1)",
                    "INSERT INTO pinned_posts VALUES (1)",
                    "INSERT INTO loose_posts VALUES (1)",
                    "DELETE FROM users");
            assertThat(contract.count("ONLY posts") + contract.count("pinned_posts"))
                    .isZero();
            assertThat(contract.count("loose_posts")).isEqualTo(1);
            contract.undoExactly();
        }
    }

    /** Nobody looks at rows that only inherit the column: verify, guard, proof and preview say so alike, until somebody accepts it. */
    @Test
    void rowsThatNoForeignKeyLooksAt() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE posts (id bigint, u bigint NOT NULL, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE pinned_posts (CONSTRAINT own FOREIGN KEY (u) REFERENCES users) INHERITS (posts)",
                "CREATE TABLE loose_posts () INHERITS (posts)")) {
            contract.with("cascade_scope", "closure").migrate();
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            assertThat(cleanup.verify().result()).isEqualTo(Verification.Result.NOT_SEEN);
            assertThat(cleanup.verify().notSeen())
                    .singleElement()
                    .asString()
                    .contains("loose_posts (u)", "inherits from posts", "its rows stay behind", "in cascade_accept");
            assertThatThrownBy(() -> CascadeAssertions.assertDeletesCascade(contract.configuration()))
                    .hasMessageContaining("loose_posts");
            assertThat(cleanup.prove().verdict()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
            contract.execute("INSERT INTO users VALUES (1)", "INSERT INTO loose_posts VALUES (1, 1)");
            assertThat(cleanup.preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);

            contract.with("cascade_accept", "loose_posts.u");
            assertThat(CascadeCleanup.of(contract.configuration()).verify().result())
                    .isEqualTo(Verification.Result.YES);
            contract.with("cascade_accept", "loose_posts.v");
            assertThat(CascadeCleanup.of(contract.configuration()).plan().optionProblems())
                    .hasSize(1);
        }
    }

    @Test
    void theForeignKeyThatIsAdvisedForThemIsEnough() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE posts (id bigint, u bigint NOT NULL, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE loose_posts () INHERITS (posts)",
                "INSERT INTO users VALUES (1)",
                "INSERT INTO loose_posts VALUES (1, 1)")) {
            contract.with("cascade_scope", "closure").migrate();
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            String advice = cleanup.verify().notSeen().get(0).remedy();
            contract.execute(advice.substring(0, advice.indexOf(", or ")));
            assertThat(cleanup.verify().result()).isEqualTo(Verification.Result.YES);
            contract.execute("DELETE FROM users");
            assertThat(contract.database().<Long>value("SELECT count(*) FROM posts"))
                    .isZero();
        }
    }
}
