package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestServer;
import org.junit.jupiter.api.Test;

/** What a role needs on CockroachDB, where a table without any privilege is not even in the catalog. */
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
