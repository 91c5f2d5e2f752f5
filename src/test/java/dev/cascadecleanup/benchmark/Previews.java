package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.preview.Pace;
import dev.cascadecleanup.preview.PeopleReport;
import dev.cascadecleanup.preview.PreviewOptions;
import dev.cascadecleanup.preview.PreviewReport;
import dev.cascadecleanup.preview.PreviewVerdict;
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

    /** How the rows hang on the person. */
    private enum Shape {
        FLAT,
        DEEP,
        DETACHED
    }

    private static final int TABLES = 32;
    private static final int OTHERS = 1_000;
    private static final int LOOKS = 3;
    private static final int PEOPLE = 20_000;
    private static final int ONE_BY_ONE = 50;

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
            for (Shape shape : previewOnly ? new Shape[] {Shape.DEEP} : Shape.values()) {
                try (TestDatabase database = BenchmarkServer.open().createDatabase()) {
                    new Previews(database, previewOnly).run(rows, shape);
                }
            }
            if (!previewOnly) {
                try (TestDatabase database = BenchmarkServer.open().createDatabase()) {
                    new Previews(database, false).everybody();
                }
            }
        } finally {
            Postgres.stopAll();
        }
    }

    private void run(List<Integer> sizes, Shape shape) throws SQLException {
        System.out.println(
                switch (shape) {
                    case FLAT -> TABLES + " tables on users";
                    case DEEP -> TABLES / 2 + " tables on users, and one on each of these, with as many rows";
                    case DETACHED -> TABLES + " tables on users, half of them SET NULL";
                });
        create(shape);
        // The first session of a server reads its catalog from the disk.
        preview(1);
        int person = OTHERS;
        for (int rows : sizes) {
            fill(++person, rows, shape);
        }
        if (!database.server().isCockroach()) {
            database.execute("VACUUM (FREEZE, ANALYZE)", "CHECKPOINT");
        }
        person = OTHERS;
        for (int rows : sizes) {
            measure(++person, rows);
        }
    }

    /** All people, and some of them one by one. */
    private void everybody() throws SQLException {
        create(Shape.FLAT);
        database.execute("INSERT INTO users SELECT i, 'user ' || i FROM generate_series(" + (OTHERS + 11) + ", "
                + PEOPLE + ") AS g(i)");
        for (int t = 1; t <= TABLES; t++) {
            database.execute("INSERT INTO t" + t + " SELECT i, i, 0, 'note ' || i FROM generate_series(1, " + PEOPLE
                    + ") AS g(i)");
        }
        if (!database.server().isCockroach()) {
            database.execute("VACUUM (FREEZE, ANALYZE)");
        }
        CascadeCleanup cleanup = CascadeCleanup.of(database.dataSource());
        PeopleReport all = cleanup.previewPeople(PreviewOptions.defaults(), 0);
        long start = System.nanoTime();
        for (int person = 1; person <= ONE_BY_ONE; person++) {
            preview(OTHERS + 100 + person);
        }
        System.out.println(String.format(
                Locale.ROOT,
                "everybody: %,d people, %d succeed, in %s ms; one by one %s ms each",
                all.looked(),
                all.count(PreviewVerdict.SUCCEEDS),
                millis(all.elapsed()),
                millis(Duration.ofNanos((System.nanoTime() - start) / ONE_BY_ONE))));
    }

    private void create(Shape shape) throws SQLException {
        database.execute("CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL)");
        database.execute(
                "INSERT INTO users SELECT i, 'user ' || i FROM generate_series(1, " + (OTHERS + 10) + ") AS g(i)");
        for (int t = 1; t <= TABLES; t++) {
            boolean lower = shape == Shape.DEEP && t > TABLES / 2;
            boolean detached = shape == Shape.DETACHED && t > TABLES / 2;
            database.execute(
                    "CREATE TABLE t" + t + " (id bigint PRIMARY KEY, user_id bigint " + (detached ? "" : "NOT NULL ")
                            + "REFERENCES " + (lower ? "t" + (t - TABLES / 2) : "users") + " ON DELETE "
                            + (detached ? "SET NULL" : "CASCADE") + ", amount bigint NOT NULL, note text NOT NULL)",
                    "CREATE INDEX ON t" + t + " (user_id)");
        }
        for (int other = 1; other <= OTHERS; other += OTHERS / 2) {
            fill(other, TABLES * 10, shape);
        }
    }

    private void fill(int person, int rows, Shape shape) throws SQLException {
        int each = rows / TABLES;
        for (int t = 1; t <= TABLES; t++) {
            long first = person * 100_000_000L;
            boolean lower = shape == Shape.DEEP && t > TABLES / 2;
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
        for (int look = 0; look < (previewOnly ? 1 : LOOKS); look++) {
            report = preview(person);
            line.append(' ').append(millis(report.elapsed()));
        }
        line.append(" ms, heap ")
                .append(heap.bytes() >> 20)
                .append(" MiB; ")
                .append(report.rowsDeleted())
                .append(" go");
        line.append("; forecast ")
                .append(millis(report.forecast().least()))
                .append(" to ")
                .append(millis(report.forecast().most()))
                .append(" ms");
        if (!previewOnly) {
            line.append(", pace ").append(Math.round(pace()));
            long start = System.nanoTime();
            database.execute("DELETE FROM users WHERE id = " + person);
            line.append("; delete ")
                    .append(millis(Duration.ofNanos(System.nanoTime() - start)))
                    .append(" ms");
        }
        System.out.println(line);
    }

    /** As the preview measures it. */
    private double pace() throws SQLException {
        return database.server().isCockroach()
                ? 0
                : database.with(connection -> PostgresTransaction.snapshot(connection, () -> Pace.micros(connection)));
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%,d", duration.toMillis());
    }
}
