package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.undo.U060__CascadeCleanup;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Test;

/** What Flyway finds of this library by itself, and what only when told. On one server: what is found does not depend on it. */
class ScanTest {

    private static final String[] SCHEMA = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE notes (u bigint CONSTRAINT fk REFERENCES users)",
        "CREATE INDEX ON notes (u)"
    };

    @Test
    void ofTheWholeDbPackageFindsV060AndNothingElse() throws Exception {
        try (CascadeContract contract = CascadeContract.on(Postgres.newest(), SCHEMA)
                        .flyway(flyway -> flyway.locations("classpath:db"));
                LogCapture log = LogCapture.open()) {
            assertThat(contract.configuration().load().info().all())
                    .extracting(MigrationInfo::getScript)
                    .containsExactly("db.migration.V060__CascadeCleanup");
            contract.migrate().assertCascading("notes.fk");
            assertThat(contract.configuration().load().migrate().migrations).isEmpty();
            // An old Flyway recommends a newer one on a new server.
            assertThat(log.messages("WARN")).allMatch(line -> line.startsWith("Flyway upgrade recommended"));
        }
    }

    @Test
    void registeredTheUndoRunsRightAfterV060() throws Exception {
        try (CascadeContract contract = CascadeContract.on(Postgres.newest(), SCHEMA)) {
            Flyway flyway = contract.configuration()
                    .javaMigrations(new U060__CascadeCleanup())
                    .load();
            assertThat(flyway.migrate().migrations)
                    .extracting(applied -> applied.version)
                    .containsExactly("060", "060");
            contract.now().assertEqualTo(contract.before());
            assertThat(scripts(contract))
                    .containsExactly(
                            List.of("db.migration.V060__CascadeCleanup"),
                            List.of(U060__CascadeCleanup.class.getName()));
        }
    }

    @Test
    void registeredLaterTheUndoTakesV060BackOnce() throws Exception {
        try (CascadeContract contract = CascadeContract.on(Postgres.newest(), SCHEMA)) {
            contract.migrate().assertCascading("notes.fk");
            Flyway withUndo = contract.configuration()
                    .javaMigrations(new U060__CascadeCleanup())
                    .load();
            assertThat(withUndo.migrate().migrations).hasSize(1);
            contract.now().assertEqualTo(contract.before());
            assertThat(withUndo.migrate().migrations).isEmpty();
            contract.now().assertEqualTo(contract.before());

            // Taken out again, it leaves a row behind that Flyway does not miss.
            Flyway withoutUndo = contract.configuration()
                    .javaMigrations(new HistoryTest.V061__Something_else())
                    .load();
            assertThat(withoutUndo.migrate().migrations).hasSize(1);
            withoutUndo.validate();
            contract.now().assertEqualTo(contract.before());
        }
    }

    private static List<List<Object>> scripts(CascadeContract contract) throws Exception {
        return contract.database()
                .rows("SELECT script FROM flyway_schema_history WHERE version = '060' ORDER BY installed_rank");
    }
}
