package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a role needs on PostgreSQL, and that it is told of everything that it lacks before anything changes. */
@ContractTest(only = DatabaseKind.POSTGRESQL)
class PrivilegeTest {

    private static final String USERS = "CREATE TABLE users (id bigint PRIMARY KEY)";

    private final TestServer server;

    PrivilegeTest(TestServer server) {
        this.server = server;
    }

    @Test
    void ownerOfTheChildrenWithReferencesOnTheParentIsEnough() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE dirty (u bigint)",
                "INSERT INTO dirty VALUES (8), (9)",
                "ALTER TABLE dirty ADD CONSTRAINT fk FOREIGN KEY (u) REFERENCES users NOT VALID",
                "CREATE TABLE parts (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (u)",
                "CREATE TABLE part PARTITION OF parts DEFAULT")) {
            String owner = contract.database().createRole("owner");
            contract.execute(
                    "GRANT CREATE ON SCHEMA public TO " + owner,
                    "GRANT REFERENCES ON users TO " + owner,
                    "ALTER TABLE t OWNER TO " + owner,
                    "ALTER TABLE dirty OWNER TO " + owner,
                    "ALTER TABLE parts OWNER TO " + owner,
                    "ALTER TABLE part OWNER TO " + owner);
            contract.as(owner)
                    .migrate()
                    .assertCascading("t.fk", "dirty.fk", "parts.fk")
                    .assertRepeatable();

            contract.execute(
                    "INSERT INTO users VALUES (1)",
                    "INSERT INTO t VALUES (1)",
                    "INSERT INTO parts VALUES (1)",
                    "DELETE FROM users");
            assertThat(contract.count("t") + contract.count("parts")).isZero();

            contract.undoExactly();
        }
    }

    @Test
    void membersOfTheOwnersRoleMayMigrate() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server, USERS, "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            String owner = contract.database().createRole("owner");
            String member = contract.database().createRole("member");
            contract.execute(
                    "GRANT " + owner + " TO " + member,
                    "GRANT CREATE ON SCHEMA public TO " + owner,
                    "ALTER TABLE t OWNER TO " + owner,
                    "ALTER TABLE users OWNER TO " + owner);
            contract.as(member).migrate().assertCascading("t.fk").assertRepeatable();
            contract.undoExactly();
        }
    }

    @Test
    void everythingThatIsMissingIsListedAtOnce() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE SCHEMA locked",
                "CREATE TABLE mine (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "ALTER TABLE mine DISABLE TRIGGER ALL",
                "CREATE TABLE theirs (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE locked.away (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            String me = contract.database().createRole("me");
            String other = contract.database().createRole("other");
            contract.execute(
                    "GRANT CREATE ON SCHEMA public TO " + me,
                    "ALTER TABLE mine OWNER TO " + me,
                    "REVOKE DELETE ON mine FROM " + me,
                    "ALTER TABLE theirs OWNER TO " + other,
                    "ALTER TABLE locked.away OWNER TO " + me);
            assertThat(contract.as(me).migrateRefused())
                    .contains(
                            "does not own theirs (its owner is " + other + ")",
                            "no REFERENCES privilege on users",
                            "the owner of mine, has no DELETE privilege",
                            "only a superuser can put that back",
                            "no USAGE privilege on schema locked");
        }
    }

    @Test
    void ownerOfAChildWithoutDelete() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server, USERS, "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            String owner = contract.database().createRole("owner");
            contract.execute("ALTER TABLE t OWNER TO " + owner, "REVOKE ALL ON t FROM " + owner);
            assertThat(contract.migrateRefused())
                    .contains("the owner of t, has no DELETE privilege", "GRANT DELETE ON TABLE");
            contract.execute("GRANT DELETE ON t TO " + owner);
            contract.migrate().assertCascading("t.fk").undoExactly();
        }
    }

    @Test
    void journalWithoutAPlace() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC")) {
            String me = contract.database().createRole("me");
            contract.configuration().load().baseline();
            contract.execute(
                    "ALTER TABLE t OWNER TO " + me,
                    "ALTER TABLE users OWNER TO " + me,
                    "ALTER TABLE flyway_schema_history OWNER TO " + me);
            assertThat(contract.as(me).migrateRefused())
                    .contains("lacks CREATE ON SCHEMA \"public\"", "cascade_cleanup_journal");

            contract.execute("GRANT CREATE ON SCHEMA public TO " + me);
            contract.migrate();
            contract.execute("REVOKE CREATE ON SCHEMA public FROM " + me);
            contract.assertRepeatable().undoExactly();
        }
    }

    @Test
    void publishedTablesWithoutReplicaIdentity() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE keyless (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE keyed (id bigint PRIMARY KEY, u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE nothing (id bigint PRIMARY KEY, u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "ALTER TABLE nothing REPLICA IDENTITY NOTHING",
                "CREATE TABLE whole (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "ALTER TABLE whole REPLICA IDENTITY FULL",
                "CREATE TABLE parts (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (u)",
                "CREATE TABLE part PARTITION OF parts DEFAULT",
                "CREATE PUBLICATION p FOR TABLE keyless, keyed, nothing, whole, parts",
                "CREATE PUBLICATION inserts_only FOR ALL TABLES WITH (publish = 'insert')")) {
            String message = contract.migrateRefused();
            assertThat(message)
                    .contains("keyless is in a publication", "nothing is in a publication", "part is in a publication")
                    .doesNotContain("keyed is", "whole is");

            contract.execute(
                    "ALTER TABLE keyless REPLICA IDENTITY FULL",
                    "ALTER TABLE nothing REPLICA IDENTITY DEFAULT",
                    "ALTER TABLE part REPLICA IDENTITY FULL");
            contract.migrate().assertCascading(id -> true);
            contract.execute(
                    "INSERT INTO users VALUES (1)",
                    "INSERT INTO keyless VALUES (1)",
                    "INSERT INTO parts VALUES (1)",
                    "DELETE FROM users");
            contract.undoExactly();
        }
    }

    /** From PostgreSQL 16 on, asking the server which tables are published locks each of them. */
    @Test
    void aLockOnAPublishedTableThatIsNoneOfOursHoldsNothingUp() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                        server,
                        USERS,
                        "CREATE TABLE t (u bigint PRIMARY KEY, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                        "CREATE TABLE unrelated (id bigint PRIMARY KEY)",
                        "CREATE PUBLICATION p FOR ALL TABLES");
                Connection other = contract.database().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE unrelated IN ACCESS EXCLUSIVE MODE");
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> contract.migrate());
            contract.assertCascading("t.fk");
        }
    }

    @Test
    void tablesPublishedByTheirSchemaOrWithEverything() throws Exception {
        String keyless = "CREATE TABLE keyless (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)";
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                keyless,
                "CREATE UNLOGGED TABLE unlogged (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE PUBLICATION p FOR ALL TABLES")) {
            assertThat(contract.migrateRefused())
                    .contains("keyless is in a publication")
                    .doesNotContain("unlogged is");
        }
        if (server.major() >= 15) {
            try (CascadeContract contract =
                    CascadeContract.on(server, USERS, keyless, "CREATE PUBLICATION p FOR TABLES IN SCHEMA public")) {
                assertThat(contract.migrateRefused()).contains("keyless is in a publication");
            }
        }
    }

    /** Published by way of the partitioned table; it is the partitions that need an identity all the same. */
    @Test
    void publishedViaTheRoot() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE parts (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (u)",
                "CREATE TABLE part PARTITION OF parts DEFAULT",
                "CREATE PUBLICATION p FOR TABLE parts WITH (publish_via_partition_root)")) {
            assertThat(contract.migrateRefused())
                    .contains("part is in a publication")
                    .doesNotContain("parts is in");
            contract.execute("ALTER TABLE part REPLICA IDENTITY FULL");
            contract.migrate().assertCascading("parts.fk");
            contract.execute("INSERT INTO users VALUES (1)", "INSERT INTO parts VALUES (1)", "DELETE FROM users");
        }
    }
}
