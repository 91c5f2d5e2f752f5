package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Verification;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Triggers behind a foreign key that somebody switched (ALTER TABLE ... DISABLE TRIGGER) keep their state through both swaps. */
@ContractTest(only = DatabaseKind.POSTGRESQL)
class TriggerStateTest {

    private static final String USERS = "CREATE TABLE users (id bigint PRIMARY KEY)";
    /** A DO statement that switches one trigger of the constraint fk of a table. */
    private static final String SWITCH = """
            DO $$
            DECLARE t record;
            BEGIN
              FOR t IN SELECT g.tgname, g.tgrelid::regclass AS relation FROM pg_trigger g
                       JOIN pg_constraint c ON c.oid = g.tgconstraint JOIN pg_proc p ON p.oid = g.tgfoid
                       WHERE c.conname = 'fk' AND c.conrelid = '%s'::regclass AND p.proname LIKE '%s' LOOP
                EXECUTE format('ALTER TABLE %%s %s TRIGGER %%I', t.relation, t.tgname);
              END LOOP;
            END $$""";

    private final TestServer server;

    TriggerStateTest(TestServer server) {
        this.server = server;
    }

    @Test
    void eachStateOfEachTrigger() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE off (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE partly (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL)",
                "CREATE TABLE mixed (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users ON UPDATE CASCADE)",
                "CREATE TABLE \"O'dd \\ na\"\"me\" (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE plain (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                SWITCH.formatted("off", "%", "DISABLE"),
                SWITCH.formatted("partly", "RI_FKey_check_ins", "DISABLE"),
                SWITCH.formatted("mixed", "RI_FKey_check_%", "ENABLE REPLICA"),
                SWITCH.formatted("mixed", "%_del", "ENABLE ALWAYS"),
                SWITCH.formatted("\"O''dd \\ na\"\"me\"", "%_upd", "DISABLE"))) {
            assertThat(contract.before().get("mixed.fk").triggers())
                    .containsExactlyInAnyOrder("RI_FKey_check_ins R", "RI_FKey_check_upd R", "del A", "upd O");
            contract.migrate().assertCascading(id -> true).assertRepeatable();

            contract.execute("INSERT INTO partly VALUES (9)", "INSERT INTO off VALUES (9)");
            contract.assertRefused("INSERT INTO plain VALUES (9)");
            contract.execute("DELETE FROM partly", "DELETE FROM off");

            contract.undoExactly();
        }
    }

    @Test
    void orphansThatCameInThroughDisabledTriggers() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "ALTER TABLE t DISABLE TRIGGER ALL",
                "INSERT INTO t VALUES (9)")) {
            assertThat(contract.migrateFailed()).contains("t.fk", "1 rows");
            CatalogSnapshot.State cascading =
                    contract.before().cascading(id -> true).get("t.fk");
            contract.now().assertEqualTo(contract.before().with("t.fk", cascading.withValidated(false)));
        }
    }

    @Test
    void ofThePartitionedTableItself() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (u)",
                "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10)",
                SWITCH.formatted("t", "%_del", "ENABLE ALWAYS"))) {
            contract.migrate().assertCascading("t.fk").assertRepeatable().undoExactly();
        }
    }

    /** The swap makes the triggers of all partitions anew, so their states would be lost. */
    @Test
    void ofSomePartitionsAreRefused() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (u)",
                "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (u)",
                "CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES FROM (0) TO (5)",
                "ALTER TABLE t_1_1 DISABLE TRIGGER ALL")) {
            assertThat(contract.migrateRefused()).contains("t.fk", "CHECK_INSERT=D on t_1_1");
            contract.execute("ALTER TABLE t_1_1 ENABLE TRIGGER ALL");
            contract.migrate().assertCascading("t.fk").undoExactly();
        }
    }

    @Test
    void ofPartitionsOfTheParentAreRefused() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                "CREATE TABLE users (id bigint PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE t (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "ALTER TABLE users_1 DISABLE TRIGGER ALL")) {
            assertThat(contract.migrateRefused()).contains("t.fk", "ON_DELETE=D on users_1");
            contract.with("cascade_keep", "t.fk").migrate().assertCascading();
        }
    }

    /** Rows below a table whose triggers are off stay behind, whatever their foreign key says. */
    @Test
    void furtherDownTheClosureIsNotVerified() throws Exception {
        for (String action : List.of("NO ACTION", "CASCADE", "SET NULL")) {
            try (CascadeContract contract = CascadeContract.on(
                    server,
                    USERS,
                    "CREATE TABLE p (id bigint PRIMARY KEY, u bigint NOT NULL, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                    "CREATE TABLE c (p bigint NOT NULL, CONSTRAINT fk FOREIGN KEY (p) REFERENCES p ON DELETE " + action
                            + ")")) {
                contract.with("cascade_scope", "closure").migrate();
                contract.execute("ALTER TABLE p DISABLE TRIGGER ALL");
                Verification verification =
                        CascadeCleanup.of(contract.configuration()).verify();
                assertThat(verification.result()).as(action).isEqualTo(Verification.Result.NO);
                assertThat(verification.ineffective())
                        .as(action)
                        .singleElement()
                        .asString()
                        .startsWith("c.fk");

                contract.with("cascade_keep", "c.fk");
                assertThat(CascadeCleanup.of(contract.configuration()).verify().result())
                        .as("decided")
                        .isEqualTo(Verification.Result.YES);
            }
        }
    }

    /** Only what looks at the delete is off: a row that is written twice in it is checked all the same, and refuses. */
    @Test
    void theCheckOfAnotherWriteIsStillOn() throws Exception {
        try (CascadeContract contract = CascadeContract.on(
                server,
                USERS,
                "CREATE TABLE rooms (id bigint PRIMARY KEY, u bigint NOT NULL REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE left_alone (u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                "CREATE TABLE written_twice (a bigint REFERENCES users ON DELETE SET NULL,"
                        + " b bigint REFERENCES rooms ON DELETE SET NULL, u bigint, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users)",
                SWITCH.formatted("left_alone", "%_del", "DISABLE"),
                SWITCH.formatted("written_twice", "%_del", "DISABLE"))) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration())
                    .withOptions(CascadeOptions.defaults().toBuilder()
                            .scope(CascadeOptions.Scope.CLOSURE)
                            .keepSetNull(true)
                            .keep("left_alone.fk,written_twice.fk")
                            .build());
            assertThat(cleanup.verify().result()).isEqualTo(Verification.Result.YES);
            assertThat(cleanup.verify().summary())
                    .contains(
                            "nothing refuses the delete but what was decided",
                            "1 kept or accepted foreign key can refuse it",
                            "1 kept or accepted foreign key leaves rows behind");
            contract.execute(
                    "INSERT INTO users VALUES (1), (2)",
                    "INSERT INTO rooms VALUES (1, 1)",
                    "INSERT INTO left_alone VALUES (1), (2)",
                    "INSERT INTO written_twice VALUES (1, 1, 1)");
            contract.assertRefused("DELETE FROM users WHERE id = 1");
            contract.execute("DELETE FROM users WHERE id = 2");
            assertThat(contract.count("left_alone")).isEqualTo(2);
        }
    }
}
