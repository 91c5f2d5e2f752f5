package dev.cascadecleanup.internal.engine.cockroach;

import static dev.cascadecleanup.internal.engine.cockroach.CockroachFixture.FK;
import static dev.cascadecleanup.testing.DoubledConnections.over;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.NewerCockroach;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine against what newer versions answer. Tables that are schema_locked have a class of their own. */
@ContractTest(only = DatabaseKind.COCKROACHDB)
@Timeout(600)
class NewerCockroachEngineTest {

    private final TestServer server;
    private CockroachFixture fixture;

    NewerCockroachEngineTest(TestServer server) {
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

    /** v24.3: long before cascade_max_wait, and with what the server says. */
    @Test
    void aTableInLogicalReplicationIsGivenUpInSeconds() throws Exception {
        Connection connection = over(fixture.connection, NewerCockroach.inLogicalReplication("trips"));
        Conversion conversion = fixture.cascade();
        long start = System.nanoTime();
        assertThatThrownBy(() -> fixture.engine(connection, null, Duration.ofMinutes(10), null)
                        .convert(conversion, fixture.newStep(conversion)))
                .hasMessageContainingAll("trips." + FK, "0A000", "logical replication jobs", "SHOW JOBS");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(5));
        assertThat(fixture.foreignKeys()).containsExactly(FK + " a true");
    }

    /** v24.1: by ID they are whole, so that only what mentions the table is waited for. */
    @Test
    void descriptionsThatAreCutShortAreAskedForByIdBeforeAnybodyWaits() throws Exception {
        Connection connection = over(fixture.connection, NewerCockroach.shortenedJobDescriptions());
        // The work that follows on these two is listed for as long as the old data is kept.
        fixture.execute("CREATE TABLE other (id bigint PRIMARY KEY)", "DROP TABLE other");
        Conversion conversion = fixture.cascade();
        Outcome outcome = fixture.engine(connection, null, Duration.ofMinutes(1), null)
                .convert(conversion, fixture.newStep(conversion));
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DONE);
        new SchemaJobs(connection)
                .awaitRest("test", CockroachFixture.TABLE, Duration.ofSeconds(20), new JobWarnings(fixture.console));
    }
}
