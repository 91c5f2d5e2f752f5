package dev.cascadecleanup.contract;

import static dev.cascadecleanup.contract.EvilNames.quote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Partitioned tables on either side. Before PostgreSQL 18 the referencing side takes the way through the partitions. */
@ContractTest(only = DatabaseKind.POSTGRESQL)
class PartitionTest {

    private static final String USERS = "CREATE TABLE users (id bigint PRIMARY KEY)";

    private final TestServer server;

    PartitionTest(TestServer server) {
        this.server = server;
    }

    @Test
    void partitionedChildOfSeveralLevels() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE SCHEMA cold",
                "CREATE TABLE events (id bigint, u bigint NOT NULL, day int) PARTITION BY RANGE (day)",
                "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (10) TO (20) PARTITION BY LIST (u)",
                "CREATE TABLE events_2_even PARTITION OF events_2 FOR VALUES IN (2, 4)",
                "CREATE TABLE events_2_odd PARTITION OF events_2 DEFAULT",
                "ALTER TABLE events ADD CONSTRAINT \"The FK\" FOREIGN KEY (u) REFERENCES users ON DELETE RESTRICT DEFERRABLE",
                // Attached with a foreign key of its own name, which stays.
                """
                CREATE TABLE cold.archive (day int, id bigint, u bigint NOT NULL,
                  CONSTRAINT "its own; name" FOREIGN KEY (u) REFERENCES users ON DELETE RESTRICT DEFERRABLE)""",
                "ALTER TABLE events ATTACH PARTITION cold.archive FOR VALUES FROM (100) TO (200)",
                "ALTER TABLE events_2 RENAME CONSTRAINT \"The FK\" TO middle",
                "ALTER TABLE events_2_odd RENAME CONSTRAINT \"The FK\" TO odd",
                "COMMENT ON CONSTRAINT \"The FK\" ON events IS 'the top'")) {
            List<List<Object>> names = inheritedConstraints(contract);
            assertThat(names).hasSize(5);

            contract.migrate().assertCascading("events.The FK");
            assertThat(inheritedConstraints(contract)).isEqualTo(names);
            contract.assertRepeatable();

            contract.execute(
                    "INSERT INTO users VALUES (1), (2)",
                    "INSERT INTO events (id, u, day) VALUES (1, 1, 5), (2, 1, 15), (3, 2, 15), (4, 1, 150), (5, 2, 150)");
            contract.assertRefused("INSERT INTO events (u, day) VALUES (9, 15)");
            contract.assertRefused("INSERT INTO cold.archive (u, day) VALUES (9, 150)");
            contract.execute("DELETE FROM users WHERE id = 1");
            assertThat(contract.database().rows("SELECT id FROM events ORDER BY 1"))
                    .containsExactly(List.of(3L), List.of(5L));

            contract.undoExactly();
            assertThat(inheritedConstraints(contract)).isEqualTo(names);
            contract.assertRefused("DELETE FROM users WHERE id = 2");
        }
    }

    @Test
    void partitionedChildWithoutPartitions() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (u)")) {
            contract.migrate().assertCascading("t.fk").assertRepeatable().undoExactly();
        }
    }

    @Test
    void partitionedChildWithEvilNames() throws Exception {
        String longest = EvilNames.longest("ü");
        String evil = "back\\slash 'n \"quote\"; $$\n";
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE SCHEMA " + quote(evil),
                "CREATE TABLE %1$s.%2$s (%1$s bigint, CONSTRAINT %2$s FOREIGN KEY (%1$s) REFERENCES users) PARTITION BY LIST (%1$s)"
                        .formatted(quote(evil), quote(longest)),
                "CREATE TABLE %1$s.%1$s PARTITION OF %1$s.%2$s DEFAULT".formatted(quote(evil), quote(longest)),
                "ALTER TABLE %1$s.%1$s RENAME CONSTRAINT %2$s TO %1$s".formatted(quote(evil), quote(longest)))) {
            List<List<Object>> names = inheritedConstraints(contract);
            contract.migrate().assertCascading(id -> true).assertRepeatable();
            assertThat(inheritedConstraints(contract)).isEqualTo(names);
            contract.undoExactly();
            assertThat(inheritedConstraints(contract)).isEqualTo(names);
        }
    }

    @Test
    void partitionedParent() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE users_2 PARTITION OF users FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id)",
                "CREATE TABLE users_2_all PARTITION OF users_2 DEFAULT",
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE n (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL ON UPDATE CASCADE)")) {
            contract.migrate().assertCascading("t.fk", "n.fk").assertRepeatable();

            contract.execute(
                    "INSERT INTO users VALUES (1), (2), (11)",
                    "INSERT INTO t VALUES (1), (2), (11)",
                    "INSERT INTO n VALUES (1), (11)");
            contract.assertRefused("INSERT INTO t VALUES (3)");
            contract.execute("DELETE FROM users WHERE id IN (1, 11)");
            assertThat(contract.database().rows("SELECT u FROM t")).containsExactly(List.of(2L));
            assertThat(contract.count("n")).isZero();

            contract.undoExactly();
            contract.assertRefused("DELETE FROM users WHERE id = 2");
        }
    }

    @Test
    void bothSidesPartitioned() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE users_2 PARTITION OF users FOR VALUES FROM (10) TO (20)",
                "CREATE TABLE t (u bigint, day int, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (day)",
                "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20) PARTITION BY LIST (u)",
                "CREATE TABLE t_2_all PARTITION OF t_2 DEFAULT",
                "ALTER TABLE t_1 RENAME CONSTRAINT fk TO renamed",
                "ALTER TABLE t_2 RENAME CONSTRAINT fk TO middle")) {
            List<List<Object>> names = inheritedConstraints(contract);
            contract.migrate().assertCascading("t.fk");
            assertThat(inheritedConstraints(contract)).isEqualTo(names);
            contract.assertRepeatable();

            contract.execute(
                    "INSERT INTO users VALUES (1), (11)", "INSERT INTO t VALUES (1, 5), (11, 5), (1, 15), (11, 15)");
            contract.assertRefused("INSERT INTO t VALUES (2, 15)");
            contract.execute("DELETE FROM users WHERE id = 11");
            assertThat(contract.database().rows("SELECT u FROM t")).containsExactly(List.of(1L), List.of(1L));

            contract.undoExactly();
            assertThat(inheritedConstraints(contract)).isEqualTo(names);
        }
    }

    @Test
    void foreignKeyOfOnePartitionOnly() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint) PARTITION BY LIST (u)",
                "CREATE TABLE t_1 PARTITION OF t (CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) FOR VALUES IN (1)",
                "CREATE TABLE t_rest PARTITION OF t DEFAULT PARTITION BY RANGE (u)",
                "CREATE TABLE t_rest_all PARTITION OF t_rest DEFAULT",
                "ALTER TABLE t_rest ADD CONSTRAINT middle FOREIGN KEY (u) REFERENCES users")) {
            contract.migrate().assertCascading("t_1.fk", "t_rest.middle").assertRepeatable();
            contract.execute("INSERT INTO users VALUES (1), (2)", "INSERT INTO t VALUES (1), (2)", "DELETE FROM users");
            assertThat(contract.count("t")).isZero();
            contract.undoExactly();
        }
    }

    @Test
    void foreignKeyToAPartition() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users_1)")) {
            contract.migrate().assertCascading("t.fk").assertRepeatable();
            contract.execute(
                    "INSERT INTO users VALUES (1)", "INSERT INTO t VALUES (1)", "DELETE FROM users WHERE id = 1");
            assertThat(contract.count("t")).isZero();
            contract.undoExactly();
        }
    }

    @Test
    void selfReferenceOfAPartitionedParent() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY, manager bigint) PARTITION BY RANGE (id)",
                "CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (10)",
                "ALTER TABLE users ADD CONSTRAINT managed FOREIGN KEY (manager) REFERENCES users")) {
            contract.with("cascade_self_references", "cascade")
                    .migrate()
                    .assertCascading("users.managed")
                    .assertRepeatable();
            contract.execute("INSERT INTO users VALUES (1, NULL), (2, 1)", "DELETE FROM users WHERE id = 1");
            assertThat(contract.count("users")).isZero();
            contract.undoExactly();
        }
    }

    /** Rows that came in while the triggers were off. Before PostgreSQL 18 no foreign key can be NOT VALID here. */
    @Test
    void orphansFailTheMigrationAfterTheOthersAreDone() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE a_dirty (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (u)",
                "CREATE TABLE a_part PARTITION OF a_dirty DEFAULT",
                "CREATE TABLE b_clean (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "SET session_replication_role = replica; INSERT INTO a_dirty VALUES (7)")) {
            assertThat(contract.migrateFailed())
                    .contains("a_dirty.fk", "SELECT")
                    .doesNotContain("b_clean");
            assertThat(contract.now().get("b_clean.fk").onDelete()).isEqualTo("c");
            contract.assertRefused("INSERT INTO a_dirty VALUES (8)");

            contract.execute("DELETE FROM a_dirty");
            contract.migrate()
                    .assertCascading("a_dirty.fk", "b_clean.fk")
                    .assertRepeatable()
                    .undoExactly();
        }
    }

    /** Killed before the first swap: the journal knows nothing yet, and the one on the partition cascades. */
    @Test
    void undoTakesAwayWhatARunLeftBeforeItsFirstSwap() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (u)",
                "CREATE TABLE t_1 PARTITION OF t DEFAULT")) {
            contract.execute("ALTER TABLE t_1 ADD CONSTRAINT " + TemporaryNames.of(new TableName("public", "t"), "fk")
                    + " FOREIGN KEY (u) REFERENCES users ON DELETE CASCADE NOT VALID");
            contract.undoExactly();
        }
    }

    /** The constraints that follow one of a partitioned table, but for those that PostgreSQL keeps for its own book-keeping. */
    private static List<List<Object>> inheritedConstraints(CascadeContract contract) throws SQLException {
        return contract.database().rows("""
                SELECT n.nspname, t.relname, c.conname, c.convalidated
                FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
                WHERE c.contype = 'f' AND c.conparentid <> 0 AND t.relispartition AND c.confrelid = 'users'::regclass
                ORDER BY 1, 2, 3
                """);
    }
}
