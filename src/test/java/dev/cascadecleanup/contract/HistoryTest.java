package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeMigration;
import dev.cascadecleanup.CascadeUndoMigration;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoReport;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.junit.jupiter.api.Test;

/** Flyway's history and the journal: whose work is whose, and what the history says after an undo. */
@ContractTest(oldestAndNewest = true)
class HistoryTest {

    private static final String[] SCHEMA = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE teams (id bigint PRIMARY KEY)",
        "CREATE TABLE notes (u bigint CONSTRAINT of_user REFERENCES users, t bigint CONSTRAINT of_team REFERENCES teams)",
        "CREATE TABLE logins (u bigint CONSTRAINT of_user REFERENCES users ON DELETE CASCADE)"
    };

    private final TestServer server;

    HistoryTest(TestServer server) {
        this.server = server;
    }

    @Test
    void hasOneRowForV060() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA).migrate()) {
            assertThat(history(contract))
                    .containsExactly(
                            List.of("060", "CascadeCleanup", "JDBC", "db.migration.V060__CascadeCleanup", true));
        }
    }

    @Test
    void undoLeavesItAloneUnlessAsked() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA).migrate()) {
            assertThat(contract.undoExactly().removedFromHistory()).isFalse();
            assertThat(history(contract)).hasSize(1);
            assertThat(contract.configuration().load().migrate().migrations).isEmpty();
            contract.now().assertEqualTo(contract.before());
        }
    }

    @Test
    void undoTakesTheNewestVersionOutAndSaysThatItWouldComeAgain() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA).migrate();
                LogCapture log = LogCapture.open()) {
            UndoReport report = CascadeCleanup.of(contract.configuration())
                    .undo(UndoOptions.defaults().withRemoveFromHistory(true));
            assertThat(report.removedFromHistory()).isTrue();
            assertThat(history(contract)).isEmpty();
            assertThat(log.messages("WARN")).anyMatch(line -> line.contains("WOULD APPLY IT AGAIN"));
            contract.migrate().assertCascading("notes.of_user");
        }
    }

    /** The first undo may have been killed before it came to the history, or not been asked to. */
    @Test
    void anUndoThatFindsAllUndoneStillTakesTheVersionOut() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA).migrate()) {
            contract.undoExactly();
            assertThat(history(contract)).hasSize(1);
            UndoOptions remove = UndoOptions.defaults().withRemoveFromHistory(true);
            assertThat(CascadeCleanup.of(contract.configuration())
                            .undo(remove.withVersion("59"))
                            .removedFromHistory())
                    .isFalse();
            assertThat(CascadeCleanup.of(contract.configuration()).undo(remove).removedFromHistory())
                    .isTrue();
            assertThat(history(contract)).isEmpty();
        }
    }

    @Test
    void undoLeavesAVersionBelowALaterOneInTheHistory() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA).migrate();
                LogCapture log = LogCapture.open()) {
            Flyway later = contract.configuration()
                    .javaMigrations(new V061__Something_else())
                    .load();
            later.migrate();
            UndoReport report = CascadeCleanup.of(contract.configuration())
                    .undo(UndoOptions.defaults().withRemoveFromHistory(true));
            contract.now().assertEqualTo(contract.before());
            assertThat(report.removedFromHistory()).isFalse();
            assertThat(log.messages("WARN")).anyMatch(line -> line.contains("CascadeUndoMigration"));
            assertThat(history(contract)).hasSize(2);
            later.validate();
        }
    }

    @Test
    void rollingForwardLeavesItTrue() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA).migrate()) {
            Flyway forward = contract.configuration()
                    .javaMigrations(new V061__Take_back())
                    .load();
            assertThat(forward.migrate().migrations).hasSize(1);
            contract.now().assertEqualTo(contract.before());
            assertThat(history(contract)).extracting(row -> row.get(0)).containsExactly("060", "061");
            forward.validate();
            assertThat(forward.migrate().migrations).isEmpty();
            contract.now().assertEqualTo(contract.before());
        }
    }

    @Test
    void twoMigrationsAreToldApart() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            migrations(contract, new V061__Users(), new V062__Teams()).migrate();
            CatalogSnapshot both = contract.before().cascading(id -> id.table().equals("notes"));
            contract.now().assertEqualTo(both);

            CascadeCleanup cleanup = CascadeCleanup.of(contract.configuration());
            assertThatThrownBy(() -> cleanup.undo(UndoOptions.defaults()))
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("61, 62")
                    .hasMessageContaining("Nothing was changed");
            contract.now().assertEqualTo(both);

            assertThat(cleanup.undo(UndoOptions.defaults().withVersion("61")).restored())
                    .hasSize(1);
            contract.assertCascading("notes.of_team");
            assertThat(cleanup.undo(UndoOptions.defaults()).version()).isEqualTo("62");
            contract.now().assertEqualTo(contract.before());
        }
    }

    @Test
    void anUndoMigrationNamesOneOfTwo() throws Exception {
        try (CascadeContract contract = CascadeContract.on(server, SCHEMA)) {
            migrations(contract, new V061__Users(), new V062__Teams(), new V063__Take_back_users())
                    .migrate();
            contract.assertCascading("notes.of_team");
        }
    }

    private static Flyway migrations(CascadeContract contract, JavaMigration... migrations) {
        return contract.configuration()
                .locations(new String[0])
                .javaMigrations(migrations)
                .load();
    }

    private static List<List<Object>> history(CascadeContract contract) throws SQLException {
        return contract.database()
                .rows("SELECT version, description, type, script, success FROM flyway_schema_history"
                        + " WHERE type <> 'BASELINE' ORDER BY installed_rank");
    }

    static class V061__Users extends CascadeMigration {}

    static class V062__Teams extends CascadeMigration {

        @Override
        protected String parent() {
            return "teams";
        }
    }

    static class V063__Take_back_users extends CascadeUndoMigration {

        @Override
        protected String undoes() {
            return "61";
        }
    }

    static class V061__Take_back extends CascadeUndoMigration {}

    static class V061__Something_else extends BaseJavaMigration {

        @Override
        public void migrate(Context context) {}
    }
}
