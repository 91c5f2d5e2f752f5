package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same as {@link IndexKillTest} on CockroachDB: the process dies before, during and after each statement that builds or drops an
 * index, whose job goes on without it, or is rolled back.
 */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class CockroachIndexKillTest {

    private static final CockroachKills KILLS = new CockroachKills(Pattern.compile("^(CREATE|DROP) INDEX "));

    private final TestServer server;

    CockroachIndexKillTest(TestServer server) {
        this.server = server;
    }

    @AfterAll
    static void endChildren() throws Exception {
        KILLS.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE_INDEXES", "UNDO_INDEXES"})
    void theNextRunFinishes(String work) throws Exception {
        boolean undo = work.equals("UNDO_INDEXES");
        CockroachKills.Counter counter = KILLS.counter();
        List<String> original;
        State expected;
        try (TestDatabase undisturbed = prepared()) {
            original = indexes(undisturbed);
            migrate(undo ? undisturbed.warmDataSource() : counter.guard(undisturbed.warmDataSource()));
            if (undo) {
                Migrations.undo(counter.guard(undisturbed.warmDataSource()));
            }
            expected = State.of(undisturbed);
        }
        assertThat(counter.count()).isEqualTo(2);
        CockroachKills.everywhere(work, counter.count(), (number, moment) -> {
            try (TestDatabase database = prepared()) {
                if (undo) {
                    migrate(database.warmDataSource());
                }
                KILLS.kill(work, database, number, moment);
                if (undo) {
                    Migrations.undo(database.warmDataSource());
                } else {
                    migrate(database.warmDataSource());
                }
                assertThat(State.of(database)).isEqualTo(expected);
                if (!undo) {
                    Migrations.takeBack(database.warmDataSource());
                }
                assertThat(indexes(database)).as("undo").isEqualTo(original);
                Until.isTrue(
                        "nothing is half-built",
                        () -> database.<Long>value(
                                        "SELECT count(*) FROM crdb_internal.schema_changes WHERE table_id IN (SELECT c.oid::int8"
                                                + " FROM pg_catalog.pg_class c WHERE c.relname IN ('users', 'orders', 'posts'))")
                                == 0);
            }
        });
    }

    private TestDatabase prepared() throws SQLException {
        return server.databaseOf("unindexed", database -> {
            database.execute(
                    "CREATE TABLE users (id bigint PRIMARY KEY)",
                    "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users)",
                    "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint REFERENCES users)",
                    "CREATE INDEX theirs ON posts (id, user_id)",
                    "INSERT INTO users SELECT generate_series(1, 10)",
                    "INSERT INTO orders SELECT i, i FROM generate_series(1, 10) AS g(i)",
                    "INSERT INTO posts SELECT i, i FROM generate_series(1, 10) AS g(i)");
            Migrations.baseline(database);
        });
    }

    private static void migrate(DataSource dataSource) {
        Migrations.configure(dataSource)
                .placeholders(Map.of("cascade_max_wait", "10m", "cascade_indexes", "create"))
                .load()
                .migrate();
    }

    /** With the columns of each, as the server says them. */
    private static List<String> indexes(TestDatabase database) throws SQLException {
        return database
                .rows(
                        "SELECT tablename, indexname, replace(indexdef, current_database(), '') FROM pg_catalog.pg_indexes"
                                + " WHERE schemaname = 'public' AND tablename IN ('users', 'orders', 'posts') ORDER BY 1, 2")
                .stream()
                .map(String::valueOf)
                .toList();
    }

    /** Where a run ends, as far as it must not depend on how it came there. */
    private record State(List<String> foreignKeys, List<String> indexes, List<List<Object>> journal) {

        static State of(TestDatabase database) throws SQLException {
            return new State(
                    ForeignKeys.of(database),
                    CockroachIndexKillTest.indexes(database),
                    List.copyOf(database.rows(
                            "SELECT version, state, table_name, index_name FROM cascade_cleanup_index_journal"
                                    + " WHERE state IN ('building', 'built') ORDER BY index_name")));
        }
    }
}
