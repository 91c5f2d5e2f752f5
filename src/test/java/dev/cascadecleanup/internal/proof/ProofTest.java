package dev.cascadecleanup.internal.proof;

import static dev.cascadecleanup.internal.proof.ProofContract.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.proof.LinkProof;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.proof.TableProof;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a proof says, on both databases. */
@ContractTest(oldestAndNewest = true)
class ProofTest {

    private static final String USERS = "CREATE TABLE users (id int8 PRIMARY KEY, name text NOT NULL)";

    private final TestServer server;

    ProofTest(TestServer server) {
        this.server = server;
    }

    @Test
    void namesEachForeignKeyThatRefuses() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE orders (id int8 PRIMARY KEY, user_id int8 NOT NULL, CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id))",
                "CREATE TABLE lines (id int8 PRIMARY KEY, order_id int8 NOT NULL, CONSTRAINT lines_order FOREIGN KEY (order_id) REFERENCES orders (id))",
                "CREATE TABLE notes (id int8 PRIMARY KEY, user_id int8, CONSTRAINT notes_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.REFUSED);
            assertThat(report.refusals())
                    .extracting(refusal -> refusal.foreignKeys().get(0).name())
                    .containsExactly("orders_user", "lines_order");
            assertThat(report.tables()).extracting(TableProof::verdict).containsOnly(TableProof.Verdict.UNTOUCHED);
            assertThat(report.toString())
                    .contains(
                            "users > orders (user_id) > lines (order_id)",
                            "lines.lines_order (order_id) ->" + " orders(id) ON DELETE NO ACTION");
            assertThatThrownBy(report::assertPassed)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("orders_user");
        }
    }

    @Test
    void tellsForeignKeysOfOneNameApart() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE a (id int8 PRIMARY KEY, user_id int8, CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE ab (id int8 PRIMARY KEY, user_id int8, CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id))")) {
            assertThat(contract.prove().refusals())
                    .singleElement()
                    .satisfies(refusal -> assertThat(refusal.foreignKeys())
                            .singleElement()
                            .satisfies(
                                    fk -> assertThat(fk.table().name().name()).isEqualTo("ab")));
        }
    }

    @Test
    void rowsThatAreOnlySetToNullAreDetached() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE logs (id int8 PRIMARY KEY, user_id int8 REFERENCES users (id) ON DELETE SET NULL, note text)",
                "CREATE TABLE keyless (user_id int8 REFERENCES users (id) ON DELETE SET NULL, note text NOT NULL)",
                "CREATE TABLE log_lines (id int8 PRIMARY KEY, log_id int8 NOT NULL REFERENCES logs (id))")) {
            ProofReport report = contract.prove().assertPassed();
            assertThat(report.parents().get(0).detached())
                    .extracting(detached -> detached.table().name())
                    .containsExactlyInAnyOrder("logs", "keyless", "log_lines");
            assertThat(table(report, "logs").after()).isEqualTo(1);
        }
    }

    @Test
    void aRowThatCannotBeMadeIsIncompleteAndNeverPassed() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE impossible (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " code text NOT NULL, CONSTRAINT code_sum CHECK (md5(code) = 'b10a8db164e0754105b7a99be72e3fe5'))",
                "CREATE TABLE below (id int8 PRIMARY KEY, up int8 NOT NULL REFERENCES impossible (id) ON DELETE CASCADE)",
                "CREATE TABLE fine (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
            assertThat(table(report, "impossible").verdict()).isEqualTo(TableProof.Verdict.MISSING);
            assertThat(table(report, "below").verdict()).isEqualTo(TableProof.Verdict.MISSING);
            assertThat(table(report, "fine").verdict()).isEqualTo(TableProof.Verdict.ERASED);
            assertThat(report.missing().get(0).constraint()).contains("code_sum", "md5");
            assertThat(report.missing().get(0).tried()).isNotEmpty();
            assertThat(report.missing().get(0).hint()).contains("value(\"impossible.code\"");

            contract.prove(ProofHints.none().value("impossible.code", "Hello World"))
                    .assertPassed();
            contract.prove(ProofHints.none().expression("impossible.code", "'Hello' || ' World'"))
                    .assertPassed();
            ProofReport skipped =
                    contract.prove(ProofHints.none().skip("impossible")).assertPassed();
            assertThat(table(skipped, "impossible").verdict()).isEqualTo(TableProof.Verdict.SKIPPED);
            assertThat(table(skipped, "below").verdict())
                    .as("which only it leads to")
                    .isEqualTo(TableProof.Verdict.SKIPPED);
        }
    }

    @Test
    void sqlCanRunFirst() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE kinds (id int8 PRIMARY KEY, CONSTRAINT only_one CHECK (id = 4711))",
                "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " kind_id int8 NOT NULL UNIQUE REFERENCES kinds (id))")) {
            assertThat(contract.prove().verdict()).as("two users, one kind").isEqualTo(ProofReport.Verdict.INCOMPLETE);
            contract.database().execute("ALTER TABLE kinds DROP CONSTRAINT only_one");
            contract.prove(ProofHints.none().firstRun("INSERT INTO kinds VALUES (1)"))
                    .assertPassed();
            contract.leavesNoTrace(() -> assertThatThrownBy(
                            () -> contract.prove(ProofHints.none().firstRun("SELECT 1 FROM nowhere")))
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("the SQL to run first failed"));
            contract.leavesNoTrace(() -> assertThatThrownBy(() -> contract.prove(ProofHints.none()
                            .firstRun("INSERT INTO kinds VALUES (2); commit; INSERT INTO kinds VALUES (3)")))
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("would end the transaction by COMMIT"));
        }
    }

    @Test
    void hintsThatFitNothingAreRefusedAllAtOnce() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)")) {
            assertThatThrownBy(() -> contract.prove(ProofHints.none()
                            .value("thinks.id", "1")
                            .skip("nothing")
                            .value("x", "1")))
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContainingAll("thinks.id", "nothing", "'x'");
            assertThatThrownBy(() -> contract.prove(ProofHints.none().value("things.idd", "1")))
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("idd");
        }
    }

    @Test
    void usersThatShareTheirRowsAreNotMistakenForOneAnother() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE shared (id int8 PRIMARY KEY)",
                "CREATE TABLE members (user_id int8 REFERENCES users (id) ON DELETE CASCADE, shared_id int8 REFERENCES shared (id),"
                        + " recorded_by int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE, PRIMARY KEY (user_id, shared_id))")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(ProofReport.Verdict.TAKES_OTHERS_ROWS);
            assertThat(table(report, "members").otherAfter()).isEqualTo(1);
        }
    }

    @Test
    void severalParentsAreProvedOneAfterTheOther() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE doctors (id int8 PRIMARY KEY)",
                "CREATE TABLE visits (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " doctor_id int8 NOT NULL REFERENCES doctors (id))")) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.database().dataSource())
                    .withOptions(CascadeOptions.defaults().toBuilder()
                            .parent("users, doctors")
                            .build());
            ProofReport report = contract.prove(cleanup, ProofHints.none());
            assertThat(report.parents())
                    .extracting(ProofReport.ParentProof::verdict)
                    .isEqualTo(List.of(ProofReport.Verdict.PASSED, ProofReport.Verdict.REFUSED));
            assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.REFUSED);
        }
    }

    @Test
    void withoutAParentItIsRefused() throws SQLException {
        try (ProofContract contract = ProofContract.on(server, "CREATE TABLE people (id int8 PRIMARY KEY)")) {
            assertThatThrownBy(contract::prove)
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("no such table");
        }
    }

    @Test
    void aCycleInWhichNothingCanWaitIsExplained() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE a (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE, b_id int8 NOT NULL)",
                "CREATE TABLE b (id int8 PRIMARY KEY, a_id int8 NOT NULL REFERENCES a (id) ON DELETE CASCADE)",
                "ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id)")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
            assertThat(report.toString()).contains("closes a cycle", "a -> b -> a");
        }
    }

    @Test
    void aWayWithoutARowIsNotProvedIfItMayRefuse() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE posts (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE notes (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE, post_id int8,"
                        + " CONSTRAINT never CHECK (post_id IS NULL), CONSTRAINT notes_post FOREIGN KEY (post_id) REFERENCES posts (id))")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
            assertThat(report.parents().get(0).notes())
                    .singleElement()
                    .asString()
                    .contains("notes_post", "it may refuse", "never");
        }
    }

    @Test
    void aUniqueLinkIsLeftEmptyInTheSecondRow() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE cards (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE prices (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE TABLE phases (id int8 PRIMARY KEY, price_id int8 UNIQUE REFERENCES prices (id) ON DELETE CASCADE,"
                        + " card_id int8 REFERENCES cards (id) ON DELETE CASCADE, user_id int8 REFERENCES users (id) ON DELETE CASCADE,"
                        + " CHECK ((card_id IS NULL) <> (user_id IS NULL)))")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(ProofReport.Verdict.TAKES_OTHERS_ROWS);
            assertThat(report.links()).extracting(LinkProof::result).doesNotContain(LinkProof.Result.NOT_SEEN);
            assertThat(report.parents().get(0).notes()).isEmpty();
            assertThat(table(report, "phases").before())
                    .as("one by the card, one by the user")
                    .isEqualTo(2);
        }
    }

    @Test
    void programsGetItAsJson() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE \"my things\" (id int8 PRIMARY KEY, user_id int8 NOT NULL, CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id))")) {
            String json = contract.prove()
                    .toJson()
                    .replaceAll("\"elapsedMillis\":\\d+", "\"elapsedMillis\":0")
                    .replaceAll(
                            "the migration with these options has still to convert 1 foreign key[^\"]*",
                            "the migration ...")
                    .replaceAll("\"message\":\"[^\"\\\\]*(\\\\.[^\"\\\\]*)*\"", "\"message\":\"...\"");
            assertThat(json).isEqualTo("""
                    {"formatVersion":1,"verdict":"REFUSED","undeclaredReferences":0,"parents":[{"parent":{"schema":"public","name":"users"},"verdict":"REFUSED","elapsedMillis":0,\
                    "tables":[{"table":{"schema":"public","name":"users"},"path":"users","before":1,"after":1,"otherBefore":1,\
                    "otherAfter":1,"verdict":"UNTOUCHED","cause":""},{"table":{"schema":"public","name":"my things"},\
                    "path":"users > \\"my things\\" (user_id)","before":1,"after":1,"otherBefore":1,"otherAfter":1,\
                    "verdict":"UNTOUCHED","cause":""}],"refusals":[{"foreignKeys":[{"table":{"schema":"public","name":"my things"},"name":"fk",\
                    "columns":["user_id"],"referencedTable":{"schema":"public","name":"users"},"referencedColumns":["id"]}],\
                    "interceptors":[],"message":"..."}],"links":[],"missing":[],\
                    "notes":["the migration ..."]}]}""");
        }
    }
}
