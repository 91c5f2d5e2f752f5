package dev.cascadecleanup.internal.engine.cockroach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.internal.engine.TwoSessions;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@ContractTest(only = DatabaseKind.COCKROACHDB)
@Timeout(600)
@SuppressWarnings("try") // some locks are only held
class CockroachLeaseTest extends TwoSessions {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    CockroachLeaseTest(TestServer server) {
        super(server);
    }

    @Test
    void isHeldByOneRunAtATime() throws Exception {
        try (CockroachLease lease = acquire(first, database.dataSource(), LONG)) {
            lease.ensureHeld();
            assertThatThrownBy(() -> acquire(second, null, SHORT))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContainingAll(
                            "process " + ProcessHandle.current().pid(),
                            "its lease ends in",
                            "cascade_max_wait = 300ms");
            assertThat(console.infos())
                    .anyMatch(line ->
                            line.contains("process " + ProcessHandle.current().pid()));
        }
        acquire(second, null, SHORT).close();
        assertThat(database.rows("SELECT * FROM " + CockroachLease.TABLE_NAME)).isEmpty();
        assertThat(console.warnings()).isEmpty();
    }

    @Test
    void isTakenOverFromTheDead() throws Exception {
        acquire(first, null, SHORT);
        first.close();
        letItExpire();
        try (CockroachLease lease = acquire(second, database.dataSource(), LONG)) {
            lease.ensureHeld();
        }
    }

    @Test
    void theOneThatWasThoughtDeadNoticesIt() throws Exception {
        CockroachLease frozen = acquire(first, null, SHORT);
        letItExpire();
        try (CockroachLease lease = acquire(second, database.dataSource(), LONG)) {
            assertThatThrownBy(frozen::ensureHeld)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContainingAll(
                            "lost its lease",
                            "process " + ProcessHandle.current().pid());
            frozen.close();
            lease.ensureHeld();
        }
        assertThatThrownBy(frozen::ensureHeld).isInstanceOf(SQLException.class);
    }

    @Test
    void expiredButNotTakenIsStillHeld() throws Exception {
        try (CockroachLease lease = acquire(first, null, SHORT)) {
            letItExpire();
            lease.ensureHeld();
            assertThatThrownBy(() -> acquire(second, null, SHORT)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void theHeartKeepsItShortAndAlive() throws Exception {
        try (CockroachLease lease = acquire(first, database.dataSource(), LONG)) {
            Eventually.isTrue("the heart has beaten", () -> secondsLeft() <= CockroachLease.RENEWED_TTL.toSeconds());
            database.execute("UPDATE " + CockroachLease.TABLE_NAME + " SET expires_at = now() + interval '1 second'");
            Eventually.isTrue("the heart beats again", () -> secondsLeft() > 5);
            lease.ensureHeld();
            assertThat(secondsLeft()).isLessThanOrEqualTo(CockroachLease.RENEWED_TTL.toSeconds());
        }
    }

    @Test
    void withoutASecondConnectionItLastsLongerAndSaysSo() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        DataSource exhausted = new FailingDataSource(asked);
        try (CockroachLease lease = acquire(first, exhausted, LONG)) {
            Eventually.isTrue(
                    "it has tried", () -> asked.get() > 0 && !console.infos().isEmpty());
            lease.ensureHeld();
            assertThat(secondsLeft()).isGreaterThan(CockroachLease.RENEWED_TTL.toSeconds());
            assertThat(console.infos())
                    .filteredOn(line -> line.contains("no second connection"))
                    .hasSize(1);
        }
    }

    @Test
    void manyAtOnceTakeTurns() throws Exception {
        AtomicInteger holders = new AtomicInteger();
        List<Future<Integer>> runs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            runs.add(threads.submit(() -> {
                try (Connection connection = database.connect();
                        CockroachLease lease = acquire(connection, database.dataSource(), LONG)) {
                    int together = holders.incrementAndGet();
                    lease.ensureHeld();
                    holders.decrementAndGet();
                    return together;
                }
            }));
        }
        for (Future<Integer> run : runs) {
            assertThat(run.get(5, TimeUnit.MINUTES)).isEqualTo(1);
        }
    }

    @Test
    void theClientsTimeZoneDoesNotMatter() throws Exception {
        try (Statement west = first.createStatement();
                Statement east = second.createStatement()) {
            west.execute("SET TIME ZONE 'America/Los_Angeles'");
            east.execute("SET TIME ZONE 'Asia/Tokyo'");
        }
        try (CockroachLease lease = acquire(first, null, SHORT)) {
            assertThatThrownBy(() -> acquire(second, null, SHORT)).isInstanceOf(SQLException.class);
        }
        try (CockroachLease lease = acquire(second, null, SHORT)) {
            assertThatThrownBy(() -> acquire(first, null, SHORT)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aBrokenConnectionHidesNothing() throws Exception {
        CockroachLease lease = acquire(first, null, SHORT);
        first.abort(Runnable::run);
        assertThatCode(lease::close).doesNotThrowAnyException();
    }

    private CockroachLease acquire(Connection connection, DataSource monitor, Duration maxWait) throws SQLException {
        return CockroachLease.acquire(connection, monitor, "public", maxWait, console);
    }

    private void letItExpire() throws SQLException {
        database.execute("UPDATE " + CockroachLease.TABLE_NAME + " SET expires_at = now() - interval '1 second'");
    }

    private long secondsLeft() throws SQLException {
        return database.<Long>value(
                "SELECT extract(epoch FROM expires_at - now())::int8 FROM " + CockroachLease.TABLE_NAME);
    }
}
