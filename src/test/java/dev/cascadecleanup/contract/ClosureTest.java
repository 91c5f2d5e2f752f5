package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.audit.AuditReport;
import dev.cascadecleanup.audit.Finding;
import dev.cascadecleanup.plan.Verdict;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestServer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What hangs below the per-user tables: named by a direct run and by the audit, closed on request, and given back by the undo. */
@ContractTest(oldestAndNewest = true)
class ClosureTest {

    private static final String[] SCHEMA = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE chats (id bigint PRIMARY KEY, user_id bigint NOT NULL, approver bigint,"
                + " CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES users,"
                + " CONSTRAINT approved FOREIGN KEY (approver) REFERENCES users)",
        "CREATE TABLE messages (id bigint PRIMARY KEY, chat_id bigint NOT NULL,"
                + " CONSTRAINT of_chat FOREIGN KEY (chat_id) REFERENCES chats)",
        "CREATE TABLE pins (id bigint PRIMARY KEY, chat_id bigint, CONSTRAINT of_chat FOREIGN KEY (chat_id) REFERENCES chats)",
        "CREATE TABLE drafts (id bigint PRIMARY KEY, chat_id bigint, CONSTRAINT of_chat FOREIGN KEY (chat_id) REFERENCES chats)",
        "CREATE TABLE links (id bigint PRIMARY KEY, chat_id bigint NOT NULL, message_id bigint,"
                + " CONSTRAINT of_chat FOREIGN KEY (chat_id) REFERENCES chats,"
                + " CONSTRAINT of_message FOREIGN KEY (message_id) REFERENCES messages)"
    };
    private static final String[] ROWS = {
        "INSERT INTO users VALUES (1), (2)",
        "INSERT INTO chats VALUES (1, 1, 2), (2, 2, 1)",
        "INSERT INTO messages VALUES (1, 1), (2, 2)",
        "INSERT INTO pins VALUES (1, 1), (2, 2)",
        "INSERT INTO drafts VALUES (1, 1), (2, 2)",
        "INSERT INTO links VALUES (1, 1, 1), (2, 2, 2)"
    };
    /** The foreign keys in an order in which PostgreSQL refuses the delete. */
    private static final String[] CLEARING = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE docs (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE)",
        "CREATE TABLE chats (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE)",
        "CREATE TABLE notes (id bigint PRIMARY KEY, chat_id bigint NOT NULL)",
        "CREATE TABLE lines (id bigint PRIMARY KEY, note_id bigint NOT NULL, chat_id bigint, doc_id bigint,"
                + " CONSTRAINT of_note FOREIGN KEY (note_id) REFERENCES notes ON DELETE CASCADE,"
                + " CONSTRAINT of_chat FOREIGN KEY (chat_id) REFERENCES chats ON DELETE SET NULL,"
                + " CONSTRAINT of_doc FOREIGN KEY (doc_id) REFERENCES docs ON DELETE SET NULL)",
        "ALTER TABLE notes ADD CONSTRAINT of_chat FOREIGN KEY (chat_id) REFERENCES chats ON DELETE CASCADE"
    };

    private static final String DELETE = "DELETE FROM users WHERE id = 1";

    private final TestServer server;

    ClosureTest(TestServer server) {
        this.server = server;
    }

    @Test
    void aDirectRunNamesWhatWouldStillRefuseAndHowToCloseIt() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA);
                LogCapture log = LogCapture.open()) {
            contract.with("cascade_set_null", "chats.approver").migrate();
            assertThat(String.join("\n", log.lines()))
                    .contains(
                            "messages.of_chat",
                            "pins.of_chat",
                            "drafts.of_chat",
                            "links.of_chat",
                            "cascade_scope = closure");
            contract.execute(ROWS);
            contract.assertRefused(DELETE);
            contract.undoExactly();
        }
    }

    @Test
    void aClosureLetsTheDeleteSucceedAndIsUndoneExactly() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.with("cascade_scope", "closure")
                    .with("cascade_set_null", "chats.approver, drafts.chat_id")
                    .with("cascade_closure", "pins.chat_id" + (server.isCockroach() ? "" : ", links.message_id=defer"));
            contract.migrate().assertRepeatable();
            assertThat(contract.now().get("messages.of_chat").onDelete()).isEqualTo("c");
            assertThat(contract.now().get("pins.of_chat").onDelete()).isEqualTo("c");
            assertThat(contract.now().get("drafts.of_chat").onDelete()).isEqualTo("n");
            assertThat(contract.now().get("links.of_message").initiallyDeferred())
                    .isNotEqualTo(server.isCockroach());
            Verification verification =
                    CascadeCleanup.of(contract.configuration()).verify();
            // A message of somebody else's chat may be linked: that it then refuses nobody has decided yet.
            assertThat(verification.result()).isEqualTo(Verification.Result.NO);
            assertThat(verification.refusing())
                    .extracting(link -> link.foreignKey().name())
                    .containsExactly("of_message");
            contract.with("cascade_accept", "links.message_id");
            Verification decided = CascadeCleanup.of(contract.configuration()).verify();
            assertThat(decided.result()).as(decided.summary()).isEqualTo(Verification.Result.YES);
            assertThat(decided.accepted()).hasSize(1);

            contract.execute(ROWS);
            contract.execute(DELETE);
            for (String table : List.of("users", "chats", "messages", "pins", "links")) {
                assertThat(contract.database().rows("SELECT id FROM " + table))
                        .as(table)
                        .containsExactly(List.of(2L));
            }
            assertThat(contract.database().rows("SELECT id, chat_id FROM drafts ORDER BY id"))
                    .containsExactly(Arrays.asList(1L, null), List.of(2L, 2L));
            assertThat(contract.database().rows("SELECT approver FROM chats"))
                    .containsExactly(Arrays.asList((Object) null));
            contract.undoExactly();
        }
    }

    @Test
    void theAuditSaysItBeforehand() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            contract.execute(ROWS);
            contract.execute("CREATE TABLE logs (id bigint PRIMARY KEY, user_id bigint)");
            contract.with("cascade_scope", "closure");
            AuditReport report = CascadeCleanup.of(contract.configuration()).audit();
            assertThat(verdicts(report, "approved")).as(report.toText()).containsExactly(Verdict.REFUSES);
            assertThat(verdicts(report, "of_user")).containsExactly(Verdict.REFUSES);
            assertThat(report.findings())
                    .as(report.toText())
                    .anyMatch(finding -> finding.kind() == Finding.Kind.REFERENCE_WITHOUT_FOREIGN_KEY
                            && finding.subject().contains("logs"));
            assertThat(report.afterPlan().get(0).links(Verdict.REFUSES))
                    .as(report.toText())
                    .hasSize(2)
                    .allSatisfy(line -> {
                        assertThat(line.refusing().rows())
                                .as(line.refusing().query())
                                .isEqualTo(contract.database()
                                        .<Long>value(line.refusing().query()))
                                .isPositive();
                    });
            assertThat(report.toJson()).contains("\"of_chat\"");
            assertThat(report.toMermaid()).startsWith("flowchart");
            assertThat(report.toGraphviz()).startsWith("digraph");
        }
    }

    /** On PostgreSQL the second update of the line looks for a note that may be gone before the cascade comes to the line. */
    @Test
    void twoForeignKeysThatClearColumnsOfOneRow() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, CLEARING)) {
            AuditReport report = CascadeCleanup.of(contract.configuration()).audit();
            assertThat(verdicts(report, "of_note"))
                    .as(report.toText())
                    .containsExactly(server.isCockroach() ? Verdict.SAFE : Verdict.ORDER_DEPENDENT);
            contract.with("cascade_scope", "closure")
                    .with("cascade_closure", server.isCockroach() ? "" : "lines.note_id=cascade+defer");
            contract.migrate().assertRepeatable();
            Verification verification =
                    CascadeCleanup.of(contract.configuration()).verify();
            assertThat(verification.passed()).as(verification.toString()).isTrue();

            contract.execute(
                    "INSERT INTO users VALUES (1)",
                    "INSERT INTO docs VALUES (1, 1)",
                    "INSERT INTO chats VALUES (1, 1)",
                    "INSERT INTO notes VALUES (1, 1)",
                    "INSERT INTO lines VALUES (1, 1, 1, 1)");
            contract.execute(DELETE);
            assertThat(contract.database().rows("SELECT id FROM lines")).isEmpty();
            contract.undoExactly();
        }
    }

    private static List<Verdict> verdicts(AuditReport report, String constraint) {
        return report.today().get(0).links().stream()
                .filter(line -> line.link().foreignKey().name().equals(constraint))
                .map(line -> line.link().verdict())
                .toList();
    }
}
