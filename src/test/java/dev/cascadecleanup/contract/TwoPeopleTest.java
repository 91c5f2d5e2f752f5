package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.Verification.Result;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.Interceptor;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Verdict;
import dev.cascadecleanup.preview.PreviewVerdict;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two people who touch each other's rows: what refuses, what takes, what is said of it, and what has been decided. */
@ContractTest(oldestAndNewest = true)
class TwoPeopleTest {

    private static final String USERS = "CREATE TABLE users (id bigint PRIMARY KEY)";
    private static final String POSTS =
            "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE)";
    private static final String LIKES =
            "CREATE TABLE likes (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,"
                    + " post_id bigint NOT NULL, CONSTRAINT of_post FOREIGN KEY (post_id) REFERENCES posts)";
    private static final String APPOINTMENTS =
            "CREATE TABLE appointments (id bigint PRIMARY KEY, doctor_id bigint NOT NULL, patient_id bigint NOT NULL,"
                    + " CONSTRAINT doctor FOREIGN KEY (doctor_id) REFERENCES users,"
                    + " CONSTRAINT patient FOREIGN KEY (patient_id) REFERENCES users)";
    private static final String DELETE = "DELETE FROM users WHERE id = 1";

    private final TestServer server;

    TwoPeopleTest(TestServer server) {
        this.server = server;
    }

    /** The one column that is a key by itself names the person; a second foreign key with more columns names nobody else. */
    @Test
    void theSamePersonTwice() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY, tenant int NOT NULL, UNIQUE (id, tenant))",
                "CREATE TABLE seats (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, tenant int,"
                        + " FOREIGN KEY (user_id, tenant) REFERENCES users (id, tenant) ON DELETE CASCADE)")) {
            contract.with("cascade_scope", "closure");
            contract.execute(
                    "INSERT INTO users VALUES (1, 1), (2, 1)", "INSERT INTO seats VALUES (1, 1, 1), (2, 2, NULL)");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);
            assertThat(cleanup(contract).preview("1").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
            contract.execute(DELETE);
            assertThat(contract.count("seats")).isEqualTo(1);
        }
    }

    @Test
    void somebodyElsesLike() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, POSTS, LIKES);
                LogCapture log = LogCapture.open()) {
            contract.execute("INSERT INTO users VALUES (1), (2)", "INSERT INTO posts VALUES (1, 1)");
            contract.execute("INSERT INTO likes VALUES (1, 2, 1)");
            contract.assertRefused(DELETE);

            CascadePlan plan = cleanup(contract).plan();
            assertThat(plan.open()).singleElement().satisfies(link -> {
                assertThat(link.foreignKey().name()).isEqualTo("of_post");
                assertThat(link.judgement().own()).isEqualTo(Fate.GOES);
                assertThat(link.judgement().ofOthers()).isEqualTo(Fate.REFUSES);
                assertThat(plan.data().of(link.foreignKey()).orElseThrow().rows())
                        .isEqualTo(1);
            });
            Verification direct = cleanup(contract).verify();
            assertThat(direct.result()).isEqualTo(Result.YES);
            assertThat(direct.summary())
                    .contains("every foreign key on the parent cascades", "1 link can refuse the delete");
            contract.migrate();
            assertThat(String.join("\n", log.lines()))
                    .contains("refuses while somebody else's row references it", "class V061__CascadeCleanup");

            // As advised: the next version, with these placeholders.
            contract.with("cascade_scope", "closure");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.NO);
            contract.with("cascade_closure", String.join(",", plan.advice().closure()));
            cleanup(contract).migrate("61", "V061__CascadeCleanup");
            assertThat(cleanup(contract).plan().open()).isEmpty();
            assertThat(cleanup(contract).plan().advice().isEmpty()).isTrue();
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);
            contract.execute(DELETE);
            assertThat(contract.count("likes")).isZero();
        }
    }

    @Test
    void whoInvitedOthers() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY, inviter_id bigint,"
                        + " CONSTRAINT inviter FOREIGN KEY (inviter_id) REFERENCES users)")) {
            contract.execute("INSERT INTO users VALUES (1, NULL), (2, 1)");
            contract.assertRefused(DELETE);
            contract.with("cascade_scope", "closure");
            Verification verification = cleanup(contract).verify();
            assertThat(verification.result()).isEqualTo(Result.NO);
            assertThat(verification.refusing()).singleElement().asString().contains("another person, who stays");
            assertThat(cleanup(contract).plan().advice().setNull()).containsExactly("users.inviter_id");
            contract.with("cascade_set_null", "users.inviter_id").migrate();
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);
            contract.execute(DELETE);
            assertThat(contract.count("users")).isEqualTo(1);
        }
    }

    /** The hazard of before is a link to decide about afterwards, when it is in force. */
    @Test
    void anAppointmentOfTwo() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, APPOINTMENTS)) {
            contract.migrate();
            contract.execute("INSERT INTO users VALUES (1), (2)", "INSERT INTO appointments VALUES (1, 1, 2)");
            CascadePlan plan = cleanup(contract).plan();
            assertThat(plan.open()).singleElement().satisfies(link -> {
                assertThat(link.foreignKey().name()).isEqualTo("doctor");
                assertThat(link.verdict()).isEqualTo(Verdict.TAKES_OTHERS_ROWS);
                assertThat(plan.data().of(link.foreignKey()).orElseThrow().rows())
                        .isEqualTo(1);
            });
            assertThat(cleanup(contract).verify().summary()).contains("1 link takes rows of somebody else");
            contract.with("cascade_scope", "closure");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.NO);
            assertThat(plan.advice().accept()).containsExactly("appointments.doctor_id");
            contract.with("cascade_accept", "appointments.doctor_id");
            Verification accepted = cleanup(contract).verify();
            assertThat(accepted.result()).as(accepted.summary()).isEqualTo(Result.YES);
            assertThat(accepted.accepted()).hasSize(1);
        }
    }

    @Test
    void aKeptDoctorRefusesWhileAnotherPatientHasAnAppointment() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, APPOINTMENTS)) {
            contract.with("cascade_keep", "appointments.doctor_id").migrate();
            Link kept = cleanup(contract).plan().reach().get(0).links().stream()
                    .filter(link -> link.foreignKey().name().equals("doctor"))
                    .findFirst()
                    .orElseThrow();
            // On PostgreSQL also for who is doctor and patient at once, as the triggers sort.
            assertThat(kept.words()).startsWith("refuses while somebody else's row references it");
            assertThat(kept.open()).isFalse();
            contract.execute("INSERT INTO users VALUES (1), (2)", "INSERT INTO appointments VALUES (1, 1, 2)");
            contract.assertRefused(DELETE);
            contract.execute("DELETE FROM users WHERE id = 2", DELETE);
        }
    }

    @Test
    void whatSaysSetNullTodayCanAllBeKept() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users,"
                        + " editor_id bigint REFERENCES users ON DELETE SET NULL)")) {
            contract.with("cascade_keep_set_null", "true")
                    .with("cascade_scope", "closure")
                    .migrate();
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);
            contract.execute("INSERT INTO users VALUES (1), (2)", "INSERT INTO notes VALUES (1, 2, 1)", DELETE);
            assertThat(contract.count("notes")).isEqualTo(1);
        }
    }

    @Test
    void aCheckThatForbidsNull() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                POSTS,
                "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL,"
                        + " post_id bigint, CONSTRAINT somebody CHECK (user_id IS NOT NULL),"
                        + " CONSTRAINT something CHECK (post_id IS NOT NULL),"
                        + " CONSTRAINT of_post FOREIGN KEY (post_id) REFERENCES posts)")) {
            contract.execute("INSERT INTO users VALUES (1)", "INSERT INTO posts VALUES (1, 1)");
            contract.execute("INSERT INTO notes VALUES (1, 1, 1)");
            contract.with("cascade_set_null", "notes.user_id");
            CascadePlan plan = cleanup(contract).plan();
            assertThat(plan.reach().get(0).links())
                    .filteredOn(link -> link.effect() == Link.Effect.SET_NULL)
                    .singleElement()
                    .satisfies(link -> assertThat(link.verdict()).isEqualTo(Verdict.REFUSES));
            assertThat(plan.open())
                    .filteredOn(link -> link.foreignKey().name().equals("of_post"))
                    .singleElement()
                    .satisfies(link ->
                            assertThat(link.foreignKey().nullableColumns()).isEmpty());
            contract.with("cascade_scope", "closure");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.NO);
        }
    }

    @Test
    void aNotNullThatOldRowsWereNeverComparedWith() throws Exception {
        server.assumeMajorAtLeast(18);
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                POSTS,
                "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint, post_id bigint,"
                        + " CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE,"
                        + " CONSTRAINT of_post FOREIGN KEY (post_id) REFERENCES posts)",
                "INSERT INTO users VALUES (1)",
                "INSERT INTO posts VALUES (1, 1)",
                "INSERT INTO notes VALUES (1, NULL, 1)",
                "ALTER TABLE notes ADD CONSTRAINT nn NOT NULL user_id NOT VALID")) {
            assertThat(cleanup(contract).plan().open())
                    .singleElement()
                    .satisfies(
                            link -> assertThat(link.judgement().withoutOwner()).isEqualTo(Fate.REFUSES));
            contract.assertRefused(DELETE);
        }
    }

    @Test
    void triggersAndRules() throws Exception {
        assumeFalse(server.isCockroach(), "no triggers before v24.3, and no rules");
        try (CascadeContract contract = CascadeContract.on(server, USERS, POSTS);
                LogCapture log = LogCapture.open()) {
            contract.execute(
                    "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                    "CREATE TRIGGER veto BEFORE DELETE ON posts FOR EACH ROW EXECUTE FUNCTION keep()",
                    "CREATE TRIGGER note AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION keep()");
            contract.with("cascade_scope", "closure").migrate();
            assertThat(String.join("\n", log.lines())).contains("posts.veto: trigger BEFORE DELETE", "users.note");
            Verification verification = cleanup(contract).verify();
            assertThat(verification.result()).isEqualTo(Result.NOT_SEEN);
            assertThat(verification.interceptors())
                    .extracting(Interceptor::name)
                    .containsExactly("note", "veto");
            List<String> advised = cleanup(contract).plan().advice().accept();
            assertThat(advised).containsExactly("users.note", "posts.veto");
            contract.with("cascade_accept", String.join(",", advised));
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);

            contract.execute("CREATE RULE stay AS ON DELETE TO posts DO INSTEAD NOTHING");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.NO);
            assertThat(cleanup(contract).plan().advice().accept())
                    .as("what keeps the rows for certain")
                    .isEmpty();
            contract.with("cascade_accept", String.join(",", advised) + ",posts.stay");
            assertThat(cleanup(contract).verify().result())
                    .as("cannot be accepted away")
                    .isEqualTo(Result.NO);
            contract.with("cascade_accept", String.join(",", advised) + ",posts.stya");
            assertThat(cleanup(contract).plan().optionProblems())
                    .singleElement()
                    .asString()
                    .contains("posts.stya");
        }
    }

    /** The request's own criterion is met by what does nothing. */
    @Test
    void whatCascadesInTheCatalogOnly() throws Exception {
        assumeFalse(server.isCockroach(), "no triggers behind foreign keys");
        try (CascadeContract contract = CascadeContract.on(server, USERS, POSTS)) {
            contract.execute("ALTER TABLE users DISABLE TRIGGER ALL");
            Verification verification = cleanup(contract).verify();
            assertThat(verification.result()).isEqualTo(Result.NO);
            assertThat(verification.summary()).contains("1 foreign key that does nothing");
        }
    }

    /** The trigger of the foreign key, or one of somebody's that keeps the row, works on one partition and not on the other. */
    @Test
    void whatIsSwitchedOnOnePartitionOnly() throws Exception {
        assumeFalse(server.isCockroach(), "no partitions that are tables");
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE users_2 PARTITION OF users FOR VALUES FROM (10) TO (MAXVALUE)",
                "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE)"
                        + " PARTITION BY RANGE (id)",
                "CREATE TABLE posts_1 PARTITION OF posts FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE posts_2 PARTITION OF posts FOR VALUES FROM (10) TO (MAXVALUE)",
                "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "INSERT INTO users VALUES (1), (2), (11)",
                "INSERT INTO posts VALUES (1, 1), (12, 2), (11, 11)")) {
            contract.with("cascade_scope", "closure");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);

            contract.execute(
                    "CREATE TRIGGER keep BEFORE DELETE ON posts FOR EACH ROW EXECUTE FUNCTION keep()",
                    "ALTER TABLE posts DISABLE TRIGGER keep",
                    "ALTER TABLE posts_2 ENABLE TRIGGER keep");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.NOT_SEEN);
            assertThat(cleanup(contract).preview("2").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
            assertThat(cleanup(contract).prove().passed()).isFalse();
            contract.execute("DELETE FROM users WHERE id = 2", "DELETE FROM users WHERE id = 1");
            assertThat(contract.count("posts WHERE user_id = 2"))
                    .as("kept, and referencing nobody")
                    .isEqualTo(1);
            contract.execute("ALTER TABLE posts_2 DISABLE TRIGGER keep", "DELETE FROM posts WHERE user_id = 2");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);

            contract.execute("ALTER TABLE users_2 DISABLE TRIGGER ALL");
            assertThat(cleanup(contract).verify().result()).isNotEqualTo(Result.YES);
            assertThat(cleanup(contract).preview("11").verdict())
                    .isIn(PreviewVerdict.LEAVES_ROWS_BEHIND, PreviewVerdict.NOT_SEEN);
            assertThat(cleanup(contract).prove().passed()).isFalse();
            contract.execute("DELETE FROM users WHERE id = 11");
            assertThat(contract.count("posts")).as("left behind").isEqualTo(1);
        }
    }

    private static CascadeCleanup cleanup(CascadeContract contract) {
        return CascadeCleanup.of(contract.configuration());
    }
}
