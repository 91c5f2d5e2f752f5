package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.testing.BenchmarkServer;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long the delete of one user takes without the indexes that it needs and with those that the library builds. */
public final class DeleteOfOne {

    private static final int DELETES = 5;

    private DeleteOfOne() {}

    /** Sizes and users as of the benchmark, from the same properties. */
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.of(System.getProperties());
        try (TestDatabase database = BenchmarkServer.open().createDatabase()) {
            for (Size size : settings.sizes()) {
                Schema schema = new Schema(size, settings.users());
                schema.create(database);
                schema.dropIndexes(database);
                Migrations.migrate(database.dataSource());
                System.out.println(size + ", without: " + deletes(database, 1));
                long began = System.nanoTime();
                CascadeCleanup.of(database.dataSource()).createIndexes();
                System.out.println(size + ", built in "
                        + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
                System.out.println(size + ", with: " + deletes(database, 1 + DELETES));
            }
        } finally {
            Postgres.stopAll();
        }
    }

    /** Each in milliseconds; the first of a session reads the catalog, too. */
    private static List<Long> deletes(TestDatabase database, int firstUser) throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int user = firstUser; user < firstUser + DELETES; user++) {
            long began = System.nanoTime();
            database.execute("DELETE FROM users WHERE id = " + user);
            millis.add(Duration.ofNanos(System.nanoTime() - began).toMillis());
        }
        return millis;
    }
}
