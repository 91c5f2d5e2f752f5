package dev.cascadecleanup.benchmark;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseReceipt;
import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A person with very many rows, whom the clients leave alone, and the ways to delete it. */
final class Erasures {

    /** Of that person, in all tables together: {@code benchmark.person-rows}. */
    private static final int ROWS = Integer.parseInt(
            System.getProperty("benchmark.person-rows", "").isBlank()
                    ? "1000000"
                    : System.getProperty("benchmark.person-rows"));
    /** Light ones, erased before, as a service that is at it has done. */
    private static final int BEFORE = 10;
    /** Far from the ids of the clients. */
    private static final long FIRST_ID = 100_000_000_000L;

    private static HikariDataSource pool;

    private Erasures() {}

    private static long person(Schema schema) {
        return schema.users() + 1L;
    }

    /** Every foreign key cascades, and the person has its rows. */
    static void prepare(TestDatabase database, Schema schema) throws SQLException {
        Migrations.migrate(database.dataSource());
        database.execute("INSERT INTO users VALUES (" + person(schema) + ", 'heavy')");
        int each = Math.max(1, ROWS / schema.tables().size());
        for (String table : schema.tables()) {
            database.execute("INSERT INTO " + table + " (id, user_id, amount, note) SELECT " + FIRST_ID + " + i, "
                    + person(schema) + ", 0, 'note ' || i::text FROM generate_series(1, " + each + ") AS g(i)");
        }
        for (int i = 1; i <= BEFORE; i++) {
            database.execute("INSERT INTO users VALUES (" + (person(schema) + i) + ", 'light')");
        }
        if (!database.server().isCockroach()) {
            database.execute("VACUUM (FREEZE, ANALYZE)");
        }
    }

    /** The same, and a service over whose connections others have been erased before. */
    static void prepareAService(TestDatabase database, Schema schema) throws SQLException {
        prepare(database, schema);
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(2);
        pool = new HikariDataSource(config);
        CascadeCleanup cleanup = CascadeCleanup.of(pool);
        for (int i = 1; i <= BEFORE; i++) {
            cleanup.erase(String.valueOf(person(schema) + i), EraseOptions.defaults());
        }
    }

    /** As the library does it, in a service. */
    static Effort inSteps(TestDatabase database, Schema schema) throws SQLException {
        EraseReceipt receipt;
        try (HikariDataSource service = pool) {
            receipt = CascadeCleanup.of(service).erase(String.valueOf(person(schema)), EraseOptions.defaults());
        }
        requireGone(database, schema);
        System.out.println("    " + receipt.steps() + " steps, " + receipt.retries() + " retries, longest transaction "
                + Report.millis(receipt.longestTransaction()));
        return new Effort(receipt.longestTransaction(), 1 + receipt.retries(), null);
    }

    /** As a service would. */
    static Effort atOnce(TestDatabase database, Schema schema) throws SQLException {
        long start = System.nanoTime();
        try (HikariDataSource service = pool;
                Connection connection = service.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM users WHERE id = " + person(schema));
        }
        requireGone(database, schema);
        return new Effort(Duration.ofNanos(System.nanoTime() - start), 1, null);
    }

    private static void requireGone(TestDatabase database, Schema schema) throws SQLException {
        if (database.<Long>value("SELECT count(*) FROM users WHERE id = " + person(schema)) != 0) {
            throw new IllegalStateException("the person is still there");
        }
    }
}
