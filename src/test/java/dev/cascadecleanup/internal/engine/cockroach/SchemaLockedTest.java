package dev.cascadecleanup.internal.engine.cockroach;

import static dev.cascadecleanup.internal.engine.cockroach.CockroachFixture.FK;
import static dev.cascadecleanup.testing.DoubledConnections.over;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.NewerCockroach;
import dev.cascadecleanup.testing.NewerCockroach.SchemaLocked;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tables that are schema_locked, through a double: no server at hand has them. */
@ContractTest(only = DatabaseKind.COCKROACHDB)
@Timeout(600)
class SchemaLockedTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final TestServer server;
    private CockroachFixture fixture;

    SchemaLockedTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void createDatabase() throws Exception {
        fixture = new CockroachFixture(server);
    }

    @AfterEach
    void dropDatabase() throws Exception {
        fixture.close();
    }

    @Test
    void areUnlockedForTheWorkAndLockedAgain() throws Exception {
        SchemaLocked locks = new SchemaLocked("trips", "users");
        Connection connection = over(fixture.connection, locks);
        Conversion conversion = fixture.cascade();
        try (CockroachLease lease = acquire(connection)) {
            fixture.engine(connection, null, LONG, lease).convert(conversion, fixture.newStep(conversion));
        }
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
        assertThat(locks.changes()).containsExactlyInAnyOrder("trips false", "users false", "trips true", "users true");
        assertThat(locks.locked()).containsExactlyInAnyOrder("trips", "users");
        assertThat(fixture.rows(CockroachLease.TABLE_NAME)).isZero();
    }

    @Test
    void onlyThoseThatWereLockedAreLockedAgain() throws Exception {
        SchemaLocked locks = new SchemaLocked("users");
        Connection connection = over(fixture.connection, locks);
        Conversion conversion = fixture.cascade();
        try (CockroachLease lease = acquire(connection)) {
            fixture.engine(connection, null, LONG, lease).convert(conversion, fixture.newStep(conversion));
        }
        assertThat(locks.changes()).containsExactly("users false", "users true");
    }

    @Test
    void areLockedAgainByTheNextRunAfterACrash() throws Exception {
        SchemaLocked locks = new SchemaLocked("trips");
        Connection connection = over(fixture.connection, locks);
        Conversion conversion = fixture.cascade();
        CockroachLease killed = acquire(connection);
        fixture.engine(connection, null, LONG, killed).convert(conversion, fixture.newStep(conversion));
        assertThat(locks.locked()).isEmpty();

        fixture.execute("UPDATE " + CockroachLease.TABLE_NAME + " SET expires_at = now() - interval '1 second'");
        acquire(connection).close();

        assertThat(locks.locked()).containsExactly("trips");
        killed.close();
        assertThat(locks.changes()).containsExactly("trips false", "trips true");
    }

    @Test
    void areRefusedWhereNobodyWouldLockThemAgain() throws Exception {
        SchemaLocked locks = new SchemaLocked("trips");
        Conversion conversion = fixture.cascade();
        assertThatThrownBy(() -> fixture.engine(over(fixture.connection, locks), null, LONG, null)
                        .convert(conversion, fixture.newStep(conversion)))
                .isInstanceOf(SQLException.class)
                .hasMessageContainingAll("trips." + FK, "schema_locked = false");
        assertThat(locks.changes()).isEmpty();
    }

    /** v25.3 and v25.4: the server unlocks for ADD and DROP, and refuses the RENAME, when the old foreign key is gone already. */
    @Test
    void areUnlockedForARenameThatTheServerDoesNotUnlockThemFor() throws Exception {
        SchemaLocked locks = new NewerCockroach.UnlockedButForRename("trips");
        Connection connection = over(fixture.connection, locks);
        Conversion conversion = fixture.cascade();
        try (CockroachLease lease = acquire(connection)) {
            fixture.engine(connection, null, LONG, lease).convert(conversion, fixture.newStep(conversion));
        }
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
        assertThat(locks.changes()).containsExactly("trips false", "trips true");
    }

    /** v26.1: somebody has forbidden it, to keep schema changes off tables in logical replication. */
    @Test
    void areLeftAloneWhereTheServerWasToldToUnlockNone() throws Exception {
        SchemaLocked locks = new SchemaLocked("trips");
        Connection connection = over(fixture.connection, locks, NewerCockroach.autoUnlockOff());
        Conversion conversion = fixture.cascade();
        try (CockroachLease lease = acquire(connection)) {
            assertThatThrownBy(() -> fixture.engine(connection, null, LONG, lease)
                            .convert(conversion, fixture.newStep(conversion)))
                    .hasMessageContainingAll("trips." + FK, "logical replication", "cascade_unlock_tables = true");
        }
        assertThat(locks.changes()).isEmpty();
        assertThat(fixture.foreignKeys()).containsExactly(FK + " a true");

        CascadeOptions options =
                CascadeOptions.defaults().toBuilder().unlockTables(true).build();
        try (CockroachLease lease = acquire(connection)) {
            new CockroachEngine(connection, null, options, fixture.console, lease, JobWatchdog.Timing.DEFAULT)
                    .convert(conversion, fixture.newStep(conversion));
        }
        assertThat(locks.changes()).containsExactly("trips false", "trips true");
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
    }

    @Test
    void areLeftAloneWhereTheRoleMayNotKnow() throws Exception {
        SchemaLocked locks = new SchemaLocked("trips");
        Connection connection = over(fixture.connection, locks, NewerCockroach.autoUnlockUnknown());
        Conversion conversion = fixture.cascade();
        try (CockroachLease lease = acquire(connection)) {
            assertThatThrownBy(() -> fixture.engine(connection, null, LONG, lease)
                            .convert(conversion, fixture.newStep(conversion)))
                    .hasMessageContainingAll("may not know", "cascade_unlock_tables = true");
        }
        assertThat(locks.changes()).isEmpty();
    }

    private CockroachLease acquire(Connection connection) throws SQLException {
        return CockroachLease.acquire(connection, null, "public", LONG, fixture.console);
    }
}
