package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseReceipt;
import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;

/** A person with very many rows, whom the clients leave alone, and the ways to delete it. */
final class Erasures {

    /** Of that person, in all tables together: {@code benchmark.person-rows}. */
    private static final int ROWS = Integer.parseInt(
            System.getProperty("benchmark.person-rows", "").isBlank()
                    ? "1000000"
                    : System.getProperty("benchmark.person-rows"));
    /** Far from the ids of the clients. */
    private static final long FIRST_ID = 100_000_000_000L;

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
        if (!database.server().isCockroach()) {
            database.execute("VACUUM (FREEZE, ANALYZE)");
        }
    }

    /** As the library does it. */
    static Effort inSteps(TestDatabase database, Schema schema) throws SQLException {
        EraseReceipt receipt =
                CascadeCleanup.of(database.dataSource()).erase(String.valueOf(person(schema)), EraseOptions.defaults());
        requireGone(database, schema);
        System.out.println("    " + receipt.steps() + " steps, " + receipt.retries() + " retries, longest transaction "
                + Report.millis(receipt.longestTransaction()));
        return new Effort(receipt.longestTransaction(), 1 + receipt.retries(), null);
    }

    /** As a service would. */
    static Effort atOnce(TestDatabase database, Schema schema) throws SQLException {
        long start = System.nanoTime();
        database.execute("DELETE FROM users WHERE id = " + person(schema));
        requireGone(database, schema);
        return new Effort(Duration.ofNanos(System.nanoTime() - start), 1, null);
    }

    private static void requireGone(TestDatabase database, Schema schema) throws SQLException {
        if (database.<Long>value("SELECT count(*) FROM users WHERE id = " + person(schema)) != 0) {
            throw new IllegalStateException("the person is still there");
        }
    }
}
