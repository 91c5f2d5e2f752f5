package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The connection that Flyway lends comes back as it was, whatever happened on it. */
@ContractTest(oldestAndNewest = true)
class BorrowedConnectionTest {

    private static final String[] SCHEMA = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE SCHEMA elsewhere",
        "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
        "CREATE TABLE not_valid (u bigint)",
        "ALTER TABLE not_valid ADD CONSTRAINT fk FOREIGN KEY (u) REFERENCES users NOT VALID"
    };

    private final TestServer server;

    BorrowedConnectionTest(TestServer server) {
        this.server = server;
    }

    @Test
    void afterMigrationAndUndo() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA);
                Connection connection = unusual(contract)) {
            assertComesBack(connection, () -> BorrowedConnection.migrate(contract.configuration(), connection));
            contract.assertCascading("t.fk", "not_valid.fk");
            assertComesBack(connection, () -> BorrowedConnection.migrate(contract.configuration(), connection));
            assertComesBack(connection, () -> BorrowedConnection.undo(contract.configuration(), connection));
            contract.now().assertEqualTo(contract.before());
        }
    }

    @Test
    void afterARefusal() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA);
                Connection connection = unusual(contract)) {
            contract.with("cascade_keep", "no.where");
            assertComesBack(
                    connection,
                    () -> assertThatThrownBy(() -> BorrowedConnection.migrate(contract.configuration(), connection))
                            .isInstanceOf(CascadeException.class));
        }
    }

    @Test
    void afterAFailureInTheMiddle() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA);
                Connection connection = unusual(contract);
                Connection other = contract.database().connect();
                Statement blocker = other.createStatement()) {
            other.setAutoCommit(false);
            blocker.execute("SELECT 1 FROM t");
            contract.with("cascade_max_wait", "100ms").with("cascade_lock_timeout", "20ms");
            assertComesBack(
                    connection,
                    () -> assertThatThrownBy(() -> BorrowedConnection.migrate(contract.configuration(), connection))
                            .isInstanceOf(CascadeException.class)
                            .hasMessageContaining("t.fk"));
            other.rollback();
            assertComesBack(connection, () -> BorrowedConnection.migrate(contract.configuration(), connection));
        }
    }

    @Test
    void afterOrphansWereFound() throws Exception {
        server.assumePostgres();
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA);
                Connection connection = unusual(contract)) {
            contract.execute("SET session_replication_role = replica; INSERT INTO t VALUES (9)");
            assertComesBack(
                    connection,
                    () -> assertThatThrownBy(() -> BorrowedConnection.migrate(contract.configuration(), connection))
                            .isInstanceOf(CascadeException.class)
                            .hasMessageContaining("t.fk"));
        }
    }

    /** A session with nothing as it usually is. */
    private Connection unusual(CascadeContract contract) throws SQLException {
        Connection connection = contract.database().connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = elsewhere, public");
            statement.execute("SET statement_timeout = '50s'");
            statement.execute("SET idle_in_transaction_session_timeout = '70s'");
            if (!server.isCockroach()) {
                String role = contract.database().createRole("migrator");
                statement.execute("GRANT CREATE ON SCHEMA public, elsewhere TO " + role);
                for (String table : new String[] {"users", "t", "not_valid"}) {
                    statement.execute("ALTER TABLE public." + table + " OWNER TO " + role);
                }
                statement.execute("SET ROLE " + role);
                statement.execute("SET lock_timeout = '60s'");
                statement.execute("SET default_transaction_isolation = 'serializable'");
                statement.execute("SET default_transaction_deferrable = on");
                statement.execute("SET synchronous_commit = 'local'");
                statement.execute("SET standard_conforming_strings = off");
            }
        }
        return connection;
    }

    private void assertComesBack(Connection connection, ThrowingCallable work) throws Exception {
        Map<String, String> before = state(connection);
        try {
            work.call();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        assertThat(state(connection)).isEqualTo(before);
    }

    private Map<String, String> state(Connection connection) throws SQLException {
        Map<String, String> state = new TreeMap<>();
        state.put("autocommit", String.valueOf(connection.getAutoCommit()));
        state.put("isolation", String.valueOf(connection.getTransactionIsolation()));
        state.put("read only", String.valueOf(connection.isReadOnly()));
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SHOW ALL")) {
                while (row.next()) {
                    state.put(row.getString(1), row.getString(2));
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT current_user, session_user")) {
                row.next();
                state.put("role", row.getString(1) + " of " + row.getString(2));
            }
            if (!server.isCockroach()) {
                try (ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'")) {
                    row.next();
                    state.put("advisory locks", row.getString(1));
                }
            }
        }
        return state;
    }
}
