package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A schema in front of pg_catalog whose functions, operators, types and tables stand in for the system's: none of it is used. Every
 * one of them fails when it is called, and leaves a trace that outlives the failed transaction.
 */
@ContractTest(only = DatabaseKind.POSTGRESQL)
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
            "name[]",
            "timestamptz");
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
            "length(text)");

    private final TestServer server;

    HostileSearchPathTest(TestServer server) {
        this.server = server;
    }

    @Test
    void hasNoEffect() throws Exception {
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
        schema.addAll(hostile());
        try (CascadeContract contract = CascadeContract.on(server, schema)) {
            PGSimpleDataSource dataSource = new PGSimpleDataSource();
            dataSource.setUrl(contract.database().jdbcUrl());
            dataSource.setUser(contract.database().user());
            dataSource.setPassword(contract.database().password());
            dataSource.setCurrentSchema("hostile,pg_catalog,public");
            try (Connection connection = dataSource.getConnection();
                    Statement trap = connection.createStatement()) {
                assertThatThrownBy(() -> trap.execute("SELECT 1 FROM pg_catalog.pg_class c WHERE c.relname = 'users'"))
                        .hasMessageContaining("hostile code ran");
            }
            long trapped = calls(contract);
            CascadeCleanup cleanup = CascadeCleanup.of(dataSource)
                    .withOptions(CascadeOptions.defaults().toBuilder()
                            .parent("public.users")
                            .build());

            assertThat(cleanup.migrate("60", "test").converted()).hasSize(4);
            contract.assertCascading(id -> true);
            assertThat(cleanup.migrate("60", "test").converted()).isEmpty();
            assertThat(cleanup.verify().passed()).isTrue();

            assertThat(cleanup.undo(UndoOptions.defaults().withVersion("60")).restored())
                    .hasSize(4);
            contract.now().assertEqualTo(contract.before());
            assertThat(calls(contract)).isEqualTo(trapped).isPositive();
        }
    }

    private static long calls(CascadeContract contract) throws SQLException {
        return contract.database().<Long>value("SELECT last_value FROM hostile.calls");
    }

    private static List<String> hostile() {
        List<String> schema = new ArrayList<>(List.of("CREATE SCHEMA hostile", """
                CREATE FUNCTION hostile.fail() RETURNS boolean LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_catalog.nextval('hostile.calls'); RAISE EXCEPTION 'hostile code ran'; END $$""", "CREATE SEQUENCE hostile.calls"));
        for (String type : COMPARED) {
            for (String operator : List.of("=", "<>", "<=")) {
                String function = "hostile.\"" + operator + type.replace("\"", "") + '"';
                schema.add("CREATE FUNCTION " + function + "(" + type + ", " + type
                        + ") RETURNS boolean LANGUAGE sql AS 'SELECT hostile.fail()'");
                schema.add("CREATE OPERATOR hostile." + operator + " (LEFTARG = " + type + ", RIGHTARG = " + type
                        + ", FUNCTION = " + function + ")");
            }
        }
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
