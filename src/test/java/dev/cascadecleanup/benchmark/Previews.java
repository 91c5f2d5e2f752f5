package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.preview.PreviewOptions;
import dev.cascadecleanup.preview.PreviewReport;
import dev.cascadecleanup.testing.BenchmarkServer;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How long the preview of a heavy person takes, what it forecasts, and how long the one DELETE takes then. {@code benchmark.person-rows}
 * has the sizes, {@code benchmark.preview-only=true} leaves the DELETE out.
 */
public final class Previews {

    private static final int TABLES = 32;
    private static final int OTHERS = 1_000;
    private static final int LOOKS = 3;

    private final TestDatabase database;
    private final boolean previewOnly;
    private final HeapPeak heap = new HeapPeak();

    private Previews(TestDatabase database, boolean previewOnly) {
        this.database = database;
        this.previewOnly = previewOnly;
    }

    public static void main(String[] arguments) throws Exception {
        String sizes = System.getProperty("benchmark.person-rows", "");
        List<Integer> rows = Stream.of((sizes.isBlank() ? "10000,100000,1000000" : sizes).split(","))
                .map(Integer::valueOf)
                .toList();
        boolean previewOnly = Boolean.getBoolean("benchmark.preview-only");
        try {
            for (boolean deep : new boolean[] {false, true}) {
                try (TestDatabase database = BenchmarkServer.open().createDatabase()) {
                    new Previews(database, previewOnly).run(rows, deep);
                }
            }
        } finally {
            Postgres.stopAll();
        }
    }

    private void run(List<Integer> sizes, boolean deep) throws SQLException {
        System.out.println(
                deep
                        ? TABLES / 2 + " tables on users, and one on each of these, with as many rows"
                        : TABLES + " tables on users");
        create(deep);
        // The first session of a server reads its catalog from the disk.
        preview(1);
        int person = OTHERS;
        for (int rows : sizes) {
            fill(++person, rows, deep);
        }
        if (!database.server().isCockroach()) {
            database.execute("VACUUM (FREEZE, ANALYZE)", "CHECKPOINT");
        }
        person = OTHERS;
        for (int rows : sizes) {
            measure(++person, rows);
        }
    }

    private void create(boolean deep) throws SQLException {
        database.execute("CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL)");
        database.execute(
                "INSERT INTO users SELECT i, 'user ' || i FROM generate_series(1, " + (OTHERS + 10) + ") AS g(i)");
        for (int t = 1; t <= TABLES; t++) {
            boolean lower = deep && t > TABLES / 2;
            database.execute(
                    "CREATE TABLE t" + t + " (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES "
                            + (lower ? "t" + (t - TABLES / 2) : "users")
                            + " ON DELETE CASCADE, amount bigint NOT NULL, note text NOT NULL)",
                    "CREATE INDEX ON t" + t + " (user_id)");
        }
        for (int other = 1; other <= OTHERS; other += OTHERS / 2) {
            fill(other, TABLES * 10, deep);
        }
    }

    private void fill(int person, int rows, boolean deep) throws SQLException {
        int each = rows / TABLES;
        for (int t = 1; t <= TABLES; t++) {
            long first = person * 100_000_000L;
            boolean lower = deep && t > TABLES / 2;
            database.execute("INSERT INTO t" + t + " SELECT " + first + " + i, " + (lower ? first + " + i" : person)
                    + ", 0, 'note ' || i FROM generate_series(1, " + each + ") AS g(i)");
        }
    }

    private PreviewReport preview(int person) {
        return CascadeCleanup.of(database.dataSource()).preview(PreviewOptions.defaults(), String.valueOf(person));
    }

    private void measure(int person, int rows) throws SQLException {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%,11d rows: preview", rows));
        heap.reset();
        PreviewReport report = null;
        for (int look = 0; look < LOOKS; look++) {
            report = preview(person);
            line.append(' ').append(millis(report.elapsed()));
        }
        line.append(" ms, heap ").append(heap.bytes() >> 20).append(" MiB; ").append(report.rowsDeleted()).append(" go");
        line.append("; forecast ")
                .append(millis(report.forecast().least()))
                .append(" to ")
                .append(millis(report.forecast().most()))
                .append(" ms");
        if (!previewOnly) {
            long start = System.nanoTime();
            database.execute("DELETE FROM users WHERE id = " + person);
            line.append("; delete ").append(millis(Duration.ofNanos(System.nanoTime() - start))).append(" ms");
        }
        System.out.println(line);
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%,d", duration.toMillis());
    }
}
