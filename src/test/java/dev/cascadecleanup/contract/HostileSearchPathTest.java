package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeAssertions;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeGuard;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoReport;
import dev.cascadecleanup.audit.AuditReport;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.preview.Copy;
import dev.cascadecleanup.preview.PreviewOptions;
import dev.cascadecleanup.preview.PreviewVerdict;
import dev.cascadecleanup.proof.ProofReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A schema in front of pg_catalog whose functions, operators, types and tables stand in for the system's: none of it is used. Every
 * one of them fails when it is called, and leaves a trace that outlives the failed transaction.
 */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class HostileSearchPathTest {

    private static final List<String> COMPARED = List.of(
            "oid",
            "name",
            "text",
            "varchar",
            "bigint",
            "int",
            "smallint",
            "boolean",
            "\"char\"",
            "regclass",
            "int2vector",
            "smallint[]",
            "text[]",
            "tid",
            "name[]",
            "timestamptz");
    private static final List<String> OF_ONE_TYPE =
            List.of("=", "<>", "<", "<=", ">", ">=", "||", "+", "-", "*", "~", "~~", "&", "<<", "|", "@>", "&&");
    private static final List<String> RELATIONS = List.of(
            "pg_constraint",
            "pg_class",
            "pg_namespace",
            "pg_attribute",
            "pg_index",
            "pg_trigger",
            "pg_proc",
            "pg_description",
            "pg_inherits",
            "pg_roles",
            "pg_settings",
            "pg_stat_replication",
            "pg_am",
            "pg_publication",
            "pg_locks",
            "pg_stat_activity",
            "pg_database");
    private static final List<String> FUNCTIONS = List.of(
            "current_setting(text)",
            "set_config(text, text, boolean)",
            "version()",
            "count(*)",
            "unnest(smallint[])",
            "pg_has_role(oid, text)",
            "has_table_privilege(oid, text)",
            "quote_ident(text)",
            "pg_get_userbyid(oid)",
            "pg_is_in_recovery()",
            "current_schemas(boolean)",
            "pg_backend_pid()",
            "clock_timestamp()",
            "pg_try_advisory_lock(bigint)",
            "pg_try_advisory_lock(int, int)",
            "pg_advisory_lock(bigint)",
            "pg_advisory_unlock(bigint)",
            "pg_advisory_unlock(int, int)",
            "hashtext(text)",
            "format(text, text)",
            "concat(text, text)",
            "length(text)",
            "array_length(smallint[], int)",
            "array_to_string(smallint[], text)",
            "has_schema_privilege(oid, text)",
            "has_any_column_privilege(oid, text)",
            "has_table_privilege(oid, oid, text)",
            "lower(text)",
            "pg_get_expr(pg_node_tree, oid)",
            "pg_get_constraintdef(oid)",
            "format_type(oid, int)",
            "to_regclass(text)",
            "now()",
            "gen_random_uuid()",
            "current_schema()",
            "current_database()",
            "pg_partition_tree(regclass)",
            "pg_get_partition_constraintdef(oid)",
            "row_security_active(oid)",
            "random()",
            "hashtextextended(text, bigint)",
            "txid_current()",
            "pg_blocking_pids(int)");

    private final TestServer server;

    HostileSearchPathTest(TestServer server) {
        this.server = server;
    }

    @Test
    void onMigrationVerificationAndUndo() throws Exception {
        try (Trapped trapped = trapped()) {
            CascadeCleanup cleanup = trapped.cleanup();
            assertThat(cleanup.plan().conversions()).hasSize(4);
            assertThat(cleanup.migrate("60", "test").converted()).hasSize(4);
            trapped.contract.assertCascading(id -> true);
            assertThat(cleanup.migrate("60", "test").converted()).isEmpty();
            assertThat(cleanup.verify().passed())
                    .as(cleanup.verify().toString())
                    .isTrue();

            UndoOptions undo = UndoOptions.defaults().withVersion("60").withRemoveFromHistory(true);
            assertThat(cleanup.planUndo(undo).restorations()).hasSize(4);
            trapped.contract.execute(
                    "CREATE TABLE hostile.flyway_schema_history (installed_rank int, version varchar)",
                    "INSERT INTO hostile.flyway_schema_history VALUES (1, '59'), (2, '060')");
            UndoReport report = cleanup.undo(undo);
            assertThat(report.restored()).hasSize(4);
            assertThat(report.removedFromHistory()).isTrue();
            trapped.contract.now().assertEqualTo(trapped.contract.before());
        }
    }

    @Test
    void onTheScripts() throws Exception {
        try (Trapped trapped = trapped()) {
            Script.run(trapped.dataSource, trapped.cleanup().migrationScript("60"));
            trapped.contract.assertCascading(id -> true);
            Script.run(trapped.dataSource, trapped.cleanup().undoScript("60"));
            trapped.contract.now().assertEqualTo(trapped.contract.before());
        }
    }

    @Test
    void onTheAudit() throws Exception {
        try (Trapped trapped = trapped()) {
            AuditReport report = trapped.cleanup().audit();
            assertThat(report.plan().conversions()).hasSize(4);
            assertThat(report.toText()).contains("users");
        }
    }

    /** Not by Flyway, whose own queries would be trapped. */
    @Test
    void onTheGuard() throws Exception {
        try (Trapped trapped = trapped();
                Connection connection = trapped.dataSource.getConnection()) {
            trapped.cleanup().migrate("60", "test");
            trapped.contract.execute("CREATE TABLE later (u bigint REFERENCES users)");
            Configuration flyway = Flyway.configure()
                    .dataSource(trapped.dataSource)
                    .defaultSchema("hostile")
                    .placeholders(Map.of("cascade_parent", "public.users"));
            Context context = (Context) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {Context.class},
                    (proxy, method, arguments) -> method.getName().equals("getConnection") ? connection : flyway);
            assertThatThrownBy(() -> new CascadeGuard().handle(Event.AFTER_MIGRATE_OPERATION_FINISH, context))
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("later.");
            assertThatThrownBy(() -> CascadeAssertions.assertDeletesCascade(flyway))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("later.");
        }
    }

    private Trapped trapped() throws SQLException {
        List<String> schema = new ArrayList<>(List.of(
                "CREATE TABLE users (id bigint PRIMARY KEY)",
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE switched (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "ALTER TABLE switched DISABLE TRIGGER ALL",
                "CREATE TABLE dirty (u bigint)",
                "INSERT INTO dirty VALUES (9)",
                "ALTER TABLE dirty ADD CONSTRAINT fk FOREIGN KEY (u) REFERENCES users NOT VALID",
                "COMMENT ON CONSTRAINT fk ON dirty IS 'kept'",
                "CREATE TABLE parts (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (u)",
                "CREATE TABLE part PARTITION OF parts DEFAULT",
                "ALTER TABLE part RENAME CONSTRAINT fk TO own_name"));
        schema.add(String.join(";\n", hostile()));
        return new Trapped(CascadeContract.on(server, schema));
    }

    /** Rows are made and deleted under the session's path, because triggers rely on it; the proof's own text names what it means. */
    @Test
    void onTheProof() throws Exception {
        try (Trapped trapped = trapped()) {
            ProofReport report = trapped.cleanup().prove();
            assertThat(report.refusals()).as(report.toString()).isNotEmpty();
        }
    }

    @Test
    void onThePreview() throws Exception {
        try (Trapped trapped = trapped()) {
            trapped.fill();
            CascadeCleanup cleanup = trapped.cleanup();
            assertThat(cleanup.preview("1").verdict()).isEqualTo(PreviewVerdict.REFUSED);
            for (PreviewOptions.After after : PreviewOptions.After.values()) {
                PreviewOptions options = PreviewOptions.defaults().withAfter(after);
                assertThat(cleanup.preview(options, "id=1").copies())
                        .extracting(Copy::rows)
                        .contains(1L);
                assertThat(cleanup.previewPeople(options, 0).looked()).isEqualTo(3);
                assertThat(cleanup.previewPeople(options, 2).looked()).isEqualTo(2);
            }
        }
    }

    @Test
    void onTheErasure() throws Exception {
        try (Trapped trapped = trapped()) {
            trapped.fill();
            CascadeCleanup cleanup = trapped.cleanup();
            cleanup.migrate("60", "test");
            assertThat(cleanup.erase("1", EraseOptions.defaults()).erased()).isTrue();
            assertThat(trapped.contract.database().<Long>value("SELECT count(*) FROM t WHERE u = 1"))
                    .isZero();
        }
    }

    /** The database, with a way to it on which every trap is first in the search path. */
    private static final class Trapped implements AutoCloseable {

        private final CascadeContract contract;
        private final PGSimpleDataSource dataSource = new PGSimpleDataSource();
        private final long calls;

        Trapped(CascadeContract contract) throws SQLException {
            this.contract = contract;
            dataSource.setUrl(contract.database().jdbcUrl());
            dataSource.setUser(contract.database().user());
            dataSource.setPassword(contract.database().password());
            dataSource.setCurrentSchema("hostile,pg_catalog,public");
            assertThatThrownBy(() ->
                            Script.run(dataSource, "SELECT 1 FROM pg_catalog.pg_class c WHERE c.relname = 'users';"))
                    .hasMessageContaining("hostile code ran");
            this.calls = calls(contract);
            assertThat(calls).isPositive();
        }

        CascadeCleanup cleanup() {
            return CascadeCleanup.of(dataSource)
                    .withOptions(CascadeOptions.defaults().toBuilder()
                            .parent("public.users")
                            .build());
        }

        /** Rows of three people, and copies of a key. */
        void fill() throws SQLException {
            contract.execute(
                    "ALTER TABLE switched ENABLE TRIGGER ALL",
                    "DELETE FROM dirty",
                    "CREATE TABLE logs (user_id text, user_ids bigint[])",
                    "INSERT INTO users VALUES (1), (2), (3)",
                    "INSERT INTO t VALUES (1), (1), (2)",
                    "INSERT INTO switched VALUES (1)",
                    "INSERT INTO parts VALUES (1), (3)",
                    "INSERT INTO logs VALUES ('1', NULL), (NULL, ARRAY[1])");
        }

        @Override
        public void close() throws SQLException {
            try (contract) {
                assertThat(calls(contract)).as("calls of hostile code").isEqualTo(calls);
            }
        }
    }

    private static long calls(CascadeContract contract) throws SQLException {
        return contract.database().<Long>value("SELECT last_value FROM hostile.calls");
    }

    private static List<String> hostile() {
        List<String> schema = new ArrayList<>(List.of("CREATE SCHEMA hostile", """
                CREATE FUNCTION hostile.fail() RETURNS boolean LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_catalog.nextval('hostile.calls'); RAISE EXCEPTION 'hostile code ran'; END $$""", "CREATE SEQUENCE hostile.calls"));
        for (String left : COMPARED) {
            for (String right : COMPARED) {
                for (String operator : left.equals(right) ? OF_ONE_TYPE : List.of("=", "<>")) {
                    String function = "hostile.\"" + (operator + left + right).replace("\"", "") + '"';
                    schema.add("CREATE FUNCTION " + function + "(" + left + ", " + right
                            + ") RETURNS boolean LANGUAGE sql AS 'SELECT hostile.fail()'");
                    schema.add("CREATE OPERATOR hostile." + operator + " (LEFTARG = " + left + ", RIGHTARG = " + right
                            + ", FUNCTION = " + function + ")");
                }
            }
        }
        // A cast is found wherever it is: of the system's own types only a superuser can make one.
        schema.add("CREATE TYPE hostile.varchar AS (text pg_catalog.text)");
        schema.add(
                "CREATE FUNCTION hostile.cast(hostile.varchar) RETURNS pg_catalog.text LANGUAGE sql AS 'SELECT hostile.fail()::pg_catalog.text'");
        schema.add(
                "CREATE CAST (hostile.varchar AS pg_catalog.text) WITH FUNCTION hostile.cast(hostile.varchar) AS IMPLICIT");
        for (String relation : RELATIONS) {
            schema.add("CREATE VIEW hostile." + relation + " AS SELECT hostile.fail()");
        }
        for (String function : FUNCTIONS) {
            schema.add(
                    function.equals("count(*)")
                            ? "CREATE AGGREGATE hostile.count(*) (SFUNC = hostile.\"count step\", STYPE = bigint)"
                            : "CREATE FUNCTION hostile." + function
                                    + " RETURNS boolean LANGUAGE sql AS 'SELECT hostile.fail()'");
        }
        schema.add(
                2,
                "CREATE FUNCTION hostile.\"count step\"(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT hostile.fail()::int::bigint'");
        for (String type : List.of("text", "timestamptz", "regclass", "oid", "name")) {
            schema.add("CREATE DOMAIN hostile." + type + " AS pg_catalog.int4 CHECK (hostile.fail())");
        }
        return schema;
    }
}
