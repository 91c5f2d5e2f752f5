package dev.cascadecleanup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.Judgement;
import dev.cascadecleanup.plan.Verdict;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a graph of foreign keys misses, each thing by itself. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class AuditTest {

    private final TestServer server;
    private TestDatabase database;

    AuditTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void createUsers() throws Exception {
        database = server.createDatabase();
        database.execute("CREATE TABLE users (id int PRIMARY KEY, name text)", "INSERT INTO users VALUES (1), (2)");
    }

    @AfterEach
    void dropDatabase() throws Exception {
        database.close();
    }

    @Test
    void foreignKeyToAPartition() throws Exception {
        database.execute(
                "CREATE TABLE docs (id int PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE) PARTITION BY RANGE (id)",
                "CREATE TABLE docs_1 PARTITION OF docs FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE notes (id int PRIMARY KEY, doc_id int NOT NULL REFERENCES docs_1)");
        assertFinding(Finding.Kind.FOREIGN_KEY_TO_PARTITION, "notes");
        assertThat(audit().today().get(0).links(Verdict.REFUSES)).hasSize(1);
    }

    @Test
    void foreignKeyOfOnePartition() throws Exception {
        database.execute(
                "CREATE TABLE docs (id int PRIMARY KEY, user_id int) PARTITION BY RANGE (id)",
                "CREATE TABLE docs_1 PARTITION OF docs FOR VALUES FROM (0) TO (10)",
                "ALTER TABLE docs_1 ADD FOREIGN KEY (user_id) REFERENCES users");
        assertFinding(Finding.Kind.FOREIGN_KEY_OF_ONE_PARTITION, "docs_1");
    }

    @Test
    void inheritanceChildren() throws Exception {
        database.execute(
                "CREATE TABLE vips (PRIMARY KEY (id)) INHERITS (users)",
                "CREATE TABLE perks (id int PRIMARY KEY, vip_id int REFERENCES vips)",
                "CREATE TABLE notes (id int PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE old_notes () INHERITS (notes)",
                "INSERT INTO old_notes VALUES (1, 1)");
        assertFinding(Finding.Kind.FOREIGN_KEY_TO_INHERITANCE_CHILD, "perks");
        assertFinding(Finding.Kind.ROWS_IN_INHERITANCE_CHILD, "old_notes");
    }

    @Test
    void setNullWhereItCannotBe() throws Exception {
        database.execute(
                "CREATE TABLE notes (id int PRIMARY KEY, user_id int UNIQUE REFERENCES users ON DELETE SET NULL,"
                        + " author_id int NOT NULL REFERENCES users ON DELETE SET NULL, CONSTRAINT somebody CHECK (user_id IS NOT NULL))",
                "CREATE TABLE copies (id int PRIMARY KEY, of_user int REFERENCES notes (user_id))");
        CascadeOptions keep = CascadeOptions.defaults().toBuilder()
                .keep("notes.user_id,notes.author_id")
                .build();
        AuditReport report =
                CascadeCleanup.of(database.warmDataSource()).withOptions(keep).audit();
        assertFinding(report, Finding.Kind.SET_NULL_INTO_REFERENCED_COLUMN, "notes");
        assertFinding(report, Finding.Kind.SET_NULL_ON_NOT_NULL, "author_id");
        assertFinding(report, Finding.Kind.SET_NULL_AGAINST_CHECK, "user_id");
        assertThat(report.afterPlan().get(0).links(Verdict.REFUSES))
                .as("NOT NULL, and the CHECK")
                .hasSize(2);
        assertFinding(Finding.Kind.ACTION_CHANGES_FROM_SET, "author_id");
        assertFinding(Finding.Kind.SEVERAL_FOREIGN_KEYS_IN_ONE_TABLE, "notes");
    }

    @Test
    void publicationsAndOwners() throws Exception {
        String owner = "audit_owner_" + System.nanoTime();
        database.execute(
                "CREATE TABLE notes (user_id int REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE lists (id int PRIMARY KEY, user_id int REFERENCES users)",
                "CREATE PUBLICATION p FOR TABLE notes",
                "CREATE ROLE " + owner,
                "ALTER TABLE lists OWNER TO " + owner,
                "REVOKE DELETE ON lists FROM " + owner);
        try {
            assertFinding(Finding.Kind.PUBLICATION, "notes");
            assertFinding(Finding.Kind.OWNER_WITHOUT_DELETE, "lists");
        } finally {
            database.execute("DROP TABLE lists", "DROP ROLE " + owner);
        }
    }

    @Test
    void whatTheCatalogSaysAndDoesNotDo() throws Exception {
        database.execute(
                "CREATE TABLE notes (id int PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE)",
                "ALTER TABLE users DISABLE TRIGGER ALL");
        assertFinding(Finding.Kind.TRIGGER_SWITCHED_OFF, "notes");
    }

    @Test
    void notEnforced() throws Exception {
        server.assumeMajorAtLeast(18);
        database.execute(
                "CREATE TABLE notes (id int PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE NOT ENFORCED)");
        assertFinding(Finding.Kind.NOT_ENFORCED, "notes");
        assertThat(audit().today().get(0).tables()).hasSize(1);
    }

    @Test
    void duplicatesCyclesAndSelfReferences() throws Exception {
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE, FOREIGN KEY (user_id)"
                        + " REFERENCES users)",
                "CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a ON DELETE CASCADE,"
                        + " before int REFERENCES b)",
                "ALTER TABLE a ADD b_id int REFERENCES b ON DELETE CASCADE");
        assertFinding(Finding.Kind.SAME_COLUMNS, "a.");
        assertFinding(Finding.Kind.CYCLE, "a, b");
        assertFinding(Finding.Kind.SELF_REFERENCE, "before");
        assertFinding(Finding.Kind.NO_INDEX, "a_id");
    }

    @Test
    void triggersRulesAndRowSecurity() throws Exception {
        database.execute(
                "CREATE TABLE notes (id int PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE)",
                "CREATE FUNCTION veto() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "CREATE TRIGGER keep_it BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION veto()",
                "CREATE RULE never AS ON DELETE TO users DO INSTEAD NOTHING",
                "ALTER TABLE notes ENABLE ROW LEVEL SECURITY");
        assertFinding(Finding.Kind.TRIGGER_OR_RULE, "notes.keep_it");
        assertFinding(Finding.Kind.TRIGGER_OR_RULE, "users.never");
        assertFinding(Finding.Kind.ROW_SECURITY, "notes");
        assertThat(audit().findings())
                .filteredOn(finding -> finding.subject().equals("notes.keep_it"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("BEFORE DELETE FOR EACH ROW"));
    }

    @Test
    void columnsThatLookLikeReferences() throws Exception {
        database.execute(
                "CREATE TABLE notes (id int PRIMARY KEY, patient_id int REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE logs (user_id text, patient_id bigint, invited_user_id int, user_ids int[], owner_id int, username text,"
                        + " userid_hash text)");
        Set<String> expected =
                Set.of("logs.user_id", "logs.patient_id", "logs.invited_user_id", "logs.user_ids", "logs.owner_id");
        assertThat(subjects(audit())).isEqualTo(expected);
        assertThat(audit().findings())
                .filteredOn(finding -> finding.subject().equals("logs.user_id"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("as text"));
        AuditReport tuned = CascadeCleanup.of(database.warmDataSource())
                .audit(AuditOptions.defaults().withOwnerColumns(Set.of()).withIgnoredColumns(Set.of("logs.user_id")));
        assertThat(subjects(tuned)).isEqualTo(Set.of("logs.patient_id", "logs.invited_user_id", "logs.user_ids"));
    }

    private static Set<String> subjects(AuditReport report) {
        return report.findings().stream()
                .filter(finding -> finding.kind() == Finding.Kind.REFERENCE_WITHOUT_FOREIGN_KEY)
                .map(Finding::subject)
                .collect(Collectors.toSet());
    }

    @Test
    void countsTheRowsThatRefuse() throws Exception {
        database.execute(
                "CREATE TABLE chats (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE notes (id int PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE, chat_id int REFERENCES chats)",
                "INSERT INTO chats VALUES (1, 1), (2, 2)",
                "INSERT INTO notes VALUES (1, 1, 1), (2, NULL, 1), (3, 2, 1), (4, 2, 2), (5, NULL, NULL)");
        assertThat(audit().today().get(0).links(Verdict.DEPENDS_ON_DATA))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.refusing().rows())
                            .as(line.refusing().query())
                            .isEqualTo(2);
                    assertThat(database.<Long>value(line.refusing().query())).isEqualTo(2);
                });
        AuditReport uncounted = CascadeCleanup.of(database.warmDataSource())
                .audit(AuditOptions.defaults().withRowCounts(0));
        assertThat(uncounted.today().get(0).links(Verdict.DEPENDS_ON_DATA))
                .singleElement()
                .satisfies(line -> assertThat(line.refusing().rows()).isNull());
    }

    @Test
    void depthsSayWhy() throws Exception {
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a ON DELETE CASCADE)",
                "CREATE TABLE c (id int PRIMARY KEY, b_id int NOT NULL REFERENCES b ON DELETE CASCADE, a_id int REFERENCES a,"
                        + " other_b int REFERENCES b, user_id int REFERENCES users)");
        DeleteReport today = audit().today().get(0);
        assertThat(today.links(Verdict.DEPENDS_ON_DATA)).singleElement().satisfies(line -> {
            assertThat(line.link().foreignKey().columns()).containsExactly("other_b");
            assertThat(line.link().judgement())
                    .isEqualTo(new Judgement(Fate.ANY_ORDER, Fate.REFUSES, Fate.GOES, Fate.NO_SUCH_ROW));
        });
        assertThat(today.links(Verdict.REFUSES))
                .extracting(line -> line.link().foreignKey().columns().get(0))
                .containsExactlyInAnyOrder("a_id", "user_id");
        assertThat(today.tables())
                .extracting(line -> line.reached().depths().shallowest())
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    void everyOutputIsWellFormed() throws Exception {
        database.execute("CREATE TABLE \"Odd \"\"name\\\" (id int PRIMARY KEY, \"user\nid\" int REFERENCES users)");
        AuditReport report = audit();
        assertThat(database.<String>value(
                        "SELECT ?::jsonb #>> '{today,0,links,0,foreignKey,table,name}'", report.toJson()))
                .isEqualTo("Odd \"name\\");
        assertThat(report.toText()).contains("DELETE FROM users", "refuses: 1");
        assertThat(report.toMermaid())
                .startsWith("flowchart LR")
                .contains("t0 -->|")
                .contains("#quot;");
        assertThat(report.toGraphviz()).startsWith("digraph").contains("t0 -> t1");
    }

    private AuditReport audit() {
        return CascadeCleanup.of(database.warmDataSource()).audit();
    }

    private void assertFinding(Finding.Kind kind, String subject) {
        assertFinding(audit(), kind, subject);
    }

    private static void assertFinding(AuditReport report, Finding.Kind kind, String subject) {
        assertThat(report.findings())
                .as(report.toText())
                .anyMatch(finding -> finding.kind() == kind && finding.subject().contains(subject));
    }
}
