package dev.cascadecleanup.benchmark;

import com.zaxxer.hikari.HikariDataSource;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * What the library itself costs as the number of foreign keys grows, over empty tables with one each: reading the catalog,
 * planning, a run that converts those on users, and one that finds nothing to do.
 */
final class CatalogGrowth {

    static final List<String> COLUMNS =
            List.of("foreign keys", "read the catalog", "plan", "convert", "nothing to do", "on a new connection");

    private static final int REPETITIONS = 41;
    private static final int TABLES_IN_A_TRANSACTION = 500;
    /** The others reference a table that references users. One table with ten thousand takes PostgreSQL minutes to make. */
    private static final int MOST_ON_USERS = 1_000;

    private CatalogGrowth() {}

    /**
     * A line of the table; each time but the one to convert is a median. At most a thousand are on users, and are converted.
     */
    static List<String> measure(TestServer server, int foreignKeys) throws Exception {
        try (TestDatabase database = server.createDatabase()) {
            create(database, foreignKeys);
            CascadeCleanup library = CascadeCleanup.of(database.dataSource());
            Duration reading;
            Duration planning;
            try (Connection connection = database.connect()) {
                Catalog catalog = Catalogs.open(connection).orElseThrow();
                Server facts = catalog.server();
                ForeignKeyGraph graph = catalog.read();
                reading = median(catalog::read);
                planning = median(() -> CascadePlanner.plan(graph, facts, "public", CascadeOptions.defaults()));
            }
            Duration converting = time(() -> library.migrate("60", "benchmark"));
            if (!server.isCockroach()) {
                database.execute("VACUUM ANALYZE");
            }
            Duration onNewConnection = median(() -> library.migrate("60", "benchmark"));
            Duration nothing;
            try (HikariDataSource pool = new HikariDataSource()) {
                // As a service has it.
                pool.setDataSource(database.dataSource());
                CascadeCleanup pooled = CascadeCleanup.of(pool);
                nothing = median(() -> pooled.migrate("60", "benchmark"));
            }
            return List.of(
                    String.valueOf(foreignKeys),
                    Report.millis(reading),
                    Report.millis(planning),
                    Report.seconds(converting),
                    Report.millis(nothing),
                    Report.millis(onNewConnection));
        }
    }

    private static void create(TestDatabase database, int foreignKeys) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE users (id bigint PRIMARY KEY)");
            boolean together = !database.server().isCockroach();
            connection.setAutoCommit(!together);
            for (int i = 1; i <= foreignKeys; i++) {
                String table = Schema.table(i);
                boolean onUsers = i <= MOST_ON_USERS;
                String referenced = onUsers ? "users" : Schema.table(1 + (i - 1) % MOST_ON_USERS);
                statement.execute(
                        "CREATE TABLE " + table + " (id bigint PRIMARY KEY, user_id bigint NOT NULL, CONSTRAINT "
                                + Schema.foreignKey(table) + " FOREIGN KEY (user_id) REFERENCES " + referenced + " (id)"
                                + (onUsers ? "" : " ON DELETE CASCADE") + ")");
                statement.execute("CREATE INDEX ON " + table + " (user_id)");
                if (together && (i % TABLES_IN_A_TRANSACTION == 0 || i == foreignKeys)) {
                    connection.commit();
                }
            }
        }
        if (!database.server().isCockroach()) {
            database.execute("VACUUM ANALYZE");
        }
    }

    private static Duration median(Callable<?> work) throws Exception {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < REPETITIONS; i++) {
            times.add(time(work));
        }
        return times.stream().sorted().toList().get(REPETITIONS / 2);
    }

    private static Duration time(Callable<?> work) throws Exception {
        long start = System.nanoTime();
        work.call();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
