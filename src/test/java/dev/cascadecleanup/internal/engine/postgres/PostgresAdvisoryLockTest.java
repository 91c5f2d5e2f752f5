package dev.cascadecleanup.internal.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.internal.engine.RecordingConsole;
import dev.cascadecleanup.internal.engine.cockroach.Eventually;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
@Timeout(120)
@SuppressWarnings("try") // some locks are only held
class PostgresAdvisoryLockTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final TestServer server;
    private final RecordingConsole console = new RecordingConsole();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TestDatabase database;
    private Connection first;
    private Connection second;

    PostgresAdvisoryLockTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void connect() throws Exception {
        database = server.createDatabase();
        first = database.connect();
        second = database.connect();
    }

    @AfterEach
    void disconnect() throws Exception {
        threads.shutdownNow();
        first.close();
        second.close();
        database.close();
    }

    @Test
    void isHeldByOneSessionAtATime() throws Exception {
        try (PostgresAdvisoryLock lock = PostgresAdvisoryLock.acquire(first, LONG, console)) {
            lock.ensureHeld();
            int pid = database.value("SELECT pid FROM pg_locks WHERE locktype = 'advisory'");
            assertThatThrownBy(() -> PostgresAdvisoryLock.acquire(second, SHORT, console))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContainingAll("pid " + pid, "cascade_max_wait = 200ms", "pg_terminate_backend");
            assertThat(console.infos())
                    .anyMatch(line -> line.contains("pid " + pid) && line.contains("user " + database.user()));
        }
        PostgresAdvisoryLock.acquire(second, SHORT, console).close();
        assertThat(console.warnings()).isEmpty();
    }

    @Test
    void isWaitedFor() throws Exception {
        PostgresAdvisoryLock held = PostgresAdvisoryLock.acquire(first, LONG, console);
        Future<PostgresAdvisoryLock> waiting =
                threads.submit(() -> PostgresAdvisoryLock.acquire(second, LONG, console));
        Eventually.isTrue("somebody waits", () -> !console.infos().isEmpty());
        held.close();
        waiting.get(60, TimeUnit.SECONDS).ensureHeld();
        assertThat(first.getAutoCommit()).isTrue();
        assertThat(second.getAutoCommit()).isTrue();
    }

    @Test
    void waitingHoldsNoIndexUp() throws Exception {
        database.execute("CREATE TABLE t (id int PRIMARY KEY)");
        try (PostgresAdvisoryLock held = PostgresAdvisoryLock.acquire(first, LONG, console)) {
            Future<PostgresAdvisoryLock> waiting =
                    threads.submit(() -> PostgresAdvisoryLock.acquire(second, LONG, console));
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
                PostgresAdvisoryLock here = PostgresAdvisoryLock.acquire(first, SHORT, console)) {
            PostgresAdvisoryLock.acquire(there, SHORT, console).close();
            here.ensureHeld();
        }
    }

    @Test
    void noticesThatItWasLost() throws Exception {
        try (PostgresAdvisoryLock lock = PostgresAdvisoryLock.acquire(first, SHORT, console)) {
            try (Statement statement = first.createStatement()) {
                statement.execute("SELECT pg_advisory_unlock_all()");
            }
            assertThatThrownBy(lock::ensureHeld)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("PgBouncer");
        }
    }

    @Test
    void endsWithItsSessionAndDoesNotHideWhatEndedIt() throws Exception {
        PostgresAdvisoryLock lock = PostgresAdvisoryLock.acquire(first, SHORT, console);
        database.rows("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
        assertThatCode(lock::close).doesNotThrowAnyException();
        PostgresAdvisoryLock.acquire(second, LONG, console).close();
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
        try (PostgresAdvisoryLock lock = PostgresAdvisoryLock.acquire(first, SHORT, console)) {
            assertThatThrownBy(() -> PostgresAdvisoryLock.acquire(second, SHORT, console))
                    .isInstanceOf(SQLException.class);
        }
    }
}
