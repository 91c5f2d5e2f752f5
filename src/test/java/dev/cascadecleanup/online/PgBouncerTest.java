package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Behind PgBouncer. In session mode a client has one session; in transaction mode another one may run each transaction. */
class PgBouncerTest {

    @BeforeAll
    static void requireProgram() {
        Assumptions.assumeTrue(PgBouncer.program().isPresent(), "pgbouncer is not installed on this machine");
    }

    @Test
    void worksInSessionMode() throws Exception {
        try (TestDatabase database = OnlineSchema.create(Postgres.newest());
                PgBouncer bouncer = PgBouncer.start(database, "session")) {
            List<String> before = ForeignKeys.of(database);
            Migrations.migrate(bouncer.dataSource());
            assertThat(ForeignKeys.of(database)).allMatch(fk -> fk.contains("ON DELETE CASCADE | true"));
            Migrations.undo(bouncer.dataSource());
            assertThat(ForeignKeys.of(database)).isEqualTo(before);
        }
    }

    /** Our lock belongs to a session, and the next transaction is in another one: that is noticed before anything changes. */
    @Test
    void isRefusedInTransactionMode() throws Exception {
        try (TestDatabase database = OnlineSchema.create(Postgres.newest());
                PgBouncer bouncer = PgBouncer.start(database, "transaction");
                LogCapture log = LogCapture.open()) {
            List<String> before = ForeignKeys.of(database);
            bouncer.open(5);
            assertThatThrownBy(() -> Migrations.migrate(bouncer.dataSource())).isInstanceOf(FlywayException.class);
            assertThat(log.messages("ERROR"))
                    .anySatisfy(line -> assertThat(line).contains("pooler in session mode"));
            assertThat(ForeignKeys.of(database)).isEqualTo(before);
        }
    }

    /** With nobody else on it, each transaction gets the same session again: only another connection tells. */
    @Test
    void isRefusedInTransactionModeWithNobodyElseToo() throws Exception {
        try (TestDatabase database = OnlineSchema.create(Postgres.newest());
                PgBouncer bouncer = PgBouncer.start(database, "transaction")) {
            List<String> before = ForeignKeys.of(database);
            assertThatThrownBy(() -> CascadeCleanup.of(bouncer.dataSource()).migrate("60", "test"))
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("pooler in session mode");
            assertThat(ForeignKeys.of(database)).isEqualTo(before);
            assertThat(locks(database)).isEmpty();
        }
    }

    private static List<Integer> locks(TestDatabase database) throws SQLException {
        return database
                .rows(
                        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database"
                                + " WHERE datname = current_database())")
                .stream()
                .map(row -> (Integer) row.get(0))
                .toList();
    }
}
