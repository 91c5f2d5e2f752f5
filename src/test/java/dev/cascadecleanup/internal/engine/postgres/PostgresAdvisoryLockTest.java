package dev.cascadecleanup.internal.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.internal.engine.TwoSessions;
import dev.cascadecleanup.internal.engine.cockroach.Eventually;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
@Timeout(600)
@SuppressWarnings("try") // some locks are only held
class PostgresAdvisoryLockTest extends TwoSessions {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(200);

    PostgresAdvisoryLockTest(TestServer server) {
        super(server);
    }

    @Test
    void isHeldByOneSessionAtATime() throws Exception {
        try (PostgresAdvisoryLock lock = PostgresAdvisoryLock.acquire(first, null, LONG, console)) {
            lock.ensureHeld();
            int pid = database.value("SELECT pid FROM pg_locks WHERE locktype = 'advisory'");
            assertThatThrownBy(() -> PostgresAdvisoryLock.acquire(second, null, SHORT, console))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContainingAll(
                            "pid " + pid, "cascade_max_wait = 200ms", "SELECT pg_terminate_backend(" + pid + ")");
        }
        PostgresAdvisoryLock.acquire(second, null, SHORT, console).close();
        assertThat(console.warnings()).isEmpty();
    }

    @Test
    void isWaitedFor() throws Exception {
        PostgresAdvisoryLock held = PostgresAdvisoryLock.acquire(first, null, LONG, console);
        Future<PostgresAdvisoryLock> waiting =
                threads.submit(() -> PostgresAdvisoryLock.acquire(second, null, LONG, console));
        Eventually.isTrue("somebody waits", () -> !console.infos().isEmpty());
        assertThat(console.infos()).first().asString().contains("pid ", "user " + database.user());
        held.close();
        waiting.get(5, TimeUnit.MINUTES).ensureHeld();
        assertThat(first.getAutoCommit()).isTrue();
        assertThat(second.getAutoCommit()).isTrue();
    }

    @Test
    void waitingHoldsNoIndexUp() throws Exception {
        database.execute("CREATE TABLE t (id int PRIMARY KEY)");
        try (PostgresAdvisoryLock held = PostgresAdvisoryLock.acquire(first, null, LONG, console)) {
            Future<PostgresAdvisoryLock> waiting =
                    threads.submit(() -> PostgresAdvisoryLock.acquire(second, null, LONG, console));
            Eventually.isTrue("somebody waits", () -> !console.infos().isEmpty());
            try (Statement statement = first.createStatement()) {
                statement.execute("CREATE INDEX CONCURRENTLY ON t (id)");
            }
            assertThat(waiting.isDone()).isFalse();
        }
    }

    @Test
    void databasesDoNotWaitForEachOther() throws Exception {
        try (TestDatabase other = server.createDatabase();
                Connection there = other.connect();
                PostgresAdvisoryLock here = PostgresAdvisoryLock.acquire(first, null, SHORT, console)) {
            PostgresAdvisoryLock.acquire(there, null, SHORT, console).close();
            here.ensureHeld();
        }
    }

    @Test
    void noticesThatItWasLost() throws Exception {
        try (PostgresAdvisoryLock lock = PostgresAdvisoryLock.acquire(first, null, SHORT, console)) {
            try (Statement statement = first.createStatement()) {
                statement.execute("SELECT pg_advisory_unlock_all()");
            }
            assertThatThrownBy(lock::ensureHeld)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("session mode");
        }
    }

    @Test
    void endsWithItsSessionAndDoesNotHideWhatEndedIt() throws Exception {
        PostgresAdvisoryLock lock = PostgresAdvisoryLock.acquire(first, null, SHORT, console);
        database.rows("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
        assertThatCode(lock::close).doesNotThrowAnyException();
        PostgresAdvisoryLock.acquire(second, null, LONG, console).close();
    }

    /** A pooler that is recognised too late: the lock, which keeps all others out, does not go unmentioned. */
    @Test
    void aLockThatStaysBehindIsNamedWithTheStatementThatEndsIt() throws Exception {
        PooledConnection pooled = new PooledConnection(first);
        PostgresAdvisoryLock lock = PostgresAdvisoryLock.acquire(pooled.proxy(), null, SHORT, console);
        int pid = database.value("SELECT pid FROM pg_locks WHERE locktype = 'advisory'");
        pooled.lend(second);
        assertThatThrownBy(lock::ensureHeld).hasMessageContaining("session mode");
        lock.close();
        String statement = "SELECT pg_terminate_backend(" + pid + ")";
        assertThat(console.warnings())
                .singleElement()
                .asString()
                .contains("pid " + pid)
                .endsWith(statement);
        assertThatThrownBy(() -> PostgresAdvisoryLock.acquire(second, null, SHORT, console))
                .hasMessageContaining(statement);
        database.rows(statement);
        PostgresAdvisoryLock.acquire(second, null, LONG, console).close();
    }

    @Test
    void aPoolerInTransactionModeIsRefusedBeforeTheLockIsTaken() throws Exception {
        PooledConnection pooled = new PooledConnection(first, second);
        assertThatThrownBy(() -> PostgresAdvisoryLock.acquire(pooled.proxy(), null, SHORT, console))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("two sessions of the server")
                .hasMessageContaining("session mode");
        assertThat(database.rows("SELECT pid FROM pg_locks WHERE locktype = 'advisory'"))
                .isEmpty();
    }

    /** A connection as a pooler in transaction mode gives it: one session after the other, a transaction in each. */
    private static final class PooledConnection {

        private final Deque<Connection> sessions = new ArrayDeque<>();

        PooledConnection(Connection... sessions) {
            this.sessions.addAll(List.of(sessions));
        }

        void lend(Connection session) {
            sessions.clear();
            sessions.add(session);
        }

        Connection proxy() {
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("setAutoCommit") && arguments[0].equals(false)) {
                            sessions.addLast(sessions.removeFirst());
                        }
                        try {
                            return method.invoke(sessions.getFirst(), arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @Test
    void ownSearchPathsDoNotMatter() throws Exception {
        database.execute(
                "CREATE SCHEMA evil",
                "CREATE FUNCTION evil.pg_try_advisory_lock(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                "CREATE FUNCTION evil.eq(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                "CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.eq)");
        for (Connection connection : new Connection[] {first, second}) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET search_path = evil, pg_catalog");
            }
        }
        try (PostgresAdvisoryLock lock = PostgresAdvisoryLock.acquire(first, null, SHORT, console)) {
            assertThatThrownBy(() -> PostgresAdvisoryLock.acquire(second, null, SHORT, console))
                    .isInstanceOf(SQLException.class);
        }
    }
}
