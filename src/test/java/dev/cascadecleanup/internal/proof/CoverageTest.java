package dev.cascadecleanup.internal.proof;

import static dev.cascadecleanup.internal.proof.ProofContract.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.proof.MissingRow;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.proof.TableProof;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows where making one takes more than a value for each column, and what is said where none can be made. */
@ContractTest(oldestAndNewest = true)
class CoverageTest {

    private static final String USERS = "CREATE TABLE users (id int8 PRIMARY KEY)";
    private static final int RENAMINGS = 10;

    private final TestServer server;

    CoverageTest(TestServer server) {
        this.server = server;
    }

    @Test
    void aThousandConditionsSideBySideAreAList() throws SQLException {
        String any =
                IntStream.range(0, 2000).mapToObj(i -> "code = 'c" + i + "'").collect(Collectors.joining(" OR "));
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " code text NOT NULL CHECK (" + any + "))")) {
            ProofReport report = contract.prove();
            // CockroachDB prints the list as two thousand parentheses, which is too deep to be understood.
            if (server.isCockroach() && !report.passed()) {
                assertThat(report.missing()).singleElement().asString().contains("not understood");
            } else {
                report.assertPassed();
            }
        }
    }

    @Test
    void repetitionsOfRepetitionsEndInTime() throws SQLException {
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " code text NOT NULL CONSTRAINT code_form CHECK (code ~ '^((((a{250}){250}){250}){250})$'))")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
            assertThat(report.missing()).singleElement().asString().contains("code_form");
        }
    }

    @Test
    void aNullThatACheckForbidsIsForbiddenWhateverTheTablesAreCalled() throws SQLException {
        List<String> schema = List.of(
                USERS,
                "CREATE TABLE t1 (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE, up int8)",
                "CREATE TABLE t2 (id int8 PRIMARY KEY, up int8, other int8, CHECK (up IS NOT NULL))",
                "CREATE TABLE t3 (id int8 PRIMARY KEY, up int8 NOT NULL, CHECK (id >= 0 AND up IS NOT NULL))",
                "CREATE TABLE t4 (id int8 PRIMARY KEY, up int8, other int8, kind text, CHECK (CASE WHEN kind IS NULL THEN up IS NOT NULL"
                        + " ELSE up IS NOT NULL AND other IS NOT NULL END))",
                "ALTER TABLE t1 ADD FOREIGN KEY (up) REFERENCES t2 (id) ON DELETE CASCADE",
                "ALTER TABLE t2 ADD FOREIGN KEY (up) REFERENCES t1 (id) ON DELETE CASCADE",
                "ALTER TABLE t2 ADD FOREIGN KEY (other) REFERENCES t3 (id) ON DELETE CASCADE",
                "ALTER TABLE t3 ADD FOREIGN KEY (up) REFERENCES t2 (id) ON DELETE CASCADE",
                "ALTER TABLE t4 ADD FOREIGN KEY (up) REFERENCES t3 (id) ON DELETE CASCADE",
                "ALTER TABLE t4 ADD FOREIGN KEY (other) REFERENCES t4 (id) ON DELETE CASCADE");
        Map<String, String> before = null;
        try (ProofContract contract = ProofContract.on(server, schema.toArray(String[]::new))) {
            List<String> names = List.of("t1", "t2", "t3", "t4");
            Map<String, String> now = new TreeMap<>(names.stream().collect(Collectors.toMap(n -> n, n -> n)));
            Random random = new Random(4);
            for (int i = 0; i < (server.isCockroach() ? 2 : RENAMINGS); i++) {
                ProofReport report = contract.prove();
                Map<String, String> coverage = new TreeMap<>();
                now.forEach((original, name) -> {
                    TableProof proof = table(report, name);
                    coverage.put(original, proof.verdict() + " " + proof.before() + " " + proof.otherBefore());
                });
                assertThat(report.missing()).as(now + "\n" + report).isEmpty();
                assertThat(coverage).as(now + "\n" + report).isEqualTo(before == null ? coverage : before);
                before = coverage;
                rename(contract, now, random);
            }
        }
    }

    private static void rename(ProofContract contract, Map<String, String> now, Random random) throws SQLException {
        List<String> letters = new ArrayList<>("abcdefghijklmnopqrstuvwxyz"
                .chars()
                .mapToObj(c -> String.valueOf((char) c))
                .toList());
        Collections.shuffle(letters, random);
        for (Map.Entry<String, String> table : now.entrySet()) {
            String name = letters.remove(0) + "_" + random.nextInt(1000);
            contract.database().execute("ALTER TABLE " + table.getValue() + " RENAME TO " + name);
            table.setValue(name);
        }
    }

    @Test
    void moreThanTwoDozenPartitions() throws SQLException {
        if (server.isCockroach()) {
            return;
        }
        List<String> schema = new ArrayList<>(List.of(
                "CREATE TABLE users (id uuid PRIMARY KEY)",
                "CREATE TABLE events (user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, id bigserial,"
                        + " PRIMARY KEY (user_id, id)) PARTITION BY HASH (user_id)",
                "CREATE TABLE days (user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, day date NOT NULL)"
                        + " PARTITION BY RANGE (day)"));
        LocalDate first = LocalDate.of(1999, 1, 1);
        for (int i = 0; i < 64; i++) {
            schema.add("CREATE TABLE events_" + i + " PARTITION OF events FOR VALUES WITH (MODULUS 64, REMAINDER " + i
                    + ")");
            schema.add("CREATE TABLE days_" + i + " PARTITION OF days FOR VALUES FROM ('" + first.plusDays(i)
                    + "') TO ('" + first.plusDays(i + 1) + "')");
        }
        try (ProofContract contract = ProofContract.on(server, schema.toArray(String[]::new))) {
            contract.prove().assertPassed();
        }
    }

    @Test
    void aPartitionedTableWithoutPartitionsTakesNoRow() throws SQLException {
        if (server.isCockroach()) {
            return;
        }
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE events (user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE, at date) PARTITION BY RANGE (at)")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
            assertThat(report.missing()).singleElement().satisfies(missing -> {
                assertThat(missing.reason()).contains("has no partition");
                assertThat(missing.hint()).contains("create a partition", ".skip(\"events\")");
            });
            contract.database().execute("CREATE TABLE events_all PARTITION OF events DEFAULT");
            contract.prove().assertPassed();
        }
    }

    @Test
    void aColumnThatOnlyATriggerMaySetIsLeftToIt() throws SQLException {
        if (server.isCockroach()) {
            return;
        }
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " title text NOT NULL, code text NOT NULL CHECK (code LIKE 'T-%'), number int8 NOT NULL)",
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.code IS NOT NULL OR NEW.number IS NOT NULL THEN"
                        + " RAISE 'not yours'; END IF; NEW.code := 'T-' || NEW.id; NEW.number := 7; RETURN NEW; END $$",
                "CREATE TRIGGER t BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION f()")) {
            contract.prove().assertPassed();
        }
    }

    @Test
    void aConditionThatKeepsTheServerBusyIsGivenUp() throws SQLException {
        if (server.isCockroach()) {
            return;
        }
        try (ProofContract contract = ProofContract.on(
                server,
                USERS,
                "CREATE FUNCTION slow(text) RETURNS boolean LANGUAGE sql AS 'SELECT pg_sleep(120) IS NOT NULL'",
                "CREATE TABLE things (id int8 PRIMARY KEY, user_id int8 NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " code text NOT NULL CONSTRAINT slow_one CHECK (slow(code)))")) {
            ProofReport report = contract.prove();
            assertThat(report.verdict()).as(report.toString()).isEqualTo(ProofReport.Verdict.INCOMPLETE);
            assertThat(report.missing())
                    .extracting(MissingRow::reason)
                    .singleElement()
                    .asString()
                    .contains("takes too long");
            contract.prove(ProofHints.none().skip("things"));
        }
    }
}
