package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestServer;
import org.junit.jupiter.api.Test;

/** The undo of a database on which life went on after the migration. */
@ContractTest(oldestAndNewest = true)
class UndoTest {

    private static final String USERS = "CREATE TABLE users (id bigint PRIMARY KEY)";
    private static final String NOTES = "CREATE TABLE notes (u bigint CONSTRAINT of_user REFERENCES users)";
    private static final String TASKS =
            "CREATE TABLE tasks (u bigint CONSTRAINT of_user REFERENCES users ON DELETE SET NULL)";
    private static final String LOGINS =
            "CREATE TABLE logins (u bigint CONSTRAINT of_user REFERENCES users ON DELETE CASCADE)";

    private final TestServer server;

    UndoTest(TestServer server) {
        this.server = server;
    }

    @Test
    void twiceIsOnce() throws Exception {
        try (CascadeContract contract = migrated()) {
            assertThat(contract.undoExactly().restored()).hasSize(2);
            UndoReport again = contract.undoExactly();
            assertThat(again.version()).isNull();
            assertThat(again.restored()).isEmpty();
        }
    }

    @Test
    void withoutAnyMigrationThereIsNothingToUndo() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, NOTES)) {
            assertThat(contract.undoExactly().version()).isNull();
            assertThat(contract.journals()).isEmpty();
        }
    }

    @Test
    void saysWhatChangedAlsoWhereTheActionOnDeleteDidNot() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.execute(
                    "ALTER TABLE notes DROP CONSTRAINT of_user",
                    "ALTER TABLE notes ADD CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE");
            assertThatThrownBy(contract::undo)
                    .hasMessageContaining("ON DELETE CASCADE ON UPDATE CASCADE")
                    .hasMessageContaining("the migration had made it ON DELETE CASCADE ON UPDATE NO ACTION");
        }
    }

    @Test
    void ofAnotherVersionDoesNothing() throws Exception {
        try (CascadeContract contract = migrated()) {
            assertThat(CascadeCleanup.of(contract.configuration())
                            .undo(UndoOptions.defaults().withVersion("61"))
                            .restored())
                    .isEmpty();
            contract.assertCascading("notes.of_user", "tasks.of_user");
        }
    }

    @Test
    void aVersionThatFlywayCouldNotHaveIsRefused() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, USERS, NOTES)) {
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            for (String version : new String[] {"2026-erasure", "", "latest", null}) {
                assertThatThrownBy(() -> cleanup.migrate(version, "by hand"))
                        .isInstanceOf(CascadeException.class)
                        .hasMessageContaining("'" + version + "' is not a version")
                        .hasMessageContaining("nothing was changed");
                assertThatThrownBy(() -> cleanup.migrationScript(version)).isInstanceOf(CascadeException.class);
            }
            contract.now().assertEqualTo(contract.before());
        }
    }

    /** As releases before the first one let it come about. */
    @Test
    void aJournalWithSuchAVersionCanBeUndone() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.execute("UPDATE cascade_cleanup_journal SET version = '2026-erasure'");
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            assertThat(cleanup.planUndo(UndoOptions.defaults()).version()).isEqualTo("2026-erasure");
            assertThat(cleanup.planUndo(UndoOptions.defaults().withVersion("60"))
                            .otherVersions())
                    .containsExactly("2026-erasure");
            assertThat(cleanup.undo(UndoOptions.defaults().withVersion("2026-erasure"))
                            .restored())
                    .hasSize(2);
            contract.now().assertEqualTo(contract.before());
        }
    }

    /** Somebody made a foreign key anew, without CASCADE, and the next version converted it. */
    @Test
    void whatALaterVersionConvertedAgainIsThatOnesToUndo() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.execute(
                    "ALTER TABLE notes DROP CONSTRAINT of_user",
                    "ALTER TABLE notes ADD CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users");
            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            assertThat(cleanup.migrate("67", "next").converted()).hasSize(1);
            CatalogSnapshot converted = contract.now();

            UndoOptions first = UndoOptions.defaults().withVersion("60");
            assertThatThrownBy(() -> cleanup.undo(first))
                    .hasMessageContaining(
                            "notes.of_user (u) -> users(id) was converted again by version 67; undo that first");
            contract.now().assertEqualTo(converted);
            assertThat(cleanup.planUndo(first).isExact()).isFalse();

            assertThat(cleanup.undo(UndoOptions.defaults().withVersion("67")).restored())
                    .hasSize(1);
            assertThat(cleanup.undo(first).restored()).hasSize(1);
            contract.now().assertEqualTo(contract.before());
        }
    }

    @Test
    void aRoleWithoutRightsOnTheJournalIsToldWhichItNeeds() throws Exception {
        try (CascadeContract contract = migrated()) {
            String role = contract.database().createRole("reader");
            CascadeCleanup cleanup = CascadeCleanup.of(contract.database().dataSource(role, role));
            String grant = "INSERT, UPDATE ON TABLE \"public\".\"cascade_cleanup_journal\" TO \"" + role + '"';
            assertThatThrownBy(() -> cleanup.planUndo(UndoOptions.defaults()))
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("cascade_cleanup_journal")
                    .hasMessageContaining(grant);
            assertThatThrownBy(() -> cleanup.undo(UndoOptions.defaults())).hasMessageContaining(grant);
            contract.assertCascading("notes.of_user", "tasks.of_user");
        }
    }

    @Test
    void migratingAgainAfterAnUndoCanBeUndoneAgain() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.undoExactly();
            CascadeCleanup.of(contract.configuration()).migrate("60", "again");
            contract.assertCascading("notes.of_user", "tasks.of_user");
            assertThat(contract.undoExactly().restored()).hasSize(2);
        }
    }

    @Test
    void droppedTable() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.execute("DROP TABLE notes");
            refusesOrLeavesAlone(contract, "notes.of_user is gone");
            assertThat(contract.now().get("tasks.of_user"))
                    .isEqualTo(contract.before().get("tasks.of_user"));
        }
    }

    @Test
    void droppedForeignKey() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.execute("ALTER TABLE notes DROP CONSTRAINT of_user");
            refusesOrLeavesAlone(contract, "notes.of_user is gone");
            assertThat(contract.now().get("tasks.of_user"))
                    .isEqualTo(contract.before().get("tasks.of_user"));
        }
    }

    @Test
    void changedForeignKey() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.execute(
                    "ALTER TABLE notes DROP CONSTRAINT of_user",
                    "ALTER TABLE notes ADD CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users ON DELETE SET NULL");
            refusesOrLeavesAlone(
                    contract, "notes.of_user (u) -> users(id) was changed since: it is ON DELETE SET NULL");
            contract.now()
                    .assertEqualTo(contract.before()
                            .with(
                                    "notes.of_user",
                                    contract.before().get("notes.of_user").withOnDelete("n")));
        }
    }

    @Test
    void takenBackByHand() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.execute(
                    "ALTER TABLE notes DROP CONSTRAINT of_user",
                    "ALTER TABLE notes ADD CONSTRAINT of_user FOREIGN KEY (u) REFERENCES users");
            UndoReport report = contract.undoExactly();
            assertThat(report.skipped()).isEmpty();
            assertThat(report.restored()).hasSize(1);
            assertThat(contract.undoExactly().version()).isNull();
        }
    }

    @Test
    void renamedTablesAndColumns() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.execute(
                    "ALTER TABLE users RENAME TO people",
                    "ALTER TABLE people RENAME COLUMN id TO person_id",
                    "ALTER TABLE notes RENAME TO remarks",
                    "ALTER TABLE tasks RENAME COLUMN u TO owner");
            UndoReport report = contract.undo();
            assertThat(report.restored()).hasSize(2);
            assertThat(report.skipped()).isEmpty();
            assertThat(report.renamed())
                    .containsExactlyInAnyOrder(
                            "notes.of_user is now called remarks.of_user (u) -> people(person_id)",
                            "tasks.of_user is now called tasks.of_user (owner) -> people(person_id)");
            CatalogSnapshot now = contract.now();
            assertThat(now.get("remarks.of_user").onDelete()).isEqualTo("a");
            assertThat(now.get("tasks.of_user").onDelete()).isEqualTo("n");
            assertThat(now.get("tasks.of_user").columns()).containsExactly("owner");
            assertThat(now.get("logins.of_user").onDelete()).isEqualTo("c");
        }
    }

    /** CockroachDB gives a renamed constraint another OID, so that nothing tells it from a new one. */
    @Test
    void renamedConstraint() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.execute("ALTER TABLE notes RENAME CONSTRAINT of_user TO author");
            if (server.isCockroach()) {
                refusesOrLeavesAlone(contract, "notes.of_user is gone");
            } else {
                assertThat(contract.undo().renamed())
                        .containsExactly("notes.of_user is now called notes.author (u) -> users(id)");
                assertThat(contract.now().get("notes.author"))
                        .isEqualTo(contract.before().get("notes.of_user"));
            }
            assertThat(contract.now().get("tasks.of_user"))
                    .isEqualTo(contract.before().get("tasks.of_user"));
        }
    }

    /** As pg_dump would: the same tables, the same foreign keys, the same journal, but other OIDs throughout. */
    @Test
    void afterARestoreFromABackup() throws Exception {
        try (CascadeContract contract = migrated()) {
            contract.execute(
                    "DROP TABLE notes, tasks, logins, users",
                    USERS,
                    LOGINS,
                    "CREATE TABLE notes (u bigint CONSTRAINT of_user REFERENCES users ON DELETE CASCADE)",
                    "CREATE TABLE tasks (u bigint CONSTRAINT of_user REFERENCES users ON DELETE CASCADE)");
            contract.assertCascading("notes.of_user", "tasks.of_user");
            UndoReport report = contract.undoExactly();
            assertThat(report.restored()).hasSize(2);
            assertThat(report.renamed()).isEmpty();
        }
    }

    private CascadeContract migrated() throws Exception {
        return CascadeContract.on(server, USERS, NOTES, TASKS, LOGINS).migrate();
    }

    /** Refuses because of notes, changing nothing; then, told to leave it alone, restores tasks and does just that. */
    private static void refusesOrLeavesAlone(CascadeContract contract, String reason) throws Exception {
        CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
        CatalogSnapshot meanwhile = contract.now();
        assertThatThrownBy(() -> cleanup.undo(UndoOptions.defaults()))
                .isInstanceOf(CascadeException.class)
                .hasMessageContaining("before anything was changed")
                .hasMessageContaining(reason);
        contract.now().assertEqualTo(meanwhile);

        UndoReport report = cleanup.undo(UndoOptions.defaults().withSkipChanged(true));
        assertThat(report.skipped()).singleElement().asString().startsWith(reason);
        assertThat(report.restored()).hasSize(1);
    }
}
