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
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What an erasure costs where there is little to erase: a person with fifty rows against the bare DELETE, over pooled connections, and ten
 * requests for somebody who is being erased already. The three ways take turns, person by person, so that each meets the same server and the
 * same JVM; what the first ones took, before that was warm, is told apart.
 */
public final class ErasureCost {

    private static final int TABLES = 32;
    private static final int ROWS = 50;
    private static final int COLD = 50;
    private static final int WARM_UP = 2_000;
    private static final int MEASURED = 600;
    private static final int REQUESTS = 10;

    /** What an erasure may take: so many times the bare DELETE, and with a preview a round trip for each table beside. */
    private static final double MOST = 1.2;

    private ErasureCost() {}

    /** Deletes one person. */
    private interface Deletion {
        void of(int person) throws SQLException;
    }

    /** One way, and how long it took each time. */
    private record Way(String name, Deletion deletion, List<Long> nanos) {

        Way(String name, Deletion deletion) {
            this(name, deletion, new ArrayList<>());
        }

        void delete(int person) throws SQLException {
            long began = System.nanoTime();
            deletion.of(person);
            nanos.add(System.nanoTime() - began);
        }

        long median() {
            return ErasureCost.median(nanos.subList(WARM_UP, nanos.size()));
        }

        void print() {
            List<Long> warm = new ArrayList<>(nanos.subList(WARM_UP, nanos.size()));
            Collections.sort(warm);
            System.out.printf(
                    Locale.ROOT,
                    "%-24s median %5d µs, p95 %5d µs (the %d behind the first %d: %d µs)%n",
                    name,
                    micros(median()),
                    micros(warm.get(warm.size() * 95 / 100)),
                    COLD,
                    COLD,
                    micros(ErasureCost.median(nanos.subList(COLD, 2 * COLD))));
        }
    }

    public static void main(String[] args) throws Exception {
        try (TestDatabase database = BenchmarkServer.open().createDatabase()) {
            // So many rows of each that everybody has fifty, one or two in a table.
            int people = 3 * (WARM_UP + MEASURED) + 100;
            Schema schema = new Schema(new Size(TABLES, people * ROWS / TABLES), people);
            schema.create(database);
            Migrations.migrate(database.dataSource());
            database.execute("VACUUM (FREEZE, ANALYZE)", "CHECKPOINT");
            HikariConfig config = new HikariConfig();
            config.setDataSource(database.dataSource());
            config.setMaximumPoolSize(REQUESTS + 2);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                CascadeCleanup cleanup = CascadeCleanup.of(pool);
                EraseOptions options = EraseOptions.defaults();
                Way bare = new Way("the bare DELETE", person -> delete(pool, person));
                Way without = new Way(
                        "erase, without preview",
                        person -> cleanup.erase(String.valueOf(person), options.withoutPreview()));
                Way with = new Way("erase", person -> cleanup.erase(String.valueOf(person), options));
                // In the same turns: how long a round trip takes depends on what the machine has just been at.
                Way trips = new Way("a round trip for each", person -> ask(pool, TABLES + 1));
                int person = 0;
                for (int turn = 0; turn < WARM_UP + MEASURED; turn++) {
                    for (Way way : List.of(bare, without, with)) {
                        way.delete(++person);
                    }
                    trips.delete(person);
                }
                List.of(bare, without, with, trips).forEach(Way::print);
                long most = Math.round(MOST * bare.median());
                compare(without, most);
                compare(with, most + trips.median());
                requests(cleanup, ++person);
            }
        } finally {
            Postgres.stopAll();
        }
    }

    private static void delete(HikariDataSource pool, int person) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement("DELETE FROM users WHERE id = ?")) {
            statement.setLong(1, person);
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("nobody has the id " + person);
            }
        }
    }

    private static void compare(Way way, long most) {
        System.out.printf(
                Locale.ROOT,
                "%-24s %5d µs of %5d µs: %s%n",
                way.name(),
                micros(way.median()),
                micros(most),
                way.median() <= most ? "met" : "not met");
    }

    /** As many times as a preview has tables: the people's own is one of them. */
    private static void ask(HikariDataSource pool, int times) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
            for (int i = 0; i < times; i++) {
                statement.execute();
            }
        }
    }

    private static long median(List<Long> nanos) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
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
