package dev.cascadecleanup.internal.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.RecordingConsole;
import dev.cascadecleanup.online.Until;
import dev.cascadecleanup.plan.IndexPart;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of a build that goes on: how far it is, or whom it waits for. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
@Timeout(60)
class IndexProgressTest {

    private static final IndexPart PART =
            new IndexPart(0, new TableName("public", "notes"), TableKind.TABLE, "notes_u", null);

    private final TestServer server;
    private final RecordingConsole console = new RecordingConsole();

    IndexProgressTest(TestServer server) {
        this.server = server;
    }

    @Test
    void namesWhomItWaitsFor() throws Exception {
        try (TestDatabase database = server.createDatabase();
                Connection writer = database.connect();
                Connection builder = database.connect()) {
            database.execute("CREATE TABLE notes (u bigint)");
            writer.setAutoCommit(false);
            execute(writer, "INSERT INTO notes VALUES (1)");
            int pid = pid(builder);
            CompletableFuture<Void> build = CompletableFuture.runAsync(() -> {
                try {
                    execute(builder, "CREATE INDEX CONCURRENTLY notes_u ON notes (u)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Until.isTrue(
                    "it waits",
                    () -> database.<Long>value(
                                    "SELECT count(*) FROM pg_stat_progress_create_index"
                                            + " WHERE pid = ? AND phase LIKE 'waiting%' AND current_locker_pid > 0",
                                    pid)
                            > 0);
            new IndexProgress(database.dataSource(), pid, PART, console).look(Duration.ofSeconds(7));
            assertThat(console.infos())
                    .singleElement()
                    .asString()
                    .startsWith("notes_u on notes, for 7s: waiting for writers before build, pid " + pid(writer) + " (")
                    .contains("idle in transaction", "INSERT INTO notes");
            writer.rollback();
            build.join();
        }
    }

    @Test
    void saysHowLongItTakesWhereThereIsNoSecondConnection() {
        new IndexProgress(null, 1, PART, console).look(Duration.ofSeconds(7));
        assertThat(console.infos()).containsExactly("notes_u on notes, for 7s");
    }

    private static int pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
