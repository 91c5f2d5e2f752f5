package dev.cascadecleanup.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a preview says of people who touch each other's rows. */
@ContractTest(oldestAndNewest = true)
class PreviewTest {

    private final TestServer server;
    private TestDatabase database;

    PreviewTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void createPeople() throws SQLException {
        database = server.databaseOf(
                "preview",
                empty -> empty.execute(
                        "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, inviter_id bigint REFERENCES users)",
                        "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE)",
                        "CREATE TABLE likes (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,"
                                + " post_id bigint NOT NULL REFERENCES posts)",
                        "CREATE TABLE tasks (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL)",
                        "CREATE TABLE logs (id bigint PRIMARY KEY, user_id text, user_ids bigint[])",
                        "INSERT INTO users VALUES (1, 'ada@example.org', NULL), (2, 'ben@example.org', NULL), (3, 'cleo@example.org', 2),"
                                + " (4, 'dan@example.org', NULL)",
                        "INSERT INTO posts VALUES (10, 1), (11, 1), (12, 2)",
                        "INSERT INTO likes VALUES (20, 2, 10), (21, 1, 12), (22, 1, 11)",
                        "INSERT INTO tasks VALUES (30, 4), (31, 4), (32, NULL)",
                        "INSERT INTO logs VALUES (40, '4', NULL), (41, '1', ARRAY[4, 5]), (42, NULL, ARRAY[1])"));
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private CascadeCleanup cleanup() {
        return CascadeCleanup.of(database.warmDataSource());
    }

    private static TablePreview table(PreviewReport report, String name) {
        return report.tables().stream()
                .filter(table -> table.table().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void namesWhatRefusesAndTheRowThatDoes() {
        PreviewReport report = cleanup().preview("1");
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.REFUSED);
        assertThat(report.refusing()).singleElement().satisfies(link -> {
            assertThat(link.foreignKey().table().name().name()).isEqualTo("likes");
            assertThat(link.foreignKey().columns()).containsExactly("post_id");
            assertThat(link.refuses()).isEqualTo(1);
            assertThat(link.keys()).containsExactly("20");
        });
        assertThat(report.reasons().get(0)).startsWith("refused by likes.").endsWith("(1 row)");
        assertThatThrownBy(() -> database.execute("DELETE FROM users WHERE id = 1"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void countsWhatGoesAndWhatIsDetached() throws SQLException {
        PreviewReport report = cleanup().preview("4");
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
        assertThat(report.rowsDeleted()).isEqualTo(1);
        assertThat(report.rowsDetached()).isEqualTo(2);
        assertThat(table(report, "tasks").keys()).containsExactlyInAnyOrder("30", "31");
        assertThat(report.complete()).isTrue();
        assertThat(database.<Long>value("SELECT count(*) FROM tasks WHERE user_id = 4"))
                .as("nothing was done")
                .isEqualTo(2);
    }

    @Test
    void saysWhatStaysInColumnsWithoutForeignKey() {
        assertThat(cleanup().preview("4").copies())
                .extracting(Copy::column, Copy::rows)
                .containsExactlyInAnyOrder(tuple("user_id", 1L), tuple("user_ids", 1L));
    }

    @Test
    void aSelfReferenceRefusesTheInviter() {
        assertThat(cleanup().preview("2").refusing())
                .extracting(link -> link.foreignKey().table().name().name() + "."
                        + link.foreignKey().columns().get(0))
                .contains("users.inviter_id");
        assertThat(cleanup().preview("3").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    @Test
    void severalPeopleAreOneDelete() {
        PreviewReport report = cleanup().preview("2", "3");
        assertThat(report.rowsDeleted()).isEqualTo(2 + 1 + 1);
        assertThat(report.refusing())
                .extracting(link -> link.foreignKey().columns().get(0))
                .containsExactly("post_id");
        assertThat(cleanup().preview("1", "2", "3").verdict())
                .as("who refused goes too")
                .isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    @Test
    void anotherUniqueKeyWillDo() {
        PreviewReport report = cleanup().preview("email=dan@example.org");
        assertThat(report.keyColumns()).containsExactly("email");
        assertThat(report.rowsDetached()).isEqualTo(2);
    }

    @Test
    void afterClosureTheLikeOfSomebodyElseGoes() {
        PreviewReport report =
                cleanup().preview(PreviewOptions.defaults().withAfter(PreviewOptions.After.CLOSURE), "1");
        assertThat(report.after()).isEqualTo(PreviewOptions.After.CLOSURE);
        assertThat(report.refusing())
                .as("closure does not convert a link between two that go anyway")
                .isNotEmpty();
        assertThat(cleanup()
                        .preview(PreviewOptions.defaults().withAfter(PreviewOptions.After.DIRECT), "4")
                        .rowsDeleted())
                .as("SET NULL becomes CASCADE")
                .isEqualTo(3);
    }

    @Test
    void takesOthersRowsIsSaidWithTheRow() throws SQLException {
        database.execute(
                "CREATE TABLE appointments (id bigint PRIMARY KEY, doctor_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,"
                        + " patient_id bigint NOT NULL REFERENCES users ON DELETE CASCADE)",
                "INSERT INTO appointments VALUES (50, 4, 3), (51, 4, 4)");
        PreviewReport report = cleanup().preview("4");
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.TAKES_OTHERS_ROWS);
        assertThat(report.taking()).singleElement().satisfies(link -> {
            assertThat(link.foreignKey().columns()).containsExactly("patient_id");
            assertThat(link.taken()).isEqualTo(1);
            assertThat(link.keys()).containsExactly("50");
        });
        assertThat(table(report, "appointments").deleted()).isEqualTo(2);
    }

    @Test
    void anotherPersonWhoGoesIsSomebodyElse() throws SQLException {
        database.execute(
                "CREATE TABLE members (id bigint PRIMARY KEY, sponsor_id bigint REFERENCES members ON DELETE CASCADE)",
                "INSERT INTO members VALUES (1, NULL), (2, 1), (3, 2), (4, NULL)");
        CascadeCleanup members = cleanup()
                .withOptions(cleanup().options().toBuilder().parent("members").build());
        PreviewReport report = members.preview("1");
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.TAKES_OTHERS_ROWS);
        assertThat(report.reasons())
                .singleElement()
                .asString()
                .contains("takes others' rows over members.", "(2 rows)");
        assertThat(report.taking())
                .singleElement()
                .satisfies(link -> assertThat(link.keys()).containsExactlyInAnyOrder("2", "3"));
        assertThat(members.preview("1", "2", "3").verdict()).as("all of them").isEqualTo(PreviewVerdict.SUCCEEDS);
        assertThat(members.preview("4").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
        assertThat(members.previewPeople(PreviewOptions.defaults(), 0).count(PreviewVerdict.TAKES_OTHERS_ROWS))
                .isEqualTo(2);
        CascadeCleanup decided = members.withOptions(
                members.options().toBuilder().accept("members.sponsor_id").build());
        assertThat(decided.preview("1").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    @Test
    void aLimitCountsNoFurther() throws SQLException {
        database.execute("INSERT INTO posts SELECT g, 4 FROM generate_series(100, 400) g");
        PreviewReport report = cleanup().preview(PreviewOptions.defaults().withLimit(50), "4");
        assertThat(report.complete()).isFalse();
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThat(report.toText()).contains("at least ");
    }

    /** Of what is left out nobody knows whom it belongs to. */
    @Test
    void aLimitIsNoticedInTheLastTableToo() throws SQLException {
        database.execute("CREATE TABLE pairs (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE,"
                + " other_id bigint REFERENCES users ON DELETE CASCADE)");
        database.execute("INSERT INTO pairs VALUES (1, 4, 4), (2, 4, 4), (3, 4, 4), (4, 4, 1)");
        PreviewReport whole = cleanup().preview("4");
        assertThat(whole.verdict()).isEqualTo(PreviewVerdict.TAKES_OTHERS_ROWS);
        database.execute(
                "CREATE TABLE hints (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE)");
        database.execute("INSERT INTO hints SELECT g, 2 FROM generate_series(1, 9) g");
        for (String person : List.of("2", "4")) {
            long rows = cleanup().preview(person).rowsDeleted();
            for (long limit = 1; limit <= rows + 1; limit++) {
                PreviewReport report =
                        cleanup().preview(PreviewOptions.defaults().withLimit(limit), person);
                if (report.complete()) {
                    assertThat(report.rowsDeleted())
                            .as("limit %d of %s", limit, person)
                            .isEqualTo(rows);
                } else {
                    assertThat(report.verdict())
                            .as("limit %d of %s", limit, person)
                            .isNotEqualTo(PreviewVerdict.SUCCEEDS);
                }
            }
        }
    }

    @Test
    void whatNamesNobodyIsOneLine() {
        List<String> bad = new ArrayList<>(List.of(
                "99",
                "abc",
                "1; DROP TABLE users",
                "1' OR '1'='1",
                "",
                "email=nobody",
                "1,2",
                "inviter_id=2",
                "99999999999999999999",
                "\0"));
        bad.add(null);
        for (String key : bad) {
            assertThatThrownBy(() -> cleanup().preview(key))
                    .as("key " + key)
                    .isInstanceOf(CascadeException.class)
                    .message()
                    .hasLineCount(1)
                    .contains("users");
        }
        assertThatThrownBy(() -> cleanup().preview()).isInstanceOf(CascadeException.class);
        assertThat(cleanup().preview("3").verdict()).as("all is there").isEqualTo(PreviewVerdict.SUCCEEDS);
    }

    @Test
    void aKeyOfSeveralColumns() throws SQLException {
        database.execute(
                "CREATE TABLE members (tenant text, no int, PRIMARY KEY (tenant, no))",
                "CREATE TABLE notes (id bigint PRIMARY KEY, tenant text, no int, FOREIGN KEY (tenant, no) REFERENCES members ON DELETE CASCADE)",
                "INSERT INTO members VALUES ('a,b', 1), ('c=d', 2)",
                "INSERT INTO notes VALUES (1, 'a,b', 1), (2, 'c=d', 2), (3, 'c=d', 2)");
        CascadeCleanup members = cleanup()
                .withOptions(cleanup().options().toBuilder().parent("members").build());
        assertThat(members.preview("tenant=a,b,no=1").rowsDeleted()).isEqualTo(2);
        assertThat(members.preview("no=2,tenant=c=d").rowsDeleted()).isEqualTo(3);
        assertThat(table(members.preview("tenant=a,b,no=1"), "members").keys()).containsExactly("(a,b, 1)");
        assertThatThrownBy(() -> members.preview("1"))
                .isInstanceOf(CascadeException.class)
                .hasMessageContaining("tenant=VALUE,no=VALUE");
    }

    @Test
    void aTableThatCannotBeReadIsNotSeen() throws SQLException {
        String role = database.createRole("reader");
        database.execute("GRANT SELECT ON users, posts, likes TO " + role);
        PreviewReport report =
                CascadeCleanup.of(database.dataSource(role, role)).preview("4");
        assertThat(report.verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
        assertThat(report.notSeen()).anyMatch(line -> line.contains("tasks") && line.contains("SELECT"));
    }

    /** But for version and times, which are those of the machine on which it was written. */
    @Test
    void theManualShowsWhatItSays() throws IOException {
        server.assumePostgres();
        String manual = Files.readString(Path.of("src/docs/preview.md"));
        String command = "$ cascade-cleanup preview 1\n";
        String sample = manual.substring(manual.indexOf(command) + command.length());
        assertThat(withoutTheMachine(cleanup().preview("1").toText()))
                .isEqualTo(withoutTheMachine(
                        sample.substring(0, sample.indexOf("```")).stripTrailing()));
    }

    private static String withoutTheMachine(String text) {
        return text.replaceAll("PostgreSQL [\\d.]+", "PostgreSQL").replaceAll("[\\d.]+ m?s\\b", "some time");
    }

    @Test
    void everyFormatSaysTheVerdict() {
        PreviewReport report = cleanup().preview("1");
        assertThat(report.toText())
                .startsWith("DELETE FROM users WHERE id = 1: refused")
                .contains("posts", "What others lose");
        assertThat(report.toJson()).startsWith("{\"formatVersion\":1,\"verdict\":\"REFUSED\",\"rowsDeleted\":");
        assertThat(report.toHtml())
                .contains("<!DOCTYPE html>", "This delete: refused", "class=\"go\"")
                .doesNotContain("http");
    }
}
