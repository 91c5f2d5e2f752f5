package dev.cascadecleanup.internal.engine.cockroach;

import static dev.cascadecleanup.internal.engine.cockroach.CockroachFixture.FK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tables that are schema_locked, as the manual of v26.1 describes them: no server at hand has them. */
@ContractTest(only = DatabaseKind.COCKROACHDB)
@Timeout(120)
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
        SimulatedSchemaLock simulation = new SimulatedSchemaLock("trips", "users");
        Connection connection = simulation.over(fixture.connection);
        Conversion conversion = fixture.cascade();
        try (CockroachLease lease = acquire(connection)) {
            fixture.engine(connection, null, LONG, lease).convert(conversion, fixture.newStep(conversion));
        }
        assertThat(fixture.foreignKeys()).containsExactly(FK + " c true");
        assertThat(simulation.changes())
                .containsExactlyInAnyOrder("trips false", "users false", "trips true", "users true");
        assertThat(simulation.locked()).containsExactlyInAnyOrder("trips", "users");
        assertThat(fixture.rows(CockroachLease.TABLE_NAME)).isZero();
    }

    @Test
    void onlyThoseThatWereLockedAreLockedAgain() throws Exception {
        SimulatedSchemaLock simulation = new SimulatedSchemaLock("users");
        Connection connection = simulation.over(fixture.connection);
        Conversion conversion = fixture.cascade();
        try (CockroachLease lease = acquire(connection)) {
            fixture.engine(connection, null, LONG, lease).convert(conversion, fixture.newStep(conversion));
        }
        assertThat(simulation.changes()).containsExactly("users false", "users true");
    }

    @Test
    void areLockedAgainByTheNextRunAfterACrash() throws Exception {
        SimulatedSchemaLock simulation = new SimulatedSchemaLock("trips");
        Connection connection = simulation.over(fixture.connection);
        Conversion conversion = fixture.cascade();
        CockroachLease killed = acquire(connection);
        fixture.engine(connection, null, LONG, killed).convert(conversion, fixture.newStep(conversion));
        assertThat(simulation.locked()).isEmpty();

        fixture.execute("UPDATE " + CockroachLease.TABLE_NAME + " SET expires_at = now() - interval '1 second'");
        acquire(connection).close();

        assertThat(simulation.locked()).containsExactly("trips");
        killed.close();
        assertThat(simulation.changes()).containsExactly("trips false", "trips true");
    }

    @Test
    void areRefusedWhereNobodyWouldLockThemAgain() throws Exception {
        SimulatedSchemaLock simulation = new SimulatedSchemaLock("trips");
        Conversion conversion = fixture.cascade();
        assertThatThrownBy(() -> fixture.engine(simulation.over(fixture.connection), null, LONG, null)
                        .convert(conversion, fixture.newStep(conversion)))
                .isInstanceOf(SQLException.class)
                .hasMessageContainingAll("trips." + FK, "schema_locked = false");
        assertThat(simulation.changes()).isEmpty();
    }

    private CockroachLease acquire(Connection connection) throws SQLException {
        return CockroachLease.acquire(connection, null, "public", LONG, fixture.console);
    }
}
