package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.Verification.Result;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.preview.PreviewVerdict;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.DoubledConnections;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What CockroachDB makes of a row that loses its reference: columns are computed anew, ON UPDATE works, and it enters other indexes. */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class CockroachSetNullTest {

    private static final String T =
            "CREATE TABLE t (id int PRIMARY KEY, u bigint REFERENCES users ON DELETE SET NULL, k int";

    /** A table and its rows. */
    private static final List<List<String>> REFUSING = List.of(
            List.of(T + ", g bigint AS (coalesce(u, 0)) STORED, CHECK (g > 0))", "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(T + ", g bigint NOT NULL AS (u + 1) STORED)", "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(T + ", g bigint AS (1 // coalesce(u, 0)) STORED)", "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(
                    T + ", g bigint AS (coalesce(u, 0)) STORED UNIQUE)",
                    "INSERT INTO t VALUES (1, 1, 1), (2, NULL, 1)"),
            List.of(T + ", UNIQUE INDEX x (k) WHERE u IS NULL)", "INSERT INTO t VALUES (1, 1, 5), (2, NULL, 5)"),
            List.of(T + ", UNIQUE INDEX x ((coalesce(u, 0)), k))", "INSERT INTO t VALUES (1, 1, 5), (2, NULL, 5)"),
            List.of(T + ", at int DEFAULT 1 ON UPDATE 7, CHECK (at < 5))", "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(
                    T + ", \"b y\" bigint DEFAULT 2 ON UPDATE 99 REFERENCES users ON DELETE CASCADE)",
                    "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(T + ", at int NOT NULL DEFAULT 1 ON UPDATE NULL)", "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(
                    T + ", at int DEFAULT 1 ON UPDATE 7, g int AS (at * 2) STORED, CHECK (g < 5))",
                    "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(T + ", at int DEFAULT 1 ON UPDATE 0, INDEX ((1 // at)))", "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(T + ", at int ON UPDATE 7 UNIQUE)", "INSERT INTO t VALUES (1, 1, 1, 1), (2, NULL, 1, 7)"));

    private static final List<List<String>> HARMLESS = List.of(
            List.of(T + ", updated_at timestamptz ON UPDATE now())", "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(T + ", g bigint AS (u + 1) STORED)", "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(
                    T + ", UNIQUE INDEX x (k) WHERE u IS NOT NULL, INDEX y (k) STORING (u))",
                    "INSERT INTO t VALUES (1, 1, 1)"),
            List.of(
                    T + ")",
                    "INSERT INTO t VALUES (1, 1, 0)",
                    "ALTER TABLE t ADD CONSTRAINT old CHECK (k > 0) NOT VALID"),
            List.of(
                    "CREATE TABLE t (id int PRIMARY KEY, u bigint DEFAULT 2 REFERENCES users ON DELETE SET DEFAULT, INDEX (id) STORING (u))",
                    "INSERT INTO t VALUES (1, 1)"));

    private final TestServer server;

    CockroachSetNullTest(TestServer server) {
        this.server = server;
    }

    @Test
    void noLookSaysThatItSucceeds() throws Exception {
        for (List<String> each : REFUSING) {
            try (CascadeContract contract = on(each)) {
                CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
                assertThat(cleanup.verify().result()).as(each.get(0)).isNotEqualTo(Result.YES);
                assertThat(cleanup.preview("1").verdict())
                        .as(each.get(0))
                        .isIn(PreviewVerdict.NOT_SEEN, PreviewVerdict.REFUSED);
                assertThat(cleanup.prove().passed()).as(each.get(0)).isFalse();
                assertThatThrownBy(() -> contract.execute("DELETE FROM users WHERE id = 1"))
                        .as(each.get(0))
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void noFalseAlarm() throws Exception {
        for (List<String> each : HARMLESS) {
            try (CascadeContract contract = on(each)) {
                CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
                assertThat(cleanup.preview("1").verdict()).as(each.get(0)).isEqualTo(PreviewVerdict.SUCCEEDS);
                if (!each.get(0).contains("SET DEFAULT") && each.size() == 2) {
                    assertThat(cleanup.verify().result()).as(each.get(0)).isEqualTo(Result.YES);
                }
                contract.execute("DELETE FROM users WHERE id = 1");
            }
        }
    }

    @Test
    void aTableThatMayNotBeLookedAtIsNotSeen() throws Exception {
        try (CascadeContract contract = on(List.of(T + ")"))) {
            String role = contract.database().createRole("looker");
            contract.as(role);
            assertThat(notSeen(contract)).anyMatch(what -> what.contains("ON UPDATE of columns"));
            contract.execute("GRANT SELECT ON TABLE t TO " + role);
            assertThat(notSeen(contract)).noneMatch(what -> what.contains("ON UPDATE of columns"));
        }
    }

    @Test
    void aTableThatIsRenamedMeanwhileIsNotSeen() throws Exception {
        try (CascadeContract contract = on(List.of(T + ")"))) {
            DataSource renamed = DoubledConnections.over(contract.database().dataSource(), (connection, sql) -> {
                if (sql.contains("[SHOW CREATE TABLE ")) {
                    throw new SQLException("ERROR: relation does not exist", "42P01");
                }
                return sql;
            });
            contract.flyway(flyway -> flyway.dataSource(renamed));
            assertThat(notSeen(contract)).anyMatch(what -> what.contains("ON UPDATE of columns"));
        }
    }

    private static List<String> notSeen(CascadeContract contract) {
        return CascadeCleanup.of(contract.configuration()).verify().notSeen().stream()
                .map(NotSeen::what)
                .toList();
    }

    private CascadeContract on(List<String> table) throws Exception {
        List<String> schema = new ArrayList<>(
                List.of("CREATE TABLE users (id bigint PRIMARY KEY)", "INSERT INTO users VALUES (1), (2)"));
        schema.addAll(table);
        return CascadeContract.on(server, schema.toArray(String[]::new))
                .with("cascade_scope", "closure")
                .with("cascade_keep_set_null", "true");
    }
}
