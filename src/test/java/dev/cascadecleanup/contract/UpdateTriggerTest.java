package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeAssertions;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.Verification.Result;
import dev.cascadecleanup.plan.Interceptor;
import dev.cascadecleanup.preview.PreviewVerdict;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A row that loses its reference is updated, and the triggers and rules of an update can refuse that or undo it. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class UpdateTriggerTest {

    private static final String COLUMNS =
            "id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL, updated_at timestamptz,"
                    + " version int NOT NULL DEFAULT 1, created_at timestamptz DEFAULT now(), name text, search tsvector";
    private static final String TOUCH = "NEW.updated_at = now(); RETURN NEW;";
    private static final String BEFORE = "BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()";

    /** Columns beyond the usual ones, the function's body, the trigger. */
    private record Case(String name, String more, String body, String trigger) {

        Case(String name, String body, String trigger) {
            this(name, "", body, trigger);
        }

        String table() {
            return "CREATE TABLE t_" + name + " (" + COLUMNS + more + ")";
        }

        List<String> code() {
            return List.of(
                    "CREATE FUNCTION f_" + name + "() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN "
                            + body.replace("t.", "t_" + name + ".") + " END $f$",
                    "CREATE TRIGGER " + name + " "
                            + trigger.replace(" t ", " t_" + name + " ").replace(" f()", " f_" + name + "()"));
        }
    }

    /** None of these can keep the row from losing its reference. */
    private static final List<Case> HARMLESS = List.of(
            new Case("touch", TOUCH, BEFORE),
            new Case("touch_insert_too", TOUCH, BEFORE.replace("UPDATE", "INSERT OR UPDATE")),
            new Case("count", "NEW.version := OLD.version + 1; " + TOUCH, BEFORE),
            new Case("restore", "NEW.created_at := OLD.created_at; RETURN NEW;", BEFORE),
            new Case("changed", TOUCH, BEFORE.replace(" EXECUTE", " WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE")),
            new Case(
                    "if_changed",
                    "IF NEW IS DISTINCT FROM OLD THEN NEW.updated_at := now(); END IF; RETURN NEW;",
                    BEFORE),
            new Case("of_other", "RAISE EXCEPTION 'name';", BEFORE.replace("UPDATE", "UPDATE OF name, version")),
            new Case("of_other_after", "RAISE 'name';", BEFORE.replace("BEFORE UPDATE", "AFTER UPDATE OF name")),
            new Case("insert_only", "RAISE NOTICE 'insert'; RETURN NEW;", BEFORE.replace("UPDATE", "INSERT")),
            new Case("indexed", TOUCH, BEFORE),
            new Case("suppress", TOUCH, BEFORE.replace("f()", "pg_catalog.suppress_redundant_updates_trigger()")),
            new Case(
                    "words",
                    TOUCH,
                    BEFORE.replace("f()", "tsvector_update_trigger('search', 'pg_catalog.simple', 'name')")));

    /** Some of these refuse or swallow, and of the others nobody can know. */
    private static final List<Case> NOT_SEEN = List.of(
            new Case("raise", "RAISE EXCEPTION 'read only';", BEFORE),
            new Case("swallow", "RETURN NULL;", BEFORE),
            new Case("undo", "RETURN OLD;", BEFORE),
            new Case("put_back", "NEW.user_id := OLD.user_id; RETURN NEW;", BEFORE),
            new Case("of_column", "RAISE 'no';", BEFORE.replace("UPDATE", "UPDATE OF user_id")),
            new Case("after_row", "RAISE 'no';", BEFORE.replace("BEFORE", "AFTER")),
            new Case(
                    "after_statement",
                    "RAISE 'no';",
                    BEFORE.replace("BEFORE", "AFTER").replace("FOR EACH ROW", "FOR EACH STATEMENT")),
            new Case("audit", "INSERT INTO log VALUES (1); RETURN NEW;", BEFORE.replace("BEFORE", "AFTER")),
            new Case("condition", TOUCH, BEFORE.replace(" EXECUTE", " WHEN (1 / NEW.version > 0) EXECUTE")),
            new Case("checked", ", CHECK (updated_at IS NULL)", TOUCH, BEFORE),
            new Case("only_one", ", UNIQUE (version)", "NEW.version := OLD.version + 1; RETURN NEW;", BEFORE),
            new Case("small", ", small smallint", "NEW.small := OLD.small + 1; RETURN NEW;", BEFORE),
            new Case("no_column", "NEW.modified := now(); RETURN NEW;", BEFORE),
            new Case("as_text", ", seen varchar(3)", "NEW.seen := now(); RETURN NEW;", BEFORE),
            new Case(
                    "incomparable",
                    ", document json",
                    "IF NEW IS DISTINCT FROM OLD THEN NEW.updated_at := now(); END IF; RETURN NEW;",
                    BEFORE));

    private final TestServer server;

    UpdateTriggerTest(TestServer server) {
        this.server = server;
    }

    @Test
    void whatCannotInterfereIsNoFalseAlarm() throws Exception {
        try (CascadeContract contract = on(HARMLESS)) {
            contract.execute("CREATE INDEX ON t_indexed (updated_at)", "INSERT INTO users VALUES (1)");
            for (Case each : HARMLESS) {
                contract.execute("INSERT INTO t_" + each.name + " (id, user_id) VALUES (1, 1)");
            }
            CascadeCleanup cleanup = cleanup(contract);
            assertThat(cleanup.verify().interceptors()).isEmpty();
            assertThat(cleanup.verify().result()).isEqualTo(Result.YES);
            CascadeAssertions.assertDeletesCascade(contract.configuration());
            assertThat(cleanup.preview("1").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);

            contract.execute("DELETE FROM users");
            for (Case each : HARMLESS) {
                assertThat(contract.database().<Long>value("SELECT user_id FROM t_" + each.name))
                        .as(each.name)
                        .isNull();
            }
        }
    }

    @Test
    void whatCanInterfereIsNotSeenUntilSomebodyAcceptsIt() throws Exception {
        try (CascadeContract contract = on(NOT_SEEN)) {
            Set<String> names = new TreeSet<>();
            NOT_SEEN.forEach(each -> names.add(each.name));
            CascadeCleanup cleanup = cleanup(contract);
            assertThat(cleanup.verify().interceptors())
                    .extracting(Interceptor::name)
                    .containsExactlyInAnyOrderElementsOf(names);
            assertThat(cleanup.verify().result()).isEqualTo(Result.NOT_SEEN);
            assertThat(cleanup.verify().interceptors().toString())
                    .contains(
                            "t_after_row.after_row: trigger AFTER UPDATE FOR EACH ROW, function f_after_row, which runs when user_id is set null",
                            "then name t_after_row.after_row in cascade_accept");
            assertThatThrownBy(() -> CascadeAssertions.assertDeletesCascade(contract.configuration()))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("t_swallow.swallow");

            contract.with(
                    "cascade_accept", String.join(",", cleanup.plan().advice().accept()));
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);
            assertThat(cleanup(contract).verify().summary()).contains("accepted by you, not judged");
        }
    }

    /** A rule that replaces the update makes the delete fail: the server says that it gave an unexpected result. */
    @Test
    void rules() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE t (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL)",
                "CREATE RULE beside AS ON UPDATE TO t DO ALSO NOTHING")) {
            contract.with("cascade_scope", "closure")
                    .with("cascade_keep_set_null", "true")
                    .migrate();
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.NOT_SEEN);
            contract.execute("CREATE RULE instead AS ON UPDATE TO t DO INSTEAD NOTHING");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.NO);
            contract.execute("INSERT INTO users VALUES (1)", "INSERT INTO t VALUES (1, 1)");
            assertThatThrownBy(() -> contract.execute("DELETE FROM users WHERE id = 1"))
                    .hasMessageContaining("unexpected result");
        }
    }

    /** What makes each delete or update of a table fail, whatever its rows: nobody can accept that. */
    @Test
    void whatFailsForCertain() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE gone (user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, note text)",
                "CREATE TABLE stays (user_id bigint REFERENCES users ON DELETE SET NULL, note text)")) {
            contract.with("cascade_scope", "closure").with("cascade_keep_set_null", "true");
            String owner = contract.database().createRole("owner");
            contract.execute(
                    "REVOKE USAGE ON SCHEMA public FROM PUBLIC",
                    "GRANT USAGE ON SCHEMA public TO " + owner,
                    "ALTER TABLE gone OWNER TO " + owner,
                    "ALTER TABLE stays OWNER TO " + owner,
                    "INSERT INTO users VALUES (1), (2)",
                    "INSERT INTO gone VALUES (1)",
                    "INSERT INTO stays VALUES (2)");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);
            List<String> obstacles = List.of(
                    "REVOKE DELETE ON gone FROM " + owner,
                    "GRANT DELETE ON gone TO " + owner,
                    "REVOKE UPDATE ON stays FROM " + owner,
                    "GRANT UPDATE ON stays TO " + owner,
                    "REVOKE UPDATE ON stays FROM " + owner + "; GRANT UPDATE (note) ON stays TO " + owner,
                    "GRANT UPDATE ON stays TO " + owner,
                    "REVOKE SELECT ON gone FROM " + owner,
                    "GRANT SELECT ON gone TO " + owner,
                    "REVOKE SELECT ON gone FROM " + owner + "; GRANT SELECT (note) ON gone TO " + owner,
                    "GRANT SELECT ON gone TO " + owner,
                    "REVOKE USAGE ON SCHEMA public FROM " + owner,
                    "GRANT USAGE ON SCHEMA public TO " + owner,
                    "CREATE PUBLICATION p FOR TABLE gone",
                    "DROP PUBLICATION p",
                    "CREATE PUBLICATION p FOR TABLE stays WITH (publish = 'update')",
                    "DROP PUBLICATION p");
            for (int i = 0; i < obstacles.size(); i += 2) {
                contract.execute(obstacles.get(i));
                assertThat(cleanup(contract).verify().result())
                        .as(obstacles.get(i))
                        .isEqualTo(Result.NO);
                assertThatThrownBy(() -> CascadeAssertions.assertDeletesCascade(contract.configuration()))
                        .as(obstacles.get(i))
                        .isInstanceOf(AssertionError.class);
                assertThat(cleanup(contract).preview("1", "2").verdict())
                        .as(obstacles.get(i))
                        .isIn(PreviewVerdict.REFUSED, PreviewVerdict.NOT_SEEN);
                assertThat(cleanup(contract).prove().passed())
                        .as(obstacles.get(i))
                        .isFalse();
                assertThatThrownBy(() -> contract.execute("DELETE FROM users"))
                        .as(obstacles.get(i))
                        .isInstanceOf(SQLException.class);
                contract.execute(obstacles.get(i + 1));
            }
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);
            assertThat(cleanup(contract).preview("1", "2").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
            contract.execute("DELETE FROM users");
            contract.execute("DROP TABLE gone, stays", "REVOKE USAGE ON SCHEMA public FROM " + owner);
        }
    }

    /** It is updated with what it is generated from. */
    @Test
    void aTriggerOfAGeneratedColumn() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE stays (user_id bigint REFERENCES users ON DELETE SET NULL,"
                        + " twice bigint GENERATED ALWAYS AS (user_id * 2) STORED)",
                "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$",
                "CREATE TRIGGER no BEFORE UPDATE OF twice ON stays FOR EACH ROW EXECUTE FUNCTION no()",
                "INSERT INTO users VALUES (1)",
                "INSERT INTO stays VALUES (1)")) {
            contract.with("cascade_scope", "closure").with("cascade_keep_set_null", "true");
            assertThat(cleanup(contract).verify().result()).isNotEqualTo(Result.YES);
            assertThat(cleanup(contract).preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
            assertThatThrownBy(() -> contract.execute("DELETE FROM users")).hasMessageContaining("no");
        }
    }

    /** SET DEFAULT looks there, as the owner, whether the default is one of them. */
    @Test
    void anOwnerOfThePeopleThatMayNotLook() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE stays (user_id bigint DEFAULT 2 REFERENCES users ON DELETE SET DEFAULT)",
                "INSERT INTO users VALUES (1), (2)",
                "INSERT INTO stays VALUES (1)")) {
            String owner = contract.database().createRole("owner");
            assertThat(cleanup(contract).preview("1").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
            contract.execute("ALTER TABLE users OWNER TO " + owner, "REVOKE ALL ON users FROM " + owner);
            assertThat(cleanup(contract).preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
            assertThatThrownBy(() -> contract.execute("DELETE FROM users WHERE id = 1"))
                    .hasMessageContaining("permission denied for table users");
            contract.execute("DROP TABLE stays, users");
        }
    }

    /** A statement on the parent is one on it, too. */
    @Test
    void anInheritanceChildThatIsAForeignTable() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE gone (user_id bigint REFERENCES users ON DELETE CASCADE)",
                "INSERT INTO users VALUES (1)")) {
            contract.with("cascade_scope", "closure");
            contract.execute(
                    "CREATE FOREIGN DATA WRAPPER nothing",
                    "CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing",
                    "CREATE FOREIGN TABLE far () INHERITS (users) SERVER nowhere");
            assertThat(cleanup(contract).verify().result()).isNotEqualTo(Result.YES);
            assertThatThrownBy(() -> contract.execute("DELETE FROM users WHERE id = 1"))
                    .isInstanceOf(SQLException.class);
        }
    }

    /** Such a session deletes the person alone. */
    @Test
    void aSessionOfReplication() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE gone (user_id bigint REFERENCES users ON DELETE CASCADE)")) {
            contract.with("cascade_scope", "closure");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);
            contract.execute(
                    "ALTER DATABASE " + contract.database().name() + " SET session_replication_role = replica");
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.NOT_SEEN);
            assertThat(cleanup(contract).verify().toString()).contains("session_replication_role");
        }
    }

    /** Else nobody could be deleted afterwards. */
    @Test
    void setNullIntoAPublicationThatRefuses() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE stays (user_id bigint REFERENCES users)",
                "CREATE PUBLICATION p FOR TABLE stays WITH (publish = 'insert, update')")) {
            contract.with("cascade_set_null", "stays.user_id");
            assertThat(contract.migrateRefused())
                    .contains("no replica identity", "leave stays.stays_user_id_fkey out of cascade_set_null");
            contract.execute("ALTER TABLE stays REPLICA IDENTITY FULL");
            contract.migrate();
            contract.execute("INSERT INTO users VALUES (1)", "INSERT INTO stays VALUES (1)", "DELETE FROM users");
        }
    }

    /** What a publication filters by, or leaves out, has to keep to the replica identity, which a deferrable key is none. */
    @Test
    void publicationsThatRefuse() throws Exception {
        server.assumeMajorAtLeast(15);
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE gone (id int PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, status text)",
                "CREATE TABLE later (id int PRIMARY KEY DEFERRABLE, user_id bigint REFERENCES users ON DELETE CASCADE)",
                "INSERT INTO users VALUES (1)",
                "INSERT INTO gone VALUES (1, 1, 'a')",
                "INSERT INTO later VALUES (1, 1)")) {
            contract.with("cascade_scope", "closure");
            for (String publication :
                    List.of("gone WHERE (id > 0)", "gone (id, status)", "gone (id, status) WHERE (id > 0)")) {
                contract.execute("CREATE PUBLICATION p FOR TABLE " + publication);
                assertThat(cleanup(contract).verify().result()).as(publication).isEqualTo(Result.YES);
                contract.execute("BEGIN; DELETE FROM users; ROLLBACK", "DROP PUBLICATION p");
            }
            for (String publication : List.of(
                    "gone WHERE (status = 'a')", "gone (user_id)", "gone (id, status) WHERE (status = 'a')", "later")) {
                contract.execute("CREATE PUBLICATION p FOR TABLE " + publication);
                assertThat(cleanup(contract).verify().result())
                        .as(publication)
                        .isEqualTo(publication.equals("later") ? Result.NO : Result.NOT_SEEN);
                assertThat(cleanup(contract).preview("1").verdict())
                        .as(publication)
                        .isIn(PreviewVerdict.NOT_SEEN, PreviewVerdict.REFUSED);
                assertThatThrownBy(() -> contract.execute("DELETE FROM users"))
                        .as(publication)
                        .isInstanceOf(SQLException.class);
                contract.execute("DROP PUBLICATION p");
            }
        }
    }

    /** A replica identity is published whole, or the server refuses; a generated column is not, unless the publication says so. */
    @Test
    void publicationsWithoutTheGeneratedColumnOfAnIdentity() throws Exception {
        server.assumeMajorAtLeast(18);
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE whole (id int PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE,"
                        + " twice int GENERATED ALWAYS AS (id * 2) STORED)",
                "ALTER TABLE whole REPLICA IDENTITY FULL",
                "CREATE TABLE indexed (id int PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE,"
                        + " twice int GENERATED ALWAYS AS (id * 2) STORED NOT NULL UNIQUE)",
                "ALTER TABLE indexed REPLICA IDENTITY USING INDEX indexed_twice_key",
                "CREATE TABLE virtual (id int PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE,"
                        + " twice int GENERATED ALWAYS AS (id * 2) VIRTUAL)",
                "ALTER TABLE virtual REPLICA IDENTITY FULL",
                "CREATE TABLE parts (id int, user_id bigint REFERENCES users ON DELETE CASCADE,"
                        + " twice int GENERATED ALWAYS AS (id * 2) STORED) PARTITION BY RANGE (id)",
                "CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (100)",
                "ALTER TABLE part REPLICA IDENTITY FULL",
                "INSERT INTO users VALUES (1)")) {
            contract.with("cascade_scope", "closure");
            for (String publication : List.of(
                    "FOR TABLE whole",
                    "FOR TABLE indexed",
                    "FOR TABLE virtual WITH (publish_generated_columns = stored)",
                    "FOR TABLE parts",
                    "FOR TABLES IN SCHEMA public",
                    "FOR ALL TABLES")) {
                contract.execute("CREATE PUBLICATION p " + publication);
                assertThat(cleanup(contract).verify().result()).as(publication).isEqualTo(Result.NOT_SEEN);
                assertThat(cleanup(contract).preview("1").verdict())
                        .as(publication)
                        .isEqualTo(PreviewVerdict.NOT_SEEN);
                assertThatThrownBy(() -> contract.execute("DELETE FROM users"))
                        .as(publication)
                        .hasMessageContaining("cannot delete from table");
                contract.execute("DROP PUBLICATION p");
            }
            for (String publication : List.of(
                    "FOR TABLE whole, indexed, parts WITH (publish_generated_columns = stored)",
                    "FOR TABLE indexed (id, twice)")) {
                contract.execute("CREATE PUBLICATION p " + publication);
                assertThat(cleanup(contract).verify().result()).as(publication).isEqualTo(Result.YES);
                assertThat(cleanup(contract).preview("1").verdict())
                        .as(publication)
                        .isEqualTo(PreviewVerdict.SUCCEEDS);
                contract.execute("BEGIN; DELETE FROM users; ROLLBACK", "DROP PUBLICATION p");
            }
        }
    }

    /** A kept foreign key that refuses looks for rows, too, and has to be allowed to. */
    @Test
    void anOwnerThatMayNotLook() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,"
                        + " UNIQUE (id, user_id))",
                "CREATE TABLE notes (user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE, post_id bigint NOT NULL,"
                        + " FOREIGN KEY (post_id, user_id) REFERENCES posts (id, user_id), note text)",
                "INSERT INTO users VALUES (1)")) {
            contract.with("cascade_scope", "closure").with("cascade_closure", "notes.notes_post_id_user_id_fkey=defer");
            contract.migrate();
            String owner = contract.database().createRole("owner");
            contract.execute(
                    "ALTER TABLE notes OWNER TO " + owner,
                    "INSERT INTO posts VALUES (1, 1)",
                    "REVOKE UPDATE ON notes FROM " + owner);
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.NO);
            assertThat(cleanup(contract).preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
            assertThatThrownBy(() -> contract.execute("DELETE FROM users")).hasMessageContaining("permission denied");
            contract.execute("GRANT UPDATE (note) ON notes TO " + owner);
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.YES);
            assertThat(cleanup(contract).preview("1").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
            contract.execute("REVOKE SELECT ON notes FROM " + owner, "GRANT SELECT (user_id) ON notes TO " + owner);
            assertThat(cleanup(contract).verify().result()).isEqualTo(Result.NO);
            assertThat(cleanup(contract).preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
            assertThatThrownBy(() -> contract.execute("DELETE FROM users")).hasMessageContaining("permission denied");
            contract.execute("DROP TABLE notes");
        }
    }

    /** What a row that loses its reference is compared with is worked out as the table's owner. */
    @Test
    void functionsThatAnOwnerMayNotExecute() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE FUNCTION fine(bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN true; END'",
                "CREATE TABLE stays (user_id bigint REFERENCES users ON DELETE SET NULL, n bigint)",
                "INSERT INTO users VALUES (1), (2)",
                "INSERT INTO stays VALUES (1, 1)")) {
            contract.with("cascade_scope", "closure").with("cascade_keep_set_null", "true");
            String owner = contract.database().createRole("owner");
            contract.execute("ALTER TABLE stays OWNER TO " + owner);
            for (String part : List.of(
                    "ALTER TABLE stays ADD CONSTRAINT c CHECK (fine(n))",
                    "CREATE INDEX ON stays (fine(n), user_id)",
                    "ALTER TABLE stays ADD f boolean GENERATED ALWAYS AS (fine(user_id)) STORED",
                    // Where a trigger may have changed what it is made of, it is worked out again whatever is set.
                    "ALTER TABLE stays DROP f, ADD g boolean GENERATED ALWAYS AS (fine(n)) STORED;"
                            + " CREATE TRIGGER redundant BEFORE UPDATE ON stays FOR EACH ROW"
                            + " EXECUTE FUNCTION suppress_redundant_updates_trigger()")) {
                contract.execute("GRANT EXECUTE ON FUNCTION fine(bigint) TO PUBLIC", part);
                contract.execute("BEGIN; DELETE FROM users WHERE id = 1; ROLLBACK");
                contract.execute("REVOKE EXECUTE ON FUNCTION fine(bigint) FROM PUBLIC");
                assertThat(cleanup(contract).verify().result()).as(part).isNotEqualTo(Result.YES);
                assertThat(cleanup(contract).preview("1").verdict()).as(part).isEqualTo(PreviewVerdict.NOT_SEEN);
                assertThatThrownBy(() -> contract.execute("DELETE FROM users WHERE id = 1"))
                        .as(part)
                        .hasMessageContaining("permission denied for function");
                contract.execute(
                        "ALTER TABLE stays DROP CONSTRAINT IF EXISTS c; DROP INDEX IF EXISTS stays_fine_user_id_idx");
            }
            contract.execute("DROP TABLE stays");
        }
    }

    /** The catalog does not record what depends on the server's own. */
    @Test
    void functionsOfTheServerThatAnOwnerMayNotExecute() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE stays (user_id bigint REFERENCES users ON DELETE SET NULL, n text)",
                "INSERT INTO users VALUES (1), (2)",
                "INSERT INTO stays VALUES (1, 'a')",
                "REVOKE EXECUTE ON FUNCTION pg_catalog.md5(text) FROM PUBLIC")) {
            contract.with("cascade_scope", "closure").with("cascade_keep_set_null", "true");
            String owner = contract.database().createRole("owner");
            contract.execute("ALTER TABLE stays OWNER TO " + owner);
            for (String part : List.of(
                    "ALTER TABLE stays ADD CONSTRAINT c CHECK (md5(n) <> 'x')",
                    "CREATE INDEX c ON stays (md5(n), user_id)",
                    "ALTER TABLE stays ADD c text GENERATED ALWAYS AS (md5(n || coalesce(user_id::text, ''))) STORED")) {
                contract.execute("GRANT EXECUTE ON FUNCTION pg_catalog.md5(text) TO " + owner, part);
                assertThat(cleanup(contract).verify().result()).as(part).isEqualTo(Result.YES);
                assertThat(cleanup(contract).preview("1").verdict()).as(part).isEqualTo(PreviewVerdict.SUCCEEDS);
                contract.execute(
                        "BEGIN; DELETE FROM users WHERE id = 1; ROLLBACK",
                        "REVOKE EXECUTE ON FUNCTION pg_catalog.md5(text) FROM " + owner);
                assertThat(cleanup(contract).verify().result()).as(part).isNotEqualTo(Result.YES);
                assertThat(cleanup(contract).preview("1").verdict()).as(part).isEqualTo(PreviewVerdict.NOT_SEEN);
                assertThatThrownBy(() -> contract.execute("DELETE FROM users WHERE id = 1"))
                        .as(part)
                        .hasMessageContaining("permission denied for function");
                contract.execute("ALTER TABLE stays DROP CONSTRAINT IF EXISTS c, DROP COLUMN IF EXISTS c;"
                        + " DROP INDEX IF EXISTS c");
            }
            contract.execute("DROP TABLE stays");
        }
    }

    private CascadeContract on(List<Case> cases) throws Exception {
        List<String> schema =
                new ArrayList<>(List.of("CREATE TABLE users (id bigint PRIMARY KEY)", "CREATE TABLE log (id int)"));
        cases.forEach(each -> schema.add(each.table()));
        CascadeContract contract = CascadeContract.on(server, schema.toArray(String[]::new));
        for (Case each : cases) {
            contract.execute(each.code().toArray(String[]::new));
        }
        contract.with("cascade_scope", "closure")
                .with("cascade_keep_set_null", "true")
                .migrate();
        return contract;
    }

    private static CascadeCleanup cleanup(CascadeContract contract) {
        return CascadeCleanup.of(contract.configuration());
    }
}
