package dev.cascadecleanup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code selftest}, as somebody would run it against their own server. */
@ContractTest(oldestAndNewest = true)
class SelfTestTest {

    private final TestServer server;

    SelfTestTest(TestServer server) {
        this.server = server;
    }

    @Test
    void passesAndLeavesNothing() throws Exception {
        try (TestDatabase database = server.createDatabase()) {
            List<List<Object>> tables = database.rows("SELECT relname FROM pg_class ORDER BY 1");
            CommandRun run = CommandRun.of("selftest").on(database).run();
            assertThat(run.out())
                    .contains(
                            "server: " + (server.isCockroach() ? "CockroachDB" : "PostgreSQL"),
                            "migration, resumed: passed",
                            "proof: passed",
                            "undo: passed",
                            "all passed")
                    .doesNotContain(database.name());
            run.assertCode(ExitCodes.OK);
            assertThat(database.rows("SELECT relname FROM pg_class ORDER BY 1")).isEqualTo(tables);
            assertThat(run.out()).contains("drop: passed");
        }
    }

    @Test
    void doesNothingWhereTheUrlLeadsToAnotherDatabaseAllTheSame() throws Exception {
        try (TestDatabase database = server.createDatabase()) {
            List<List<Object>> tables = database.rows("SELECT relname FROM pg_class ORDER BY 1");
            String url = database.jdbcUrl() + (database.jdbcUrl().contains("?") ? '&' : '?');
            CommandRun run = CommandRun.of("selftest")
                    .with("--url", url + "PGDBNAME=" + database.name(), "--user", database.user())
                    .environment("CASCADE_CLEANUP_PASSWORD", database.password())
                    .run();
            assertThat(run.out())
                    .contains("set up: FAILED, this URL leads to another database", "drop: passed")
                    .doesNotContain(database.name());
            run.assertCode(ExitCodes.NO);
            assertThat(database.rows("SELECT relname FROM pg_class ORDER BY 1")).isEqualTo(tables);
        }
    }

    @Test
    void isRefusedToARoleThatMayNotCreateADatabase() throws Exception {
        try (TestDatabase database = server.createDatabase()) {
            String role = database.createRole("nobody");
            CommandRun run = CommandRun.of("selftest")
                    .with("--url", database.jdbcUrl(), "--user", role)
                    .environment("CASCADE_CLEANUP_PASSWORD", role)
                    .run();
            assertThat(run.err()).contains("may not create a database", "CREATEDB");
            assertThat(run.code()).isNotEqualTo(ExitCodes.OK);
        }
    }
}
