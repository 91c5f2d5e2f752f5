package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a role needs on PostgreSQL, and that it is told of everything that it lacks before anything changes. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
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

    /** Tables of another role, as of a hosting provider: what is advised leaves them as they are and converts the rest. */
    @Test
    void whatIsOutOfReachCanBeKept() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE mine (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE audits (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE SCHEMA auth",
                "CREATE TABLE auth.sessions (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE auth.\"of, theirs\" (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            String me = contract.database().createRole("me");
            contract.execute(
                    "GRANT CREATE ON SCHEMA public TO " + me,
                    "GRANT USAGE ON SCHEMA auth TO " + me,
                    "ALTER TABLE mine OWNER TO " + me,
                    "ALTER TABLE users OWNER TO " + me,
                    "ALTER TABLE audits OWNER TO " + me);
            contract.as(me).with("cascade_keep", "audits.u");
            Matcher advice = Pattern.compile("cascade_keep = (.*)\\.").matcher(contract.migrateRefused());
            assertThat(advice.find()).isTrue();
            contract.with("cascade_keep", advice.group(1));
            contract.migrate().assertCascading("mine.fk");
        }
    }

    /** One refusal names what is wrong with the options, with the schema, and with the rights on the journal. */
    @Test
    void everythingIsListedAtOnceAlsoWhereAnOptionCannotBeRead() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE theirs (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC")) {
            String me = contract.database().createRole("me");
            contract.configuration().load().baseline();
            contract.execute("ALTER TABLE flyway_schema_history OWNER TO " + me);
            contract.as(me).with("cascade_foo", "bar").with("cascade_keep", "nothing.here");
            try (LogCapture log = LogCapture.open()) {
                assertThat(contract.migrateRefused())
                        .contains(
                                "no option cascade_foo",
                                "cascade_keep names nothing.here",
                                "does not own theirs",
                                "lacks CREATE ON SCHEMA");
                // Flyway's own next line is about backups.
                assertThat(log.messages("ERROR")).anyMatch(line -> line.contains("There is nothing to restore"));
            }
        }
    }

    @Test
    void aJournalOutOfReachIsListedWithTheRest() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server, USERS, "CREATE TABLE mine (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            contract.migrate();
            CatalogSnapshot migrated = contract.now();
            String me = contract.database().createRole("me");
            contract.execute("CREATE TABLE theirs (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)");
            assertThatThrownBy(() -> CascadeCleanup.of(contract.database().dataSource(me, me))
                            .migrate("61", "test"))
                    .hasMessageContaining("does not own theirs")
                    .hasMessageContaining("SELECT, INSERT, UPDATE ON TABLE \"public\".\"cascade_cleanup_journal\"");
            assertThat(contract.now().get("mine.fk")).isEqualTo(migrated.get("mine.fk"));
        }
    }

    /** Asked for once in a run, and taken away in the middle of it. */
    @Test
    void theRightToLockTheParentIsTakenAwayMeanwhile() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE a (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE b (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            String me = contract.database().createRole("me");
            contract.execute(
                    "GRANT CREATE ON SCHEMA public TO " + me,
                    "GRANT REFERENCES, UPDATE ON users TO " + me,
                    "ALTER TABLE a OWNER TO " + me,
                    "ALTER TABLE b OWNER TO " + me);
            CascadeCleanup cleanup = CascadeCleanup.of(contract.database().dataSource(me, me))
                    .withConsole(new Console() {
                        @Override
                        public void info(String message) {
                            if (message.startsWith("[1/2]")) {
                                revoke();
                            }
                        }

                        @Override
                        public void warn(String message) {
                            // Of no interest here.
                        }

                        private void revoke() {
                            try {
                                contract.execute("REVOKE UPDATE ON users FROM " + me);
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        }
                    });
            assertThat(cleanup.migrate("60", "test").converted()).hasSize(2);
        }
    }

    /** A time-out that is meant for the requests of clients: no catalog query, journal row or lock of ours is one. */
    @Test
    void aStatementTimeoutOfTheSessionEndsNothing() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server, USERS, "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            contract.execute("ALTER DATABASE " + contract.database().name() + " SET statement_timeout = '50ms'");
            try (Connection connection = contract.database().connect()) {
                PostgresTransaction.read(
                        connection, () -> Sql.queryFirst(connection, "SELECT pg_sleep(0.2)", row -> 1));
                PostgresTransaction.write(
                        connection, () -> Sql.queryFirst(connection, "SELECT pg_sleep(0.2)", row -> 1));
                PostgresTransaction.readAtOnce(connection, flight -> flight.query("SELECT pg_sleep(0.2)", row -> 1));
            }
        }
    }

    /** The tables are fine, but no delete on the parent is published, or succeeds. */
    @Test
    void aParentThatIsPublishedWithoutReplicaIdentityIsMentioned() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint NOT NULL CONSTRAINT u UNIQUE)",
                "CREATE TABLE t (id bigint PRIMARY KEY, u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users (id))",
                "CREATE PUBLICATION p FOR TABLE users")) {
            assertThat(CascadeCleanup.of(contract.configuration()).plan().hazards())
                    .anyMatch(hazard -> hazard.kind() == Hazard.Kind.PUBLISHED_WITHOUT_IDENTITY
                            && hazard.toString().contains("REPLICA IDENTITY"));
            contract.migrate();
            contract.execute("INSERT INTO users VALUES (1)");
            assertThatThrownBy(() -> contract.execute("DELETE FROM users")).hasMessageContaining("replica identity");
            contract.execute("ALTER TABLE users REPLICA IDENTITY FULL", "DELETE FROM users");
        }
    }

    /** What a subscriber gets is the delete on the parent alone: no foreign key does anything there. */
    @Test
    void aParentThatIsPublishedWithoutItsChildrenIsMentioned() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (id bigint PRIMARY KEY, u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE other (id bigint PRIMARY KEY, u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE PUBLICATION p FOR TABLE users, other")) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            assertThat(cleanup.plan().hazards())
                    .filteredOn(hazard -> hazard.kind() == Hazard.Kind.PUBLISHED_ALONE)
                    .singleElement()
                    .asString()
                    .contains("users: is in the publication p", "in none (t)", "keeps their rows");
            contract.execute("ALTER PUBLICATION p ADD TABLE t");
            assertThat(cleanup.plan().hazards()).noneMatch(hazard -> hazard.kind() == Hazard.Kind.PUBLISHED_ALONE);
        }
    }

    @Test
    void validateFalseSaysWhereItHasNoEffect() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE parts (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (u)",
                "CREATE TABLE part PARTITION OF parts DEFAULT")) {
            contract.with("cascade_validate", "false");
            assertThat(CascadeCleanup.of(contract.configuration()).plan().hazards().stream()
                            .anyMatch(hazard -> hazard.kind() == Hazard.Kind.VALIDATED_ANYWAY))
                    .isEqualTo(server.major() < 18);
            contract.migrate();
            assertThat(contract.now().get("parts.fk").validated()).isEqualTo(server.major() < 18);
        }
    }

    @Test
    void referencesOnAnotherColumnIsNotEnough() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)")) {
            String owner = contract.database().createRole("owner");
            contract.execute(
                    "GRANT CREATE ON SCHEMA public TO " + owner,
                    "GRANT REFERENCES (name) ON users TO " + owner,
                    "ALTER TABLE t OWNER TO " + owner);
            assertThat(contract.as(owner).migrateRefused()).contains("no REFERENCES privilege on users");
            contract.execute("GRANT REFERENCES (id) ON users TO " + owner);
            contract.migrate().assertCascading("t.fk").undoExactly();
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
            assertTimeoutPreemptively(Duration.ofMinutes(5), () -> contract.migrate());
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
