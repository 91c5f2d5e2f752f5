package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.audit.Finding;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.preview.PreviewVerdict;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What only CockroachDB has to be warned of, and what the server then does. */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class CascadesOnCockroachTest {

    private final TestServer server;

    CascadesOnCockroachTest(TestServer server) {
        this.server = server;
    }

    @Test
    void moreCascadesThanTheServerAllowsAreWarnedOf() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id int8 PRIMARY KEY)",
                "CREATE TABLE trips (id int8 PRIMARY KEY, u int8, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users, INDEX (u))",
                "CREATE TABLE stops (id int8 PRIMARY KEY, t int8, CONSTRAINT fk FOREIGN KEY (t) REFERENCES trips ON DELETE CASCADE, INDEX"
                        + " (t))",
                "INSERT INTO users VALUES (1)",
                "INSERT INTO trips VALUES (1, 1)",
                "INSERT INTO stops VALUES (1, 1)")) {
            limit(contract, 1);
            assertThat(cascadesLimit(contract)).singleElement().asString().contains("users", "more than 1");
            assertThat(CascadeCleanup.of(contract.configuration()).audit().findings())
                    .extracting(Finding::kind)
                    .contains(Finding.Kind.CASCADES_LIMIT);
            contract.migrate();
            CascadeCleanup cleanup =
                    CascadeCleanup.of(contract.with("cascade_scope", "closure").configuration());
            assertThat(cleanup.verify().result()).isEqualTo(Verification.Result.NOT_SEEN);
            assertThat(cleanup.preview("1").verdict()).isEqualTo(PreviewVerdict.NOT_SEEN);
            assertThat(cleanup.prove().passed()).isFalse();
            assertThatThrownBy(() -> delete(contract))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("09000"));
            assertThat(contract.count("stops")).isEqualTo(1);

            limit(contract, 2);
            assertThat(cascadesLimit(contract)).isEmpty();
            CascadeCleanup enough = CascadeCleanup.of(contract.configuration());
            assertThat(enough.verify().result()).isEqualTo(Verification.Result.YES);
            assertThat(enough.preview("1").verdict()).isEqualTo(PreviewVerdict.SUCCEEDS);
            assertThat(enough.prove().passed()).isTrue();
            delete(contract);
            assertThat(contract.count("stops")).isZero();
        }
    }

    @Test
    void cascadesInACircleAreWarnedOf() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id int8 PRIMARY KEY)",
                "CREATE TABLE notes (id int8 PRIMARY KEY, u int8, above int8, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users,"
                        + " CONSTRAINT above_fk FOREIGN KEY (above) REFERENCES notes ON DELETE CASCADE, INDEX (u), INDEX (above))")) {
            assertThat(cascadesLimit(contract)).singleElement().asString().contains("circle");
        }
    }

    /** Accepted since v21.2. */
    @Test
    void anotherOrderOfColumnsIsWarnedOfAndConverted() throws Exception {
        assumeTrue(server.major() > 21, "needs v21.2 or later");
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (a int8, b int8, PRIMARY KEY (a, b))",
                "CREATE TABLE trips (id int8 PRIMARY KEY, x int8, y int8, CONSTRAINT fk FOREIGN KEY (y, x) REFERENCES users (b, a))",
                "CREATE TABLE walks (id int8 PRIMARY KEY, x int8, y int8, CONSTRAINT fk FOREIGN KEY (x, y) REFERENCES users (a, b))",
                "INSERT INTO users VALUES (1, 2), (2, 1)",
                "INSERT INTO trips VALUES (1, 1, 2), (2, 2, 1)",
                "INSERT INTO walks VALUES (1, 1, 2), (2, 2, 1)")) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            assertThat(cleanup.plan().hazards())
                    .filteredOn(hazard -> hazard.kind() == Hazard.Kind.COLUMN_ORDER)
                    .singleElement()
                    .asString()
                    .contains("trips.fk", "(b, a)", "(a, b)");
            contract.migrate().assertCascading("trips.fk", "walks.fk").assertRepeatable();
            assertThat(cleanup.prove().passed()).isTrue();
            contract.execute("DELETE FROM users WHERE a = 1");
            assertThat(contract.database().rows("SELECT id FROM trips UNION ALL SELECT id FROM walks"))
                    .isEqualTo(List.of(List.of(2L), List.of(2L)));
            contract.undoExactly();
        }
    }

    private static List<Hazard> cascadesLimit(CascadeContract contract) {
        return CascadeCleanup.of(contract.configuration()).plan().hazards().stream()
                .filter(hazard -> hazard.kind() == Hazard.Kind.CASCADES_LIMIT)
                .toList();
    }

    /** For the sessions that begin after it; what a database sets as a default does not count for root. */
    private static void limit(CascadeContract contract, int cascades) {
        String url = contract.database().jdbcUrl();
        contract.flyway(flyway -> flyway.dataSource(
                url + (url.contains("?") ? "&" : "?") + "options=-c%20foreign_key_cascades_limit=" + cascades,
                contract.database().user(),
                contract.database().password()));
    }

    private static void delete(CascadeContract contract) throws SQLException {
        try (Connection connection = contract.configuration().getDataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM users");
        }
    }
}
