package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A column that may be NULL, and a SET NULL that is refused all the same: for what the column is part of. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class SetNullRefusedTest {

    private static final String[] REFUSING = {
        "CREATE TABLE t (u bigint REFERENCES users, k int); CREATE UNIQUE INDEX odd ON t (coalesce(u, 0), k)",
        "CREATE TABLE t (u bigint REFERENCES users, k int); CREATE UNIQUE INDEX \"o dd\" ON t (k) WHERE u IS NULL",
        "CREATE TABLE t (u bigint REFERENCES users, k int) PARTITION BY LIST (u); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2)",
        "CREATE DOMAIN d AS bigint CHECK (VALUE IS NOT NULL); CREATE TABLE t (u d REFERENCES users, k int)",
        "CREATE TABLE t (u bigint REFERENCES users, k int, g bigint NOT NULL GENERATED ALWAYS AS (u + 1) STORED)",
        "CREATE TABLE t (u bigint REFERENCES users, k int, g bigint GENERATED ALWAYS AS (coalesce(u, 0)) STORED CHECK (g > 0))",
        "CREATE TABLE t (u bigint REFERENCES users, k int); ALTER TABLE t ADD CHECK (t IS NOT NULL)",
        "CREATE TABLE t (u bigint REFERENCES users, k int, EXCLUDE (coalesce(u, 0) WITH =))",
        "CREATE FUNCTION f(x bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN IF x IS NULL THEN RAISE ''no''; END IF; RETURN x; END';"
                + " CREATE TABLE t (u bigint REFERENCES users, k int); CREATE INDEX ON t (f(u))",
        "CREATE TABLE t (u bigint REFERENCES users, k int) PARTITION BY LIST (k); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2);"
                + " ALTER TABLE t_1 ADD CHECK (u IS NOT NULL)",
        "CREATE TABLE t (u bigint REFERENCES users, k int) PARTITION BY LIST (k); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2);"
                + " ALTER TABLE t_1 ALTER u SET NOT NULL",
        "CREATE TABLE t (u bigint REFERENCES users, k int) PARTITION BY LIST (k); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2);"
                + " CREATE UNIQUE INDEX ON t_1 (k) WHERE u IS NULL",
        "CREATE TABLE t (u bigint REFERENCES users, k int); INSERT INTO users VALUES (3); INSERT INTO t VALUES (3, 0);"
                + " ALTER TABLE t ADD CHECK (k > 0) NOT VALID"
    };

    private static final String[] HARMLESS = {
        "CREATE TABLE t (u bigint REFERENCES users, k int); CREATE UNIQUE INDEX odd ON t (u, k)",
        "CREATE TABLE t (u bigint REFERENCES users, k int); CREATE UNIQUE INDEX odd ON t (u, coalesce(k, 0)) WHERE k > 0",
        "CREATE TABLE t (u bigint REFERENCES users, k int); CREATE UNIQUE INDEX odd ON t (k) WHERE u IS NOT NULL",
        "CREATE TABLE t (u bigint REFERENCES users, k int) PARTITION BY LIST (u);"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, NULL, 2)",
        "CREATE TABLE t (u bigint REFERENCES users, k int) PARTITION BY RANGE (u); CREATE TABLE t_1 PARTITION OF t DEFAULT",
        "CREATE TABLE t (u bigint REFERENCES users, k int, e text CHECK (e ~ '^a.*b$'))",
        "CREATE DOMAIN d AS bigint CHECK (VALUE > 0); CREATE TABLE t (u d REFERENCES users, k int)",
        "CREATE TABLE t (u bigint REFERENCES users, k int, g bigint GENERATED ALWAYS AS (u + 1) STORED)"
    };

    private final TestServer server;

    SetNullRefusedTest(TestServer server) {
        this.server = server;
    }

    @Test
    void isNotVerified() throws Exception {
        for (String table : REFUSING) {
            try (CascadeContract contract = migrated(table)) {
                Verification verification = verify(contract);
                assertThat(verification.result()).as(table).isEqualTo(Verification.Result.NO);
                assertThat(verification.refusing()).as(table).hasSize(1);
                assertThatThrownBy(() -> contract.execute("DELETE FROM users"))
                        .as(table)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void noFalseAlarm() throws Exception {
        for (String table : HARMLESS) {
            try (CascadeContract contract = migrated(table)) {
                assertThat(verify(contract).result()).as(table).isEqualTo(Verification.Result.YES);
                contract.execute("DELETE FROM users");
            }
        }
    }

    private CascadeContract migrated(String table) throws Exception {
        CascadeContract contract = CascadeContract.on(server, "CREATE TABLE users (id bigint PRIMARY KEY)", table);
        contract.with("cascade_scope", "closure")
                .with("cascade_set_null", "t.u")
                .migrate();
        contract.execute(
                "INSERT INTO users VALUES (1), (2)",
                "INSERT INTO t VALUES (1, 1), (2, " + (table.contains("IS NOT NULL") ? 2 : 1) + ")");
        return contract;
    }

    private static Verification verify(CascadeContract contract) {
        return CascadeCleanup.of(contract.configuration()).verify();
    }
}
