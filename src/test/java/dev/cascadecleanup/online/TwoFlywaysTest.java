package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import db.migration.V060__CascadeCleanup;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeIndexes;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two instances of a service start at once. One builds indexes ahead, under this library's lock, and its CREATE INDEX CONCURRENTLY waits
 * for the other's Flyway, which holds its own lock in a transaction; that Flyway comes to the cascade migration and wants this library's
 * lock. Both have to come through, and the index too.
 */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
@Timeout(120)
class TwoFlywaysTest {

    private static final String LATE = "CREATE TABLE late (u bigint REFERENCES users)";

    private final TestServer server;

    TwoFlywaysTest(TestServer server) {
        this.server = server;
    }

    /** Its callback has seen nothing to build, since a migration of this very run makes the table. */
    @Test
    void theOtherFlywayIsAtWorkAlready() throws Exception {
        try (TestDatabase database = database("two-flyways", "CREATE TABLE unrelated (id bigint)");
                LogCapture log = LogCapture.open()) {
            V059_2__Wait wait = new V059_2__Wait();
            Background<Void> first =
                    Background.start("first", () -> migrate(database.dataSource(), true, new V059_1__Late(), wait));
            wait.arrived.await();
            Background<Void> second = Background.start(
                    "second",
                    () -> migrate(database.dataSource(), true, new V059_1__Late(), new V059_2__Wait(wait.mayGoOn)));
            Until.isTrue("the second gives way", () -> isLogged(log, "gives way to another Flyway"));
            wait.mayGoOn.countDown();
            first.join();
            second.join();
            assertBothCameThrough(database, log);
        }
    }

    /** One without the callback, the command line say. */
    @Test
    void theOtherFlywayComesInTheMiddle() throws Exception {
        try (TestDatabase database = database("two-flyways-late", LATE);
                LogCapture log = LogCapture.open()) {
            Latecomer latecomer = new Latecomer(database, log);
            migrate(latecomer.guard(database.dataSource()), true);
            latecomer.flyway.join();
            assertBothCameThrough(database, log);
            assertThat(log.messages("INFO"))
                    .filteredOn(line -> line.contains("gives way to another Flyway"))
                    .hasSize(1);
        }
    }

    private TestDatabase database(String name, String table) throws SQLException {
        return server.databaseOf(name, empty -> {
            empty.execute("CREATE TABLE users (id bigint PRIMARY KEY)", table);
            Migrations.baseline(empty);
        });
    }

    private static void assertBothCameThrough(TestDatabase database, LogCapture log) throws Exception {
        assertThat(ForeignKeys.of(database))
                .singleElement()
                .asString()
                .contains("late")
                .contains("ON DELETE CASCADE");
        assertThat(database.rows("SELECT i.indisvalid FROM pg_index i WHERE i.indrelid = 'late'::regclass"))
                .containsExactly(List.of(true));
        // It was built after the migration of the other one, to which it belongs now.
        assertThat(database.rows("SELECT version FROM cascade_cleanup_index_journal WHERE state = 'built'"))
                .containsExactly(List.of("60"));
        assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR"));
        CascadeCleanup.of(database.dataSource()).undo(UndoOptions.defaults());
        assertThat(database.rows("SELECT 1 FROM pg_index i WHERE i.indrelid = 'late'::regclass"))
                .isEmpty();
    }

    private static Void migrate(DataSource dataSource, boolean ahead, BaseJavaMigration... before) {
        var flyway = Migrations.configure(dataSource);
        if (ahead) {
            flyway.callbacks(new CascadeIndexes());
        }
        if (before.length > 0) {
            flyway.javaMigrations(before[0], before[1], new V060__CascadeCleanup());
        }
        flyway.load().migrate();
        return null;
    }

    private static boolean isLogged(LogCapture log, String text) {
        return log.lines().stream().anyMatch(line -> line.contains(text));
    }

    /** Makes a table that has to wait for an index. */
    public static final class V059_1__Late extends BaseJavaMigration {
        @Override
        public void migrate(Context context) throws SQLException {
            try (Statement statement = context.getConnection().createStatement()) {
                statement.execute(LATE);
            }
        }
    }

    /** Keeps Flyway in the middle of its run. */
    public static final class V059_2__Wait extends BaseJavaMigration {

        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch mayGoOn;

        V059_2__Wait() {
            this(new CountDownLatch(1));
        }

        V059_2__Wait(CountDownLatch mayGoOn) {
            this.mayGoOn = mayGoOn;
        }

        @Override
        public void migrate(Context context) throws InterruptedException {
            arrived.countDown();
            mayGoOn.await();
        }
    }

    /** A Flyway that begins when the build does, and waits for the lock by then. */
    private static final class Latecomer implements Gate {

        private final TestDatabase database;
        private final LogCapture log;
        private Background<Void> flyway;

        Latecomer(TestDatabase database, LogCapture log) {
            this.database = database;
            this.log = log;
        }

        @Override
        public void before(String sql) throws SQLException {
            if (sql.startsWith("CREATE INDEX CONCURRENTLY") && flyway == null) {
                flyway = Background.start("latecomer", () -> migrate(database.dataSource(), false));
                try {
                    Until.isTrue(
                            "the latecomer wants the lock",
                            () -> isLogged(log, "another cascade migration is at work in this database"));
                } catch (Exception e) {
                    throw new SQLException(e);
                }
            }
        }

        @Override
        public void after(String sql) {}
    }
}
