package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeGuard;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind HikariCP: no more connections than Flyway itself needs, and each goes back as it came. */
@ContractTest(oldestAndNewest = true)
class PoolTest {

    private final TestServer server;

    PoolTest(TestServer server) {
        this.server = server;
    }

    /** Flyway needs two: one for its history and lock, one for the migration. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void worksUnderFlyway(int size) throws Exception {
        try (TestDatabase database = OnlineSchema.create(server);
                HikariDataSource pool = pool(database, size)) {
            List<String> before = ForeignKeys.of(database);
            List<String> settings = settings(pool);
            Migrations.migrate(pool);
            assertThat(settings(pool)).isEqualTo(settings);
            Migrations.undo(pool);
            assertThat(settings(pool)).isEqualTo(settings);
            assertThat(ForeignKeys.of(database)).isEqualTo(before);
        }
    }

    /** The guard looks over connections that Flyway has open anyway. */
    @Test
    void theGuardNeedsNoMore() throws Exception {
        try (TestDatabase database = OnlineSchema.create(server);
                HikariDataSource pool = pool(database, 2)) {
            for (int run = 1; run <= 2; run++) {
                Migrations.configure(pool)
                        .callbacks(CascadeGuard.class.getName())
                        .load()
                        .migrate();
            }
            database.execute("CREATE TABLE later (id int PRIMARY KEY, user_id int REFERENCES users (id))");
            assertThatThrownBy(() -> Migrations.configure(pool)
                            .callbacks(CascadeGuard.class.getName())
                            .load()
                            .migrate())
                    .hasStackTraceContaining("cascade guard")
                    .hasStackTraceContaining("later");
        }
    }

    /** The facade needs one; on CockroachDB its watchdog does without the second one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void worksByTheFacade(int size) throws Exception {
        try (TestDatabase database = OnlineSchema.create(server);
                HikariDataSource pool = pool(database, size)) {
            List<String> before = ForeignKeys.of(database);
            List<String> settings = settings(pool);
            CascadeCleanup cleanup = CascadeCleanup.of(pool);
            cleanup.migrate("060", "pool");
            assertThat(ForeignKeys.of(database)).allMatch(fk -> fk.contains("ON DELETE CASCADE"));
            assertThat(settings(pool)).isEqualTo(settings);
            cleanup.undo(UndoOptions.defaults());
            assertThat(ForeignKeys.of(database)).isEqualTo(before);
            assertThat(settings(pool)).isEqualTo(settings);
        }
    }

    /** With settings that are not the defaults, which a plain RESET would lose. */
    private static HikariDataSource pool(TestDatabase database, int size) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(10_000);
        config.setConnectionInitSql("SET statement_timeout = 600000; SET idle_in_transaction_session_timeout = 500000;"
                + " SET search_path = public, pg_catalog;"
                + (database.server().isCockroach()
                        ? ""
                        : " SET lock_timeout = 400000;" + " SET synchronous_commit = off;")
                + " SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE");
        return new HikariDataSource(config);
    }

    /** Of every connection in the pool, and that none holds a lock of its session. */
    private List<String> settings(HikariDataSource pool) throws SQLException {
        List<String> names = new ArrayList<>(List.of(
                "statement_timeout",
                "idle_in_transaction_session_timeout",
                "search_path",
                "default_transaction_isolation",
                "transaction_isolation"));
        if (!server.isCockroach()) {
            names.addAll(List.of("lock_timeout", "synchronous_commit"));
        }
        List<Connection> all = new ArrayList<>();
        List<String> settings = new ArrayList<>();
        try {
            for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
                all.add(pool.getConnection());
            }
            for (Connection connection : all) {
                List<String> values = new ArrayList<>(List.of("autocommit " + connection.getAutoCommit()));
                for (String name : names) {
                    values.add(name + " " + first(connection, "SHOW " + name));
                }
                // Flyway itself leaves the parameter "role" set, to the role that it found.
                values.add(first(connection, "SELECT current_user"));
                if (!server.isCockroach()) {
                    values.add(first(
                            connection,
                            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"));
                }
                settings.add(String.join(", ", values));
            }
        } finally {
            for (Connection connection : all) {
                connection.close();
            }
        }
        return settings;
    }

    private static String first(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
