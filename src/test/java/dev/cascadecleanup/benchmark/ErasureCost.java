package dev.cascadecleanup.benchmark;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.erase.EraseBusyException;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.testing.BenchmarkServer;
import dev.cascadecleanup.testing.HeldErasure;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What an erasure costs where there is little to erase: a person with fifty rows against the bare DELETE, over pooled connections, and ten
 * requests for somebody who is being erased already.
 */
public final class ErasureCost {

    private static final int TABLES = 32;
    private static final int ROWS = 50;
    private static final int WARM_UP = 50;
    private static final int PEOPLE = 100;
    private static final int REQUESTS = 10;

    private ErasureCost() {}

    /** Deletes one person. */
    private interface Deletion {
        void of(int person) throws SQLException;
    }

    public static void main(String[] args) throws Exception {
        try (TestDatabase database = BenchmarkServer.open().createDatabase()) {
            // So many rows of each that everybody has fifty, one or two in a table.
            int people = 3 * (WARM_UP + PEOPLE) + 100;
            Schema schema = new Schema(new Size(TABLES, people * ROWS / TABLES), people);
            schema.create(database);
            Migrations.migrate(database.dataSource());
            database.execute("VACUUM (FREEZE, ANALYZE)", "CHECKPOINT");
            HikariConfig config = new HikariConfig();
            config.setDataSource(database.dataSource());
            config.setMaximumPoolSize(REQUESTS + 2);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                CascadeCleanup cleanup = CascadeCleanup.of(pool);
                int next = 1;
                next = measure("the bare DELETE", next, person -> {
                    try (Connection connection = pool.getConnection();
                            Statement statement = connection.createStatement()) {
                        statement.execute("DELETE FROM users WHERE id = " + person);
                    }
                });
                next = measure(
                        "erase without preview",
                        next,
                        person -> cleanup.erase(
                                String.valueOf(person), EraseOptions.defaults().withoutPreview()));
                next = measure("erase", next, person -> cleanup.erase(String.valueOf(person), EraseOptions.defaults()));
                System.out.println("one round trip " + micros(roundTrip(pool)) + " µs");
                requests(cleanup, next);
            }
        } finally {
            Postgres.stopAll();
        }
    }

    private static int measure(String what, int first, Deletion deletion) throws SQLException {
        List<Long> nanos = new ArrayList<>();
        for (int person = first; person < first + WARM_UP + PEOPLE; person++) {
            long began = System.nanoTime();
            deletion.of(person);
            if (person >= first + WARM_UP) {
                nanos.add(System.nanoTime() - began);
            }
        }
        Collections.sort(nanos);
        System.out.println(what + ": median " + micros(nanos.get(nanos.size() / 2)) + " µs, p95 "
                + micros(nanos.get(nanos.size() * 95 / 100)) + " µs");
        return first + WARM_UP + PEOPLE;
    }

    private static long roundTrip(HikariDataSource pool) throws SQLException {
        List<Long> nanos = new ArrayList<>();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < PEOPLE; i++) {
                long began = System.nanoTime();
                statement.execute("SELECT 1");
                nanos.add(System.nanoTime() - began);
            }
        }
        Collections.sort(nanos);
        return nanos.get(nanos.size() / 2);
    }

    /** All at once, while one is in the middle. */
    private static void requests(CascadeCleanup cleanup, int person) throws Exception {
        HeldErasure listener = new HeldErasure();
        EraseOptions held = EraseOptions.defaults().withDrainAbove(1).withListener(listener);
        ExecutorService threads = Executors.newFixedThreadPool(REQUESTS + 1);
        try {
            Future<?> first = threads.submit(() -> cleanup.erase(String.valueOf(person), held));
            listener.awaitHeld();
            for (int round = 1; round <= 3; round++) {
                List<Future<Long>> others = new ArrayList<>();
                for (int i = 0; i < REQUESTS; i++) {
                    others.add(threads.submit(() -> {
                        long began = System.nanoTime();
                        try {
                            cleanup.erase(String.valueOf(person), EraseOptions.defaults());
                            throw new IllegalStateException("two at once");
                        } catch (EraseBusyException e) {
                            return System.nanoTime() - began;
                        }
                    }));
                }
                long longest = 0;
                for (Future<Long> other : others) {
                    longest = Math.max(longest, other.get());
                }
                System.out.println("round " + round + ": the last of " + REQUESTS + " further requests answered after "
                        + Duration.ofNanos(longest).toMillis() + " ms");
            }
            listener.close();
            first.get();
        } finally {
            listener.close();
            threads.shutdownNow();
        }
    }

    private static long micros(long nanos) {
        return nanos / 1000;
    }
}
