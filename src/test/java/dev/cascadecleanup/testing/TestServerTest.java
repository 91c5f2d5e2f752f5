package dev.cascadecleanup.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@ContractTest(oldestAndNewest = true)
class TestServerTest {

    private final TestServer server;

    TestServerTest(TestServer server) {
        this.server = server;
    }

    @Test
    void isWhatItSays() throws Exception {
        try (TestDatabase database = server.createDatabase()) {
            String version = database.value("SELECT version()");
            assertThat(version).startsWith(server.kind().displayName());
            assertThat(version.split("\\D+")[1]).isEqualTo(String.valueOf(server.major()));
        }
    }

    @Test
    void databasesStandAlone() throws Exception {
        try (TestDatabase one = server.createDatabase();
                TestDatabase other = server.createDatabase()) {
            one.execute(
                    "CREATE TABLE t (id bigint PRIMARY KEY, name text)", "INSERT INTO t VALUES (1, 'a'), (2, NULL)");
            assertThat(one.rows("SELECT id, name FROM t WHERE id < ? ORDER BY id", 9))
                    .containsExactly(List.of(1L, "a"), Arrays.asList(2L, null));
            assertThatThrownBy(() -> other.rows("SELECT * FROM t"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42P01"));
        }
    }

    @Test
    void closingDropsTheDatabaseUnderOpenSessions() throws Exception {
        try (TestDatabase other = server.createDatabase()) {
            TestDatabase database = server.createDatabase();
            try (Connection session = database.connect();
                    Statement statement = session.createStatement()) {
                session.setAutoCommit(false);
                statement.execute("CREATE TABLE t (id bigint PRIMARY KEY)");
                database.close();
            }
            assertThat(other.rows("SELECT 1 FROM pg_database WHERE datname = ?", database.name()))
                    .isEmpty();
        }
    }

    @Test
    void closingDropsTheDatabaseUnderPreparedTransactions() throws Exception {
        server.assumePostgres();
        try (TestDatabase other = server.createDatabase()) {
            assumeThat(other.<String>value("SHOW max_prepared_transactions")).isNotEqualTo("0");
            TestDatabase database = server.createDatabase();
            database.execute("BEGIN; CREATE TABLE t (id bigint PRIMARY KEY); PREPARE TRANSACTION 'it''s'");
            database.close();
            assertThat(other.rows("SELECT 1 FROM pg_database WHERE datname = ?", database.name()))
                    .isEmpty();
        }
    }

    @Test
    void copiesOfATemplateStandAlone() throws Exception {
        try (TestDatabase template = server.createDatabase()) {
            if (server.isCockroach()) {
                assertThatThrownBy(() -> server.createDatabaseFrom(template))
                        .isInstanceOf(UnsupportedOperationException.class);
                return;
            }
            template.execute("CREATE TABLE t (id bigint PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            try (TestDatabase copy = server.createDatabaseFrom(template)) {
                copy.execute("DELETE FROM t");
                assertThat(template.<Long>value("SELECT id FROM t")).isEqualTo(1);
            }
        }
    }

    @Test
    void databaseOfGivesEachCallerTheWholeBuild() throws Exception {
        AtomicInteger builds = new AtomicInteger();
        DatabaseBuild build = database -> {
            builds.incrementAndGet();
            database.execute("CREATE TABLE t (id bigint PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        };
        try (TestDatabase one = server.databaseOf("TestServerTest", build);
                TestDatabase other = server.databaseOf("TestServerTest", build)) {
            one.execute("DELETE FROM t");
            assertThat(other.<Long>value("SELECT count(*) FROM t")).isEqualTo(1);
        }
        assertThat(builds).hasValue(server.isCockroach() ? 2 : 1);
    }
}
