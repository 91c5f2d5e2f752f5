package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.Verification.Result;
import dev.cascadecleanup.preview.PreviewVerdict;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A column that may be NULL, and a SET NULL that is refused all the same: for what the column is part of. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class SetNullRefusedTest {

    private static final String PARTS =
            "CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2); CREATE TABLE t_n PARTITION OF t FOR VALUES IN (NULL);";
    private static final String MOVING =
            "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (u);" + PARTS;
    private static final String BOOM = "CREATE FUNCTION boom(x bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS"
            + " 'BEGIN IF x IS NULL THEN RAISE ''no''; END IF; RETURN x; END'; ";
    private static final String BEYOND = "CREATE FUNCTION there(x bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE"
            + " SET search_path FROM CURRENT AS"
            + " 'BEGIN IF NOT EXISTS (SELECT FROM users WHERE id = x) THEN RAISE ''no''; END IF; RETURN true; END'; ";
    private static final String NO =
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''no''; END';";

    private static final String[] REFUSING = {
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE UNIQUE INDEX odd ON t (coalesce(u, 0), k)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE UNIQUE INDEX \"o dd\" ON t (k) WHERE u IS NULL",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (u); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2)",
        "CREATE DOMAIN d AS bigint CHECK (VALUE IS NOT NULL); CREATE TABLE t (u d REFERENCES users ON DELETE SET NULL, k int)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g bigint NOT NULL GENERATED ALWAYS AS (u + 1) STORED)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g bigint GENERATED ALWAYS AS (coalesce(u, 0)) STORED CHECK (g > 0))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); ALTER TABLE t ADD CHECK (t IS NOT NULL)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, EXCLUDE (coalesce(u, 0) WITH =))",
        "CREATE FUNCTION f(x bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN IF x IS NULL THEN RAISE ''no''; END IF; RETURN x; END';"
                + " CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t (f(u))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (k); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2);"
                + " ALTER TABLE t_1 ADD CHECK (u IS NOT NULL)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (k); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2);"
                + " ALTER TABLE t_1 ALTER u SET NOT NULL",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (k); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2);"
                + " CREATE UNIQUE INDEX ON t_1 (k) WHERE u IS NULL",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); INSERT INTO users VALUES (3); INSERT INTO t VALUES (3, 0);"
                + " ALTER TABLE t ADD CHECK (k > 0) NOT VALID",
        // Part of a key that has to be whole or nothing.
        "CREATE TABLE t (u bigint, k int, FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL,"
                + " FOREIGN KEY (u, k) REFERENCES users (id, code) MATCH FULL ON DELETE SET NULL)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int,"
                + " FOREIGN KEY (u, k) REFERENCES users (id, code) MATCH FULL)",
        "CREATE TABLE ks (k bigint, c int, PRIMARY KEY (k, c)); INSERT INTO ks VALUES (1, 1), (2, 1);"
                + "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, FOREIGN KEY (u, k) REFERENCES ks MATCH FULL)",
        "CREATE FUNCTION ok(x bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT x IS NOT NULL';"
                + " CREATE DOMAIN d AS bigint CHECK (ok(VALUE)); CREATE TABLE t (u d REFERENCES users ON DELETE SET NULL, k int)",
        "CREATE FUNCTION ok(x bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS 'BEGIN IF x IS NULL THEN RAISE ''no''; END IF; RETURN true; END';"
                + " CREATE DOMAIN d AS bigint CHECK (ok(VALUE)); CREATE TABLE t (u d REFERENCES users ON DELETE SET NULL, k int)",
        NO + "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (u);" + PARTS
                + "CREATE TRIGGER no BEFORE INSERT ON t_n FOR EACH ROW EXECUTE FUNCTION no()",
        NO + "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (u);" + PARTS
                + "CREATE TRIGGER no AFTER DELETE ON t_1 FOR EACH ROW EXECUTE FUNCTION no()",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, UNIQUE (u, k)) PARTITION BY LIST (u);"
                + PARTS
                + "CREATE TABLE s (u bigint, k int, FOREIGN KEY (u, k) REFERENCES t (u, k)); "
                + "INSERT INTO t VALUES (1, 3); INSERT INTO s VALUES (1, 3)",
        NO
                + "INSERT INTO users VALUES (0); CREATE TABLE t (u bigint DEFAULT 0 REFERENCES users ON DELETE SET DEFAULT, k int) PARTITION BY LIST (u);"
                + PARTS,
        NO
                + "INSERT INTO users VALUES (0); CREATE TABLE t (u bigint DEFAULT 0 REFERENCES users ON DELETE SET DEFAULT, k int) PARTITION BY LIST (u);"
                + PARTS
                + "CREATE TABLE t_0 PARTITION OF t FOR VALUES IN (0); CREATE TRIGGER no BEFORE INSERT ON t_0 FOR EACH ROW EXECUTE FUNCTION no()",
        "INSERT INTO users VALUES (0); CREATE TABLE t (u bigint DEFAULT 0 REFERENCES users ON DELETE SET DEFAULT, k int) PARTITION BY LIST (u);"
                + PARTS + "CREATE TABLE t_0 PARTITION OF t FOR VALUES IN (0); ALTER TABLE t_0 ADD CHECK (k > 9)",
        "INSERT INTO users VALUES (0); CREATE FUNCTION ok(x bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT x <> 0';"
                + " CREATE DOMAIN d AS bigint CHECK (ok(VALUE)); CREATE TABLE t (u d DEFAULT 0 REFERENCES users ON DELETE SET DEFAULT, k int)",
        // Evaluated again for each row that changes, and then it raises.
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t ((k / coalesce(u, 0)))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t (k) WHERE 1 / coalesce(u, 0) > 0",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g int GENERATED ALWAYS AS (1 / coalesce(u, 0)) STORED)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t ((coalesce(u::text, 'none')::int))",
        "CREATE FUNCTION f(x bigint, y bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN IF x IS NULL THEN RAISE ''no''; END IF; RETURN x = y; END';"
                + " CREATE OPERATOR === (FUNCTION = f, LEFTARG = bigint, RIGHTARG = bigint);"
                + " CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t ((u === 1))",
        "CREATE FUNCTION f(x bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN IF x IS NULL THEN RAISE ''no''; END IF; RETURN x; END';"
                + " CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g bigint GENERATED ALWAYS AS (f(u)) STORED)",
        "CREATE DOMAIN d AS bigint NOT NULL; CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t ((u::d))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST ((u % 2));"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (0, 1)",
        // Two doubts about one column, of which the preview works out one.
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, CONSTRAINT a CHECK (u IS NULL OR u > 0));"
                + " CREATE FUNCTION whole(x t) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN (x).u IS NOT NULL; END';"
                + " ALTER TABLE t ADD CONSTRAINT b CHECK (whole(t.*))",
        BOOM
                + "CREATE DOMAIN d AS bigint CHECK (VALUE IS NULL OR VALUE > 0); CREATE TABLE t (u d REFERENCES users ON DELETE SET NULL, k int);"
                + " CREATE INDEX ON t (boom(u))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST ((coalesce(u, -1)));"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2, NULL)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY HASH (u);"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES WITH (MODULUS 16, REMAINDER 8);"
                + " CREATE TABLE t_2 PARTITION OF t FOR VALUES WITH (MODULUS 16, REMAINDER 10)",
        // The row comes into the index.
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t ((10 / (k - 1))) WHERE u IS NULL",
        // What hangs on a generated column, and a cast that the catalog does not print.
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g bigint GENERATED ALWAYS AS (coalesce(u, 0)) STORED);"
                + " CREATE UNIQUE INDEX ON t ((g::text))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g bigint GENERATED ALWAYS AS (coalesce(u, 0)) STORED);"
                + " CREATE UNIQUE INDEX ON t (k) WHERE g = 0",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g bigint GENERATED ALWAYS AS (coalesce(u, 0)) STORED);"
                + " CREATE INDEX ON t ((10 / g))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g varchar(3) GENERATED ALWAYS AS (coalesce(u::text, 'none')) STORED)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g smallint GENERATED ALWAYS AS (coalesce(u, 99999)) STORED)",
        // Whatever a row's CHECKs are about, they are asked again when it changes, and this one is about the time.
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, d timestamptz DEFAULT clock_timestamp(), CHECK (d > now()))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, d timestamptz DEFAULT clock_timestamp()) PARTITION BY LIST (k);"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2); ALTER TABLE t_1 ADD CHECK (d > now())",
        // This one is about rows that go.
        "CREATE FUNCTION there(x bigint) RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT AS"
                + " 'BEGIN RETURN EXISTS (SELECT FROM users WHERE id = x); END';"
                + " CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, CHECK (there(k)))",
        // And these, in an index and a partitioning by another column; a row that changes gets a new entry in each
        // index.
        BEYOND + "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t (u);"
                + " CREATE INDEX ON t (there(k))",
        BEYOND
                + "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t (u) WHERE there(k)",
        BEYOND + "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (k);"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2); CREATE INDEX ON t_1 (u); CREATE INDEX ON t_1 (there(k))",
        BEYOND + "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (there(k));"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (true)",
        // The key of the table above a partition that has the foreign key alone, by a function that is another one now.
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1; END';"
                + " CREATE TABLE t (u bigint, k int) PARTITION BY LIST (f(k)); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (0, 1, 2);"
                + " ALTER TABLE t_1 ADD FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL; INSERT INTO users VALUES (3); INSERT INTO t VALUES (3, 0);"
                + " CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN CASE $1 WHEN 0 THEN 9 ELSE $1 END; END'",
        "CREATE DOMAIN d AS int; CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t ((k::d));"
                + " CREATE INDEX ON t (u); INSERT INTO users VALUES (3); INSERT INTO t VALUES (3, 0); ALTER DOMAIN d ADD CHECK (VALUE > 0) NOT VALID",
        // In a generated column, which is worked out again where a trigger may have changed what it is made of.
        BEYOND + "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.at = now(); RETURN NEW; END';"
                + " CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, at timestamptz,"
                + " g boolean GENERATED ALWAYS AS (there(k)) STORED, id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);"
                + " CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch()",
        "CREATE DOMAIN d AS bigint NOT NULL; CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int,"
                + " g bigint GENERATED ALWAYS AS ((u::d)::bigint) STORED)",
        // A domain of a domain.
        "CREATE DOMAIN e AS bigint CHECK (VALUE IS NOT NULL); CREATE DOMAIN d AS e; CREATE TABLE t (u d REFERENCES users ON DELETE SET NULL, k int)",
        // A partition that has partitions.
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (k);"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2) PARTITION BY LIST (u); CREATE TABLE t_2 PARTITION OF t_1 FOR VALUES IN (1, 2)",
        // A partition that is stricter than the one from which the row comes.
        MOVING + "ALTER TABLE t_n ADD CHECK (k > 9)",
        MOVING + "CREATE UNIQUE INDEX ON t_n (k)",
        MOVING + "CREATE INDEX ON t_n ((10 / (k - 1)))",
        MOVING + "CREATE TABLE ks (k int PRIMARY KEY); ALTER TABLE t_n ADD FOREIGN KEY (k) REFERENCES ks",
        MOVING + "ALTER TABLE t_n ALTER k SET NOT NULL; INSERT INTO users VALUES (3); INSERT INTO t_1 VALUES (2, NULL)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, CHECK (ARRAY[u] <@ ARRAY[1, 2]::bigint[]))",
        "ALTER TABLE users ALTER id TYPE int; CREATE TABLE t (u int REFERENCES users ON DELETE SET NULL, k int, CHECK (greatest(0, u) > 0))",
        // Of an array an operator makes something of NULL; and a name in which a text seems to begin.
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, a bigint[] DEFAULT '{7}',"
                + " CHECK ((a || u) IN ('{7,1}', '{7,2}')))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, \"d'\" timestamptz DEFAULT clock_timestamp(), \"e'\" int DEFAULT 0,"
                + " CHECK (\"d'\" >= now() OR \"e'\" > 0))",
        // Another value, of which something is worked out.
        "INSERT INTO users VALUES (0); CREATE TABLE t (u bigint DEFAULT 0 REFERENCES users ON DELETE SET DEFAULT, k int); CREATE INDEX ON t ((10 / u))",
        "INSERT INTO users VALUES (0); CREATE TABLE t (u bigint DEFAULT 0 REFERENCES users ON DELETE SET DEFAULT, k int);"
                + " CREATE INDEX ON t ((10 / (k - 1))) WHERE u < 1"
    };

    private static final String[] HARMLESS = {
        "CREATE FUNCTION fine(x text) RETURNS boolean LANGUAGE plpgsql AS"
                + " 'BEGIN RETURN x IS DISTINCT FROM ''a'' OR EXTRACT(year FROM DATE ''2001-01-01'') > 2000; END';"
                + " CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, e text CHECK (fine(e)))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, d date CHECK (d <= CURRENT_DATE),"
                + " e timestamptz CHECK (now() >= e), y int CHECK (y <= EXTRACT(year FROM CURRENT_DATE)))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE UNIQUE INDEX odd ON t (u, k)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE UNIQUE INDEX odd ON t (u, coalesce(k, 0)) WHERE k > 0",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE UNIQUE INDEX odd ON t (k) WHERE u IS NOT NULL",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (u);"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, NULL, 2)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY RANGE (u); CREATE TABLE t_1 PARTITION OF t DEFAULT",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, e text CHECK (e ~ '^a.*b$'))",
        "CREATE DOMAIN d AS bigint CHECK (VALUE > 0); CREATE TABLE t (u d REFERENCES users ON DELETE SET NULL, k int)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g bigint GENERATED ALWAYS AS (u + 1) STORED)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t ((u / 2), (k + 1));"
                + " CREATE INDEX ON t (coalesce(u, 0), lower(coalesce(u::text, 'none') || 'x')) WHERE u IS NULL OR k > 0;"
                + " CREATE INDEX ON t ((CASE WHEN u IS NULL THEN 'none' ELSE 'some' END)) WHERE u IS DISTINCT FROM 5; CREATE INDEX ON t ((10 / k))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int); CREATE INDEX ON t ((10 / k)) WHERE u IS NOT NULL",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, CHECK (u IN (1, 2) OR k = ANY (ARRAY[1, 2])))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g varchar(9) GENERATED ALWAYS AS (u::text) STORED,"
                + " h numeric GENERATED ALWAYS AS (coalesce(u, 0)) STORED)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST ((u % 2));"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (0, 1, NULL)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST ((u > 0 OR k > 9));"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (true, NULL)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY HASH (u);"
                + " CREATE TABLE t_1 PARTITION OF t FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
                + " CREATE TABLE t_2 PARTITION OF t FOR VALUES WITH (MODULUS 4, REMAINDER 1);"
                + " CREATE TABLE t_3 PARTITION OF t FOR VALUES WITH (MODULUS 4, REMAINDER 3)",
        // Functions of somebody's that look at their arguments alone.
        "CREATE FUNCTION plain(x text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(trim(both from x))';"
                + " CREATE FUNCTION fine(x int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN x > 0; END';"
                + " CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, e text DEFAULT 'A ');"
                + " CREATE INDEX ON t (plain(e)); CREATE UNIQUE INDEX ON t (plain(e), u) WHERE fine(k); CREATE INDEX ON t (u)",
        // An index over what is generated, and a calculation that no value makes fail.
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, g boolean GENERATED ALWAYS AS (u IS NOT NULL) STORED,"
                + " j jsonb DEFAULT '{}', id serial PRIMARY KEY); CREATE INDEX ON t (k) WHERE g; CREATE INDEX ON t (coalesce(g, false));"
                + " CREATE INDEX ON t ((j ->> 'a')) WHERE u IS NULL; CREATE INDEX ON t ((j -> 'a')) WHERE g",
        // Indexes whose entries are new, and short.
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int, tags varchar(20)[] DEFAULT '{a}', n numeric DEFAULT 1.5,"
                + " g text GENERATED ALWAYS AS (coalesce(u::text, 'none')) STORED); CREATE INDEX ON t (tags, n) WHERE u IS NULL;"
                + " CREATE INDEX ON t (g); CREATE INDEX ON t (coalesce(u::text, g))",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (k); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2);"
                + " CREATE INDEX ON t_1 (coalesce(u, 0)) WHERE k > 0",
        "CREATE TABLE t (u bigint, k int, FOREIGN KEY (u, k) REFERENCES users (id, code) MATCH FULL ON DELETE SET NULL)",
        "CREATE TABLE t (u bigint, k int, FOREIGN KEY (u, k) REFERENCES users (id, code) ON DELETE SET NULL,"
                + " FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL)",
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (u);" + PARTS,
        "CREATE TABLE t (u bigint REFERENCES users ON DELETE SET NULL, k int) PARTITION BY LIST (k); CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2)"
    };

    private final TestServer server;

    SetNullRefusedTest(TestServer server) {
        this.server = server;
    }

    @Test
    void noLookSaysThatItSucceeds() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server)) {
            for (int i = 0; i < REFUSING.length; i++) {
                Case each = new Case(contract, "c" + i, REFUSING[i]);
                CascadeCleanup cleanup = each.cleanup();
                Verification verification = cleanup.verify();
                assertThat(verification.result()).as(each.sql).isEqualTo(Result.NO);
                assertThat(verification.refusing()).as(each.sql).hasSize(1);
                assertThat(cleanup.plan().open()).as(each.sql).hasSize(1);
                assertThat(cleanup.preview(each.people()).verdict())
                        .as(each.sql)
                        .isIn(PreviewVerdict.REFUSED, PreviewVerdict.NOT_SEEN);
                assertThat(cleanup.prove().verdict())
                        .as(each.sql)
                        .isIn(ProofReport.Verdict.REFUSED, ProofReport.Verdict.INCOMPLETE);
                assertThatThrownBy(each::delete).as(each.sql).isInstanceOf(SQLException.class);
                each.drop();
            }
        }
    }

    /** The proof may make no row that fits the constraints. */
    @Test
    void noFalseAlarm() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server)) {
            for (int i = 0; i < HARMLESS.length; i++) {
                Case each = new Case(contract, "c" + i, HARMLESS[i]);
                CascadeCleanup cleanup = each.cleanup();
                assertThat(cleanup.verify().result()).as(each.sql).isEqualTo(Result.YES);
                assertThat(cleanup.preview(each.people()).verdict())
                        .as(each.sql)
                        .isEqualTo(PreviewVerdict.SUCCEEDS);
                assertThat(cleanup.prove().verdict())
                        .as(each.sql)
                        .isIn(ProofReport.Verdict.PASSED, ProofReport.Verdict.INCOMPLETE);
                each.delete();
                each.drop();
            }
        }
    }

    /** One of the tables, with the people, in a schema of its own. */
    private static final class Case {

        private final CascadeContract contract;
        private final String schema;
        private final String sql;

        Case(CascadeContract contract, String schema, String sql) throws SQLException {
            this.contract = contract;
            this.schema = schema;
            this.sql = sql;
            execute(
                    "CREATE SCHEMA " + schema,
                    "CREATE TABLE users (id bigint PRIMARY KEY, code int NOT NULL DEFAULT 1, UNIQUE (id, code))",
                    "INSERT INTO users VALUES (1), (2)",
                    sql,
                    "INSERT INTO t VALUES (1, 1), (2, " + (sql.contains("IS NOT NULL") ? 2 : 1) + ")");
        }

        private void execute(String... statements) throws SQLException {
            contract.execute("SET search_path = " + schema + ";" + String.join(";", statements));
        }

        CascadeCleanup cleanup() {
            return CascadeCleanup.of(contract.database().warmDataSource())
                    .withOptions(CascadeOptions.defaults().toBuilder()
                            .parent(schema + ".users")
                            .scope(CascadeOptions.Scope.CLOSURE)
                            .keepSetNull(true)
                            .build());
        }

        String[] people() throws SQLException {
            return contract.database().rows("SELECT id FROM " + schema + ".users WHERE id > 0").stream()
                    .map(row -> row.get(0).toString())
                    .toArray(String[]::new);
        }

        void delete() throws SQLException {
            execute("DELETE FROM users WHERE id > 0");
        }

        /** Else each look reads the tables of all cases before. */
        void drop() throws SQLException {
            contract.execute("DROP SCHEMA " + schema + " CASCADE");
        }
    }
}
