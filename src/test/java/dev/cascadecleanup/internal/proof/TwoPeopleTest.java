package dev.cascadecleanup.internal.proof;

import static dev.cascadecleanup.internal.proof.ProofContract.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.RowKind;
import dev.cascadecleanup.proof.LinkProof;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.proof.TableProof;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** People touch each other's rows: what a proof says of a like, a reply, an invitation, an appointment. */
@ContractTest(oldestAndNewest = true)
class TwoPeopleTest {

    private static final String USERS = "CREATE TABLE users (id int8 PRIMARY KEY)";
    private static final String POSTS =
            "CREATE TABLE posts (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)";

    private final TestServer server;

    TwoPeopleTest(TestServer server) {
        this.server = server;
    }

    private static String likes(String action) {
        return "CREATE TABLE likes (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                + " post_id int8 NOT NULL REFERENCES posts (id) " + action + ")";
    }

    private static LinkProof link(ProofReport report, String column, RowKind kind) {
        return report.links().stream()
                .filter(link -> link.foreignKey().columns().contains(column) && link.kind() == kind)
                .findFirst()
                .orElseThrow(() -> new AssertionError(report.toString()));
    }

    private static CascadeCleanup cleanup(ProofContract contract, UnaryOperator<CascadeOptions.Builder> options) {
        return CascadeCleanup.of(contract.database().dataSource())
                .withOptions(
                        options.apply(CascadeOptions.defaults().toBuilder()).build());
    }

    private static ProofReport accepting(ProofContract contract, String links) throws SQLException {
        return contract.prove(cleanup(contract, options -> options.accept(links)), ProofHints.none());
    }

    @Test
    void aLikeOfSomebodyElseRefuses() throws SQLException {
        try (ProofContract contract = ProofContract.on(server, USERS, POSTS, likes(""))) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(ProofReport.Verdict.REFUSED);
            assertThat(report.refusals()).as("own rows go").isEmpty();
            assertThat(report.tables()).extracting(TableProof::verdict).containsOnly(TableProof.Verdict.ERASED);
            LinkProof like = link(report, "post_id", RowKind.OF_OTHERS);
            assertThat(like.result()).isEqualTo(LinkProof.Result.REFUSED);
            assertThat(like.fate()).isEqualTo(Fate.REFUSES);
            assertThat(like.decisions()).anyMatch(decision -> decision.contains("likes.post_id"));
            assertThat(link(report, "post_id", RowKind.OWN_TO_OTHERS).result()).isEqualTo(LinkProof.Result.FINE);
            assertThat(report.links()).as(report.toString()).noneMatch(LinkProof::differs);

            contract.database()
                    .execute(
                            "INSERT INTO users VALUES (1), (2)",
                            "INSERT INTO posts VALUES (1, 1)",
                            "INSERT INTO likes VALUES (1, 2, 1)");
            assertThatThrownBy(() -> contract.database().execute("DELETE FROM users WHERE id = 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isIn("23503", "23001"));

            ProofReport accepted = accepting(contract, "likes.post_id").assertPassed();
            assertThat(link(accepted, "post_id", RowKind.OF_OTHERS).result()).isEqualTo(LinkProof.Result.DECIDED);
        }
    }

    /** Before the migration: what its options convert is advised by its name, and only what stays open after it by option. */
    @Test
    void whatTheMigrationWillDoIsNotAdvisedOnceMore() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                POSTS.replace(" ON DELETE CASCADE", ""),
                likes(""),
                "CREATE TABLE stars (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " post_id int8 NOT NULL REFERENCES posts (id))")) {
            CascadeCleanup cleanup = cleanup(
                    contract,
                    options -> options.scope(CascadeOptions.Scope.CLOSURE).closure("likes.post_id"));
            ProofReport before = contract.prove(cleanup, ProofHints.none());
            assertThat(before.verdict()).as(before.toString()).isEqualTo(ProofReport.Verdict.REFUSED);
            assertThat(link(before, "post_id", RowKind.OF_OTHERS).decisions())
                    .containsExactly("run the migration: it makes this foreign key ON DELETE CASCADE");
            assertThat(before.links().stream()
                            .filter(link ->
                                    link.foreignKey().table().name().name().equals("stars"))
                            .flatMap(link -> link.decisions().stream()))
                    .as("stays open after it")
                    .isNotEmpty()
                    .noneMatch(decision -> decision.contains("run the migration"));
            assertThat(before.toString())
                    .contains(
                            "has still to convert 2 foreign keys: run it, then prove again",
                            "it was tried once more without the rows that refuse it");

            cleanup.migrate("61", "closure");
            ProofReport after = contract.prove(cleanup, ProofHints.none());
            assertThat(after.toString()).doesNotContain("run the migration", "run it, then");
            assertThat(after.links().stream()
                            .filter(link ->
                                    link.foreignKey().table().name().name().equals("likes")))
                    .as(after.toString())
                    .noneMatch(link -> link.result() == LinkProof.Result.REFUSED);
        }
    }

    @Test
    void aLikeOfSomebodyElseIsTaken() throws SQLException {
        try (ProofContract contract = ProofContract.on(server, USERS, POSTS, likes("ON DELETE CASCADE"))) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(ProofReport.Verdict.TAKES_OTHERS_ROWS);
            assertThat(report.toString()).contains("TAKES OTHERS' ROWS", "likes_post_id");
            assertThat(report.links()).as(report.toString()).noneMatch(LinkProof::differs);
            accepting(contract, "likes.post_id").assertPassed();
        }
    }

    @ParameterizedTest
    @CsvSource({"'',REFUSED", "ON DELETE SET NULL,PASSED", "ON DELETE CASCADE,TAKES_OTHERS_ROWS"})
    void aReplyToTheDeletedPersonsComment(String action, ProofReport.Verdict verdict) throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE comments (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " reply_to int8 REFERENCES comments (id) " + action + ")")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(verdict);
            assertThat(report.links()).as(report.toString()).noneMatch(LinkProof::differs);
        }
    }

    @ParameterizedTest
    @CsvSource({"'',REFUSED", "ON DELETE SET NULL,PASSED", "ON DELETE CASCADE,TAKES_OTHERS_ROWS"})
    void whomTheDeletedPersonHasInvited(String action, ProofReport.Verdict verdict) throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                "CREATE TABLE users (id int8 PRIMARY KEY, inviter_id int8 REFERENCES users (id) " + action + ")")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(verdict);
            assertThat(report.links()).as(report.toString()).noneMatch(LinkProof::differs);
            if (verdict != ProofReport.Verdict.PASSED) {
                accepting(contract, "users.inviter_id").assertPassed();
            }
        }
    }

    @Test
    void anAppointmentBelongsToTwo() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE appointments (id int8 PRIMARY KEY, doctor_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " patient_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(ProofReport.Verdict.TAKES_OTHERS_ROWS);
            assertThat(report.links())
                    .filteredOn(link -> link.result() == LinkProof.Result.TAKES_OTHERS_ROWS)
                    .extracting(link -> link.foreignKey().columns().get(0))
                    .containsExactlyInAnyOrder("doctor_id", "patient_id");
            accepting(contract, "appointments.doctor_id").assertPassed();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ON DELETE SET NULL", " ON DELETE CASCADE"})
    void rowsThatOnlyHangOnEachOtherAreDetached(String action) throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE notes (id int8 PRIMARY KEY, user_id int8 REFERENCES users (id) ON DELETE SET NULL, up int8 REFERENCES notes (id)"
                        + action + ")")) {
            ProofReport report = contract.prove().assertPassed();
            assertThat(table(report, "notes").verdict()).isEqualTo(TableProof.Verdict.DETACHED);
        }
    }

    @Test
    void aRefusalOfRowsThatTheTransactionHasWrittenItselfIsNone() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE sets (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE rollouts (id int8 PRIMARY KEY, set_id int8 NOT NULL)",
                "CREATE TABLE envs (id int8 PRIMARY KEY, rollout_id int8 NOT NULL REFERENCES rollouts (id) ON DELETE CASCADE,"
                        + " prev_set_id int8 REFERENCES sets (id) ON DELETE SET NULL)",
                "CREATE TABLE lines (id int8 PRIMARY KEY, env_id int8 NOT NULL REFERENCES envs (id) ON DELETE CASCADE)",
                "ALTER TABLE rollouts ADD CONSTRAINT made_last FOREIGN KEY (set_id) REFERENCES sets (id) ON DELETE CASCADE")) {
            ProofReport report = contract.prove().assertPassed();
            assertThat(table(report, "lines").verdict()).isEqualTo(TableProof.Verdict.ERASED);
            if (!server.isCockroach()) {
                assertThat(report.parents().get(0).notes())
                        .singleElement()
                        .asString()
                        .contains("envs", "its own transaction has written it".substring(4));
            }
            contract.database()
                    .execute(
                            "INSERT INTO users VALUES (1)",
                            "INSERT INTO sets VALUES (1, 1)",
                            "INSERT INTO rollouts VALUES (1, 1)",
                            "INSERT INTO envs VALUES (1, 1, 1)",
                            "INSERT INTO lines VALUES (1, 1)",
                            "DELETE FROM users");
            assertThat(contract.database().<Long>value("SELECT count(*) FROM lines"))
                    .isZero();
        }
    }

    /** And no other of the person's rows is taken along in its stead, which somebody else's refuses. */
    @Test
    void norWhereTheReferenceMustNotBeNull() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "INSERT INTO users (id) VALUES (2)",
                "CREATE TABLE docs (id int8 PRIMARY KEY, user_id int8 NOT NULL)",
                "CREATE TABLE drafts (id int8 PRIMARY KEY, user_id int8 NOT NULL DEFAULT 2 REFERENCES users (id) ON DELETE SET DEFAULT,"
                        + " doc_id int8 REFERENCES docs (id) ON DELETE SET NULL)",
                "CREATE TABLE lines (id int8 PRIMARY KEY, user_id int8 REFERENCES users (id) ON DELETE SET NULL,"
                        + " draft_id int8 NOT NULL REFERENCES drafts (id))",
                "ALTER TABLE docs ADD CONSTRAINT made_last FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE")) {
            ProofReport report = contract.prove();
            assertThat(report.links())
                    .as(report.toString())
                    .noneMatch(LinkProof::differs)
                    .noneMatch(link -> link.result() == LinkProof.Result.REFUSED);
            assertThat(table(report, "drafts").verdict()).isEqualTo(TableProof.Verdict.DETACHED);
        }
    }

    @Test
    void whatCannotBeMadeIsNotProved() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                POSTS,
                "CREATE TABLE likes (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " post_id int8 NOT NULL REFERENCES posts (id) ON DELETE CASCADE, CONSTRAINT odd CHECK (user_id % 7919 = post_id %"
                        + " 7919))")) {
            ProofReport report = contract.prove(ProofHints.none()
                    .expression("users.id", "100")
                    .expression("posts.id", "100")
                    .expression("likes.id", "100"));
            assertThat(report.passed()).as(report.toString()).isFalse();
        }
    }

    @Test
    void whatTheSchemaRulesOutIsNotAskedFor() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE posts (user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE, id int8, PRIMARY KEY (user_id, id))",
                "CREATE TABLE parts (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE, post_id int8 NOT NULL,"
                        + " FOREIGN KEY (user_id, post_id) REFERENCES posts (user_id, id) ON DELETE CASCADE)",
                "CREATE TABLE links (id int8 PRIMARY KEY, user_id int8 NOT NULL, a int8 NOT NULL, b int8 NOT NULL,"
                        + " FOREIGN KEY (user_id, a) REFERENCES posts (user_id, id) ON DELETE CASCADE,"
                        + " FOREIGN KEY (user_id, b) REFERENCES posts (user_id, id) ON DELETE CASCADE)",
                "CREATE TABLE either (id int8 PRIMARY KEY, x int8 REFERENCES users (id) ON DELETE CASCADE, y int8 REFERENCES users (id)"
                        + " ON DELETE CASCADE, CHECK ((x IS NULL) <> (y IS NULL)))")) {
            contract.prove().assertPassed();
        }
    }

    @Test
    void aUniqueReferenceLeavesNoRoomForAnotherRow() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                POSTS,
                "CREATE TABLE pins (id int8 PRIMARY KEY, user_id int8 NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,"
                        + " post_id int8 UNIQUE REFERENCES posts (id))")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(ProofReport.Verdict.REFUSED);
            assertThat(link(report, "post_id", RowKind.OF_OTHERS).result()).isEqualTo(LinkProof.Result.REFUSED);
            assertThat(report.links()).extracting(LinkProof::result).doesNotContain(LinkProof.Result.NOT_SEEN);
        }
    }

    @Test
    void eachOneThatRefusesIsSeenAlthoughOthersDo() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                POSTS,
                likes(""),
                "CREATE TABLE invoices (id int8 PRIMARY KEY, user_id int8 NOT NULL, CONSTRAINT invoices_user FOREIGN KEY (user_id) REFERENCES users (id))",
                "CREATE TABLE views (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " post_id int8 NOT NULL, CONSTRAINT views_post FOREIGN KEY (post_id) REFERENCES posts (id))")) {
            ProofReport report = contract.prove();
            assertThat(report.refusals())
                    .extracting(refusal -> refusal.foreignKeys().get(0).name())
                    .containsExactly("invoices_user");
            assertThat(report.links())
                    .filteredOn(link -> link.result() == LinkProof.Result.REFUSED)
                    .extracting(link -> link.foreignKey().table().name().name())
                    .containsExactlyInAnyOrder("likes", "views");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AFTER DELETE|things|INSERT INTO audit (user_id) VALUES (OLD.user_id); RETURN NULL;|REFUSED",
                "BEFORE DELETE|things|RETURN NULL;|REMAINS",
                "BEFORE DELETE|things|RAISE 'never';|REFUSED",
                "BEFORE DELETE|users|RETURN NULL;|REMAINS"
            })
    void aTriggerIsNamed(String when, String table, String body, ProofReport.Verdict verdict) throws SQLException {
        if (server.isCockroach()) {
            return;
        }
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE audit (id bigserial PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE FUNCTION guilty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body + " END $$",
                "CREATE TRIGGER the_trigger " + when + " ON " + table + " FOR EACH ROW EXECUTE FUNCTION guilty()")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(verdict);
            assertThat(report.toString()).contains("trigger " + table + ".the_trigger", "function guilty");
        }
    }

    @ParameterizedTest
    @CsvSource({"things,REFUSED", "users,REMAINS"})
    void aRuleIsNamed(String table, ProofReport.Verdict verdict) throws SQLException {
        if (server.isCockroach()) {
            return;
        }
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE RULE the_rule AS ON DELETE TO " + table + " DO INSTEAD NOTHING")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(verdict);
            assertThat(report.toString()).contains("rule " + table + ".the_rule", "DO INSTEAD");
        }
    }

    @Test
    void columnsThatOnlyLookLikeReferencesAreCounted() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE imports (id int8 PRIMARY KEY, user_id int8)")) {
            ProofReport report = contract.prove().assertPassed();
            assertThat(report.undeclaredReferences()).isEqualTo(1);
            assertThat(report.toString()).contains("1 column looks like a reference");
        }
    }

    @Test
    void whatIsDecidedIsShown() throws SQLException {
        try (ProofContract contract = ProofContract.on(server, USERS, POSTS, likes("ON DELETE CASCADE"))) {
            ProofReport decided = contract.prove(
                    cleanup(
                            contract,
                            options ->
                                    options.scope(CascadeOptions.Scope.CLOSURE).closure("likes.post_id")),
                    ProofHints.none());
            decided.assertPassed();
            assertThat(decided.toString()).contains("1 as decided");
            assertThat(List.of(decided.toJson())).singleElement().asString().contains("\"result\":\"DECIDED\"");
        }
    }
}
