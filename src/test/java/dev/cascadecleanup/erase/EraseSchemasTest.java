package dev.cascadecleanup.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.erase.EraseRun;
import dev.cascadecleanup.internal.erase.Foresight;
import dev.cascadecleanup.internal.preview.SchemaMemory;
import dev.cascadecleanup.internal.run.SystemConsole;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Schemas of PostgreSQL in which a delete does more than delete, or in which it is not plain what belongs to whom: the erasure ends where
 * the one DELETE ends, and says which tables it has left to it.
 */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class EraseSchemasTest {

    /** In steps down to the last row: a rest that would go in one step is one of the benchmark's. */
    private static final EraseOptions OPTIONS =
            EraseOptions.defaults().withDrainAbove(1).withStepGoal(Duration.ofMinutes(1));

    private final TestServer server;
    private TestDatabase database;

    EraseSchemasTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void create() throws Exception {
        database = server.createDatabase();
        database.execute(
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "INSERT INTO users SELECT n FROM generate_series(1, 3) AS s(n)");
    }

    @AfterEach
    void drop() throws Exception {
        database.close();
    }

    /** A table of six rows, of user 1 and 2 in turn. */
    private void child(String name, String more) throws SQLException {
        database.execute(
                "CREATE TABLE " + name
                        + " (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id) ON DELETE CASCADE" + more
                        + ")",
                "INSERT INTO " + name + " (id, user_id) SELECT n, 1 + n % 2 FROM generate_series(1, 6) AS s(n)");
    }

    private EraseReceipt erase() throws SQLException {
        return erase("users", OPTIONS);
    }

    /** Erases user 1, and compares with the DELETE in a copy of the database. */
    private EraseReceipt erase(String parent, EraseOptions options) throws SQLException {
        Set<String> expected;
        try (TestDatabase copy = server.createDatabaseFrom(database)) {
            copy.execute("DELETE FROM " + parent + " WHERE id = '1'");
            expected = contents(copy);
        }
        EraseReceipt receipt = CascadeCleanup.of(database.warmDataSource())
                .withOptions(
                        CascadeOptions.defaults().toBuilder().parent(parent).build())
                .erase("1", options);
        assertThat(contents(database)).isEqualTo(expected);
        return receipt;
    }

    /** Whatever a preview would say, with the rights of this role. */
    private EraseReceipt goAhead(String role, String parent) throws SQLException {
        try (Connection connection = database.dataSource(role, role).getConnection()) {
            Catalog catalog = Catalogs.open(connection).orElseThrow();
            return new EraseRun(
                            connection,
                            null,
                            catalog,
                            catalog.server(),
                            "public",
                            CascadeOptions.defaults().toBuilder().parent(parent).build(),
                            OPTIONS,
                            new SystemConsole(EraseSchemasTest.class),
                            new SchemaMemory())
                    .withForesight(
                            key -> new Foresight.Outlook(Foresight.Verdict.SUCCEEDS, List.of(), Long.MAX_VALUE, null))
                    .erase("1");
        }
    }

    private static Set<String> contents(TestDatabase database) throws SQLException {
        Set<String> contents = new TreeSet<>();
        for (List<Object> table : database.rows(
                "SELECT c.oid::regclass::text, c.relname FROM pg_class c WHERE c.relkind = 'r' AND"
                        + " c.relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema'))")) {
            database.rows("SELECT t::text FROM ONLY " + table.get(0) + " AS t")
                    .forEach(row -> contents.add(table.get(0) + " " + row.get(0)));
        }
        return contents;
    }

    private static long drained(EraseReceipt receipt, String table) {
        return receipt.rows().stream()
                .filter(row -> row.table().name().equals(table))
                .mapToLong(EraseReceipt.Rows::drained)
                .sum();
    }

    @Test
    void tablesWithTriggersOrRulesAreLeftAlone() throws Exception {
        child("plain", "");
        child("watched", "");
        child("ruled", "");
        database.execute(
                "CREATE TABLE log (entry text)",
                "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log SELECT 'plain ' || count(*) FROM plain;"
                        + " RETURN OLD; END $$",
                "CREATE TRIGGER note AFTER DELETE ON watched FOR EACH ROW EXECUTE FUNCTION note()",
                "CREATE RULE also AS ON DELETE TO ruled DO ALSO INSERT INTO log VALUES ('ruled')");
        assertThatThrownBy(() -> CascadeCleanup.of(database.warmDataSource()).erase("1", OPTIONS))
                .isInstanceOfSatisfying(
                        EraseRefusedException.class, e -> assertThat(e.seen()).isFalse());
        EraseReceipt receipt =
                CascadeCleanup.of(database.warmDataSource()).erase("1", OPTIONS.withTriggersTrusted(true));
        assertThat(drained(receipt, "plain")).isEqualTo(3);
        assertThat(drained(receipt, "watched")).isZero();
        assertThat(drained(receipt, "ruled")).isZero();
        assertThat(receipt.leftToTheDelete())
                .anyMatch(line -> line.startsWith("watched: deletes on watched pass trigger note"))
                .anyMatch(line -> line.startsWith("ruled: deletes on ruled pass rule also"));
        assertThat(receipt.toString()).contains("not taken apart: watched: ");
    }

    @Test
    void aTriggerOnThePersonLeavesEverythingToTheDelete() throws Exception {
        child("plain", "");
        database.execute(
                "CREATE TABLE log (entry text)",
                "CREATE FUNCTION archive() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log SELECT id FROM plain"
                        + " WHERE user_id = OLD.id; RETURN OLD; END $$",
                "CREATE TRIGGER archive BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION archive()");
        EraseReceipt receipt = erase("users", OPTIONS.withTriggersTrusted(true));
        assertThat(receipt.steps()).isZero();
        assertThat(receipt.leftToTheDelete()).anyMatch(line -> line.contains("deletes on users pass trigger archive"));
    }

    @Test
    void aDeleteThatIsSwallowedIsNoErasure() throws Exception {
        child("plain", "");
        database.execute(
                "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
                "CREATE TRIGGER swallow BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION swallow()");
        Set<String> before = contents(database);
        for (EraseOptions options : List.of(OPTIONS.withTriggersTrusted(true), OPTIONS.withoutPreview())) {
            assertThatThrownBy(
                            () -> CascadeCleanup.of(database.warmDataSource()).erase("1", options))
                    .isInstanceOf(EraseRefusedException.class)
                    .hasMessageContaining("users still has the row after the DELETE");
            assertThat(contents(database)).isEqualTo(before);
        }
    }

    @Test
    void rowSecurityThatAppliesLeavesTheTableAlone() throws Exception {
        child("plain", "");
        child("secured", "");
        child("hidden", "");
        String role = database.createRole("eraser");
        database.execute(
                "CREATE TABLE below (id bigint PRIMARY KEY, plain_id bigint REFERENCES plain (id) ON DELETE CASCADE)",
                "INSERT INTO below SELECT id, id FROM plain",
                "ALTER TABLE secured ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE below ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY none ON secured USING (false)",
                "CREATE POLICY none ON below USING (false)",
                "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role);
        assertThatThrownBy(
                        () -> CascadeCleanup.of(database.dataSource(role, role)).erase("1", OPTIONS))
                .isInstanceOfSatisfying(
                        EraseRefusedException.class, e -> assertThat(e.seen()).isFalse());
        EraseReceipt receipt = goAhead(role, "users");
        assertThat(drained(receipt, "hidden")).isEqualTo(3);
        assertThat(drained(receipt, "plain")).isZero();
        assertThat(drained(receipt, "secured")).isZero();
        assertThat(receipt.leftToTheDelete())
                .anyMatch(line -> line.startsWith("secured: row-level security"))
                .anyMatch(line -> line.startsWith("plain: row-level security of below"));
        for (String table : List.of("plain", "secured", "hidden", "below")) {
            assertThat(database.<Long>value("SELECT count(*) FROM " + table))
                    .as(table)
                    .isEqualTo(3);
        }
    }

    @Test
    void aRoleThatMayOnlyDeletePeopleLeavesTheTablesToTheDelete() throws Exception {
        child("plain", "");
        String role = database.createRole("eraser");
        database.execute("GRANT SELECT, DELETE ON users TO " + role);
        EraseReceipt receipt = goAhead(role, "users");
        assertThat(receipt.steps()).isZero();
        assertThat(receipt.leftToTheDelete()).anyMatch(line -> line.startsWith("plain: this role may not do it"));
        assertThat(database.<Long>value("SELECT count(*) FROM plain")).isEqualTo(3);
    }

    /** Asked before the first step. */
    @Test
    void aRoleThatMayNotDeletePeopleDeletesNothing() throws Exception {
        child("plain", "");
        String role = database.createRole("eraser");
        database.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role, "REVOKE DELETE ON users FROM " + role);
        assertThatThrownBy(
                        () -> CascadeCleanup.of(database.dataSource(role, role)).erase("1", OPTIONS))
                .isInstanceOf(EraseRefusedException.class)
                .hasMessageContaining("permission denied");
        assertThat(database.<Long>value("SELECT count(*) FROM plain WHERE user_id = 1"))
                .isEqualTo(3);
    }

    @Test
    void partitionsOfTheTableAndOfThePerson() throws Exception {
        database.execute(
                "CREATE TABLE tenants (id bigint PRIMARY KEY) PARTITION BY HASH (id)",
                "CREATE TABLE tenants_0 PARTITION OF tenants FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE tenants_1 PARTITION OF tenants FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "INSERT INTO tenants SELECT n FROM generate_series(1, 4) AS s(n)",
                "CREATE TABLE events (id bigint, tenant_id bigint REFERENCES tenants (id) ON DELETE CASCADE, at int, PRIMARY KEY (id, at))"
                        + " PARTITION BY LIST (at)",
                "CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)",
                "CREATE TABLE events_x PARTITION OF events DEFAULT",
                "CREATE TABLE details (id bigint PRIMARY KEY, event_id bigint, at int, FOREIGN KEY (event_id, at) REFERENCES events (id, at)"
                        + " ON DELETE CASCADE)",
                "INSERT INTO events SELECT n, 1 + n % 3, n % 4 FROM generate_series(1, 60) AS s(n)",
                "INSERT INTO details SELECT id, id, at FROM events");
        EraseReceipt receipt = erase("tenants", OPTIONS);
        assertThat(drained(receipt, "events")).isEqualTo(20);
        assertThat(drained(receipt, "details")).isEqualTo(20);
        assertThat(receipt.rowsDeleted()).isEqualTo(41);
    }

    @Test
    void aForeignKeyOfOnePartitionIsNoWay() throws Exception {
        database.execute(
                "CREATE TABLE events (id bigint, user_id bigint, at int, PRIMARY KEY (id, at)) PARTITION BY LIST (at)",
                "CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1)",
                "CREATE TABLE events_x PARTITION OF events DEFAULT",
                "ALTER TABLE events_1 ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE",
                "INSERT INTO events SELECT n, 1 + n % 3, n % 4 FROM generate_series(1, 60) AS s(n)");
        assertThat(erase().steps()).isZero();
    }

    @Test
    void whatInheritsIsNotReferencing() throws Exception {
        child("plain", "");
        database.execute(
                "CREATE TABLE heirs () INHERITS (plain)",
                "INSERT INTO heirs SELECT n, 1 + n % 2 FROM generate_series(101, 106) AS s(n)",
                "CREATE TABLE young_users () INHERITS (users)",
                "INSERT INTO young_users VALUES (1), (7)");
        assertThatThrownBy(this::erase)
                .isInstanceOf(EraseRefusedException.class)
                .hasMessageContaining("rows of heirs (user_id)");
        Set<String> expected;
        try (TestDatabase copy = server.createDatabaseFrom(database)) {
            copy.execute("DELETE FROM users WHERE id = '1'");
            expected = contents(copy);
        }
        assertThat(drained(goAhead(database.user(), "users"), "plain")).isEqualTo(3);
        assertThat(contents(database)).isEqualTo(expected);
    }

    @Test
    void setNullOnTheColumnsOfTheWay() throws Exception {
        database.execute(
                "CREATE TABLE teams (id bigint, user_id bigint REFERENCES users (id) ON DELETE CASCADE, PRIMARY KEY (id), UNIQUE (id, user_id))",
                "INSERT INTO teams SELECT n, n FROM generate_series(1, 3) AS s(n)",
                "CREATE TABLE plain (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id) ON DELETE CASCADE, team_id bigint,"
                        + " FOREIGN KEY (team_id, user_id) REFERENCES teams (id, user_id) ON DELETE SET NULL)",
                "INSERT INTO plain SELECT n, n, n FROM generate_series(1, 3) AS s(n)");
        EraseReceipt receipt = erase();
        assertThat(drained(receipt, "plain")).isZero();
        assertThat(receipt.leftToTheDelete())
                .anyMatch(line -> line.startsWith("plain: the columns of ") && line.contains("may be set"));
    }

    @Test
    void comparesAsTheForeignKeyDoes() throws Exception {
        // Different types, and a collation in which 'A' and 'a' are one person.
        database.execute(
                "CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE TABLE names (id text COLLATE nocase PRIMARY KEY)",
                "INSERT INTO names VALUES ('1'), ('A'), ('b')",
                "CREATE TABLE aliases (id int PRIMARY KEY, name text COLLATE nocase REFERENCES names (id) ON DELETE CASCADE)",
                "INSERT INTO aliases VALUES (1, 'a'), (2, 'A'), (3, 'B')",
                "CREATE TABLE codes (id text COLLATE \"C\" PRIMARY KEY)",
                "INSERT INTO codes VALUES ('1'), ('a'), ('b')",
                "CREATE TABLE other_collation (id int PRIMARY KEY, code text COLLATE \"POSIX\" REFERENCES codes (id) ON DELETE CASCADE)",
                "INSERT INTO other_collation VALUES (1, '1'), (2, 'b')",
                "CREATE TABLE narrow (id int PRIMARY KEY, user_id smallint REFERENCES users (id) ON DELETE CASCADE)",
                "INSERT INTO narrow VALUES (1, 1), (2, 2)");
        EraseReceipt receipt = CascadeCleanup.of(database.warmDataSource())
                .withOptions(
                        CascadeOptions.defaults().toBuilder().parent("names").build())
                .erase("a", OPTIONS);
        assertThat(receipt.key()).isEqualTo("A");
        assertThat(drained(receipt, "aliases")).isEqualTo(2);
        assertThat(drained(goAhead(database.user(), "codes"), "other_collation"))
                .isZero();
        assertThat(database.<Long>value("SELECT count(*) FROM aliases")).isEqualTo(1);
        assertThat(database.<Long>value("SELECT count(*) FROM other_collation")).isEqualTo(1);
        assertThat(drained(erase(), "narrow")).isEqualTo(1);
    }

    @Test
    void plantedOperatorsAndFunctionsAreNotRun() throws Exception {
        child("plain", "");
        child("also", "");
        database.execute(
                "CREATE FUNCTION public.everything(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                "CREATE OPERATOR public.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = public.everything)",
                "CREATE FUNCTION public.count(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'",
                "CREATE FUNCTION public.unnest(oid[]) RETURNS SETOF oid LANGUAGE sql AS 'SELECT 1::oid'",
                "ALTER DATABASE " + database.name() + " SET search_path = public, pg_catalog");
        EraseReceipt receipt = CascadeCleanup.of(database.warmDataSource()).erase("1", OPTIONS);
        assertThat(receipt.rowsDeleted()).isEqualTo(7);
        for (String table : List.of("plain", "also")) {
            assertThat(database.<Long>value("SELECT pg_catalog.count(*) FROM " + table))
                    .isEqualTo(3);
        }
    }

    @Test
    void namesOfAllSorts() throws Exception {
        database.execute(
                "CREATE SCHEMA \"a?b\"\"c.d\"",
                "CREATE TABLE \"a?b\"\"c.d\".\"Us?'er\" (\"i?d\"\"\" bigint PRIMARY KEY)",
                "INSERT INTO \"a?b\"\"c.d\".\"Us?'er\" VALUES (1), (2)",
                "CREATE TABLE \"a?b\"\"c.d\".\"%s--\" (\"k?\" bigint PRIMARY KEY, \"u;'\" bigint, CONSTRAINT \"f?\"\"\" FOREIGN KEY (\"u;'\")"
                        + " REFERENCES \"a?b\"\"c.d\".\"Us?'er\" ON DELETE CASCADE)",
                "INSERT INTO \"a?b\"\"c.d\".\"%s--\" SELECT n, 1 + n % 2 FROM generate_series(1, 6) AS s(n)");
        EraseReceipt receipt = CascadeCleanup.of(database.warmDataSource())
                .withOptions(CascadeOptions.defaults().toBuilder()
                        .parent("\"a?b\"\"c.d\".\"Us?'er\"")
                        .build())
                .erase("1", OPTIONS);
        assertThat(drained(receipt, "%s--")).isEqualTo(3);
        assertThat(database.<Long>value("SELECT count(*) FROM \"a?b\"\"c.d\".\"%s--\""))
                .isEqualTo(3);
        assertThat(receipt.toString()).contains("%s--");
    }

    @Test
    void aStepThatWouldTakeTooLongLeavesTheTableToTheDelete() throws Exception {
        child("plain", "");
        database.execute(
                "CREATE TABLE slow (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id) ON DELETE CASCADE, x bigint)",
                "INSERT INTO slow SELECT n, 1, 0 FROM generate_series(1, 50) AS s(n)");
        try (Connection writer = database.connect()) {
            writer.setAutoCommit(false);
            try (Statement statement = writer.createStatement()) {
                statement.execute("UPDATE slow SET x = 1 WHERE id = 25");
            }
            EraseOptions hasty = OPTIONS.withLockTimeout(Duration.ofMillis(5)).withMaxWait(Duration.ofMillis(50));
            assertThatThrownBy(
                            () -> CascadeCleanup.of(database.warmDataSource()).erase("1", hasty))
                    .isInstanceOf(EraseIncompleteException.class)
                    .hasMessageContaining("55P03");
            writer.rollback();
        }
        assertThat(erase().erased()).isTrue();
    }
}
