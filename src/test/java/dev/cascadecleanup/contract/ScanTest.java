package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    /** Beside V060, or later: a migrate that ran it would take V060 back at once, or at the next start. */
    @Test
    void registeredTheUndoRefuses() throws Exception {
        try (CascadeContract contract = CascadeContract.on(Postgres.newest(), SCHEMA);
                LogCapture log = LogCapture.open()) {
            Flyway withUndo = contract.configuration()
                    .javaMigrations(new U060__CascadeCleanup())
                    .load();
            for (int start = 1; start <= 2; start++) {
                assertThatThrownBy(withUndo::migrate).hasStackTraceContaining("the undo of V060");
                contract.assertCascading("notes.fk");
                assertThat(scripts(contract)).containsExactly(List.of("db.migration.V060__CascadeCleanup"));
            }
            assertThat(log.messages("ERROR")).anyMatch(line -> line.contains("CascadeUndoMigration"));
            assertThat(contract.configuration().load().migrate().migrations).isEmpty();
        }
    }

    private static List<List<Object>> scripts(CascadeContract contract) throws Exception {
        return contract.database()
                .rows("SELECT script FROM flyway_schema_history WHERE version = '060' ORDER BY installed_rank");
    }
}
