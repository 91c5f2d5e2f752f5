package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestServer;
import org.junit.jupiter.api.Test;

/**
 * What a role needs on CockroachDB. A table on which it has no privilege is not even in the catalog, unless the role has CONNECT on the
 * database, which since v22.1 shows it every table, and which everybody has as long as nobody takes it away.
 */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class CockroachPrivilegeTest {

    private static final String USERS = "CREATE TABLE users (id bigint PRIMARY KEY)";

    private final TestServer server;

    CockroachPrivilegeTest(TestServer server) {
        this.server = server;
    }

    @Test
    void createOnTheTablesAndTheDatabaseIsEnough() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server, USERS, "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            String role = contract.database().createRole("migrator");
            contract.execute(
                    "GRANT CREATE ON DATABASE " + contract.database().name() + " TO " + role,
                    "GRANT CREATE, SELECT ON TABLE users, t TO " + role);
            contract.as(role)
                    .migrate()
                    .assertCascading("t.fk")
                    .assertRepeatable()
                    .undoExactly();
        }
    }

    @Test
    void everythingThatIsMissingIsListedAtOnce() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE mine (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE readable (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE hidden (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            hideTables(contract);
            String role = contract.database().createRole("migrator");
            contract.execute(
                    "GRANT CREATE ON DATABASE " + contract.database().name() + " TO " + role,
                    "GRANT CREATE, SELECT ON TABLE users, mine TO " + role,
                    "GRANT SELECT ON TABLE readable TO " + role);
            assertThat(contract.as(role).migrateRefused())
                    .contains("no CREATE privilege on readable", "may not see it")
                    .doesNotContain("privilege on mine");
        }
    }

    /** The remedy for a table out of sight. */
    @Test
    void whoMayConnectSeesEveryTable() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server, USERS, "CREATE TABLE hidden (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            hideTables(contract);
            String role = contract.database().createRole("migrator");
            String database = contract.database().name();
            contract.execute(
                    "GRANT CREATE, CONNECT ON DATABASE " + database + " TO " + role,
                    "GRANT CREATE, SELECT ON TABLE users TO " + role);
            assertThat(contract.as(role).migrateRefused())
                    .contains(server.major() >= 22 ? "no CREATE privilege on hidden" : "may not see it");
        }
    }

    /** CockroachDB cascades as the role that deletes: what counts is what it may, not what was granted to it by name. */
    @Test
    void whoMayDeleteByAnotherRoleLacksNothing() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE open (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE closed (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            String erasers = contract.database().createRole("erasers");
            String app = contract.database().createRole("app");
            contract.execute(
                    "GRANT " + erasers + " TO " + app,
                    "GRANT DELETE ON TABLE users TO " + app,
                    "GRANT DELETE ON TABLE t TO " + erasers,
                    "GRANT DELETE ON TABLE open TO public");
            assertThat(CascadeCleanup.of(contract.configuration()).plan().hazards().stream()
                            .filter(hazard -> hazard.kind() == Hazard.Kind.MISSING_PRIVILEGE)
                            .map(Hazard::toString))
                    .singleElement()
                    .asString()
                    .contains("closed.fk", "role " + app);
        }
    }

    private static void hideTables(CascadeContract contract) throws Exception {
        contract.execute("REVOKE CONNECT ON DATABASE " + contract.database().name() + " FROM public");
    }

    /** Cascades run as whoever deletes: not an obstacle to the migration, but to that role's deletes. */
    @Test
    void applicationRolesWithoutDeleteOnAChildAreNamed() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server, USERS, "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            String application = contract.database().createRole("application");
            contract.execute(
                    "GRANT SELECT, DELETE ON TABLE users TO " + application,
                    "GRANT SELECT, INSERT ON TABLE t TO " + application);
            try (LogCapture log = LogCapture.open()) {
                contract.migrate().assertCascading("t.fk");
                assertThat(log.messages("WARN"))
                        .anySatisfy(line -> assertThat(line).contains("t.fk", application, "GRANT DELETE"));
            }
        }
    }
}
