package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import dev.cascadecleanup.testing.WideSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** What those who only look take on a schema of many tables: the audit and the plan of a tangled one, the proof of one per user. */
final class WideSchemaCost {

    static final List<String> COLUMNS = List.of("tables", "foreign keys", "audit", "plan of the closure", "proof");

    private static final int KEYS_PER_TABLE = 5;
    private static final int REPETITIONS = 5;

    private WideSchemaCost() {}

    /** A line of the table; each time is the median of a few, the first included. */
    static List<String> measure(TestServer server, int tables) throws Exception {
        Duration audit;
        Duration plan;
        try (TestDatabase database = server.createDatabase()) {
            create(database, WideSchemas.tangled(tables, KEYS_PER_TABLE));
            CascadeCleanup library = CascadeCleanup.of(database.dataSource());
            CascadeCleanup closure = library.withOptions(CascadeOptions.defaults().toBuilder()
                    .scope(CascadeOptions.Scope.CLOSURE)
                    .build());
            audit = median(library::audit);
            plan = median(closure::plan);
        }
        Duration proof;
        try (TestDatabase database = server.createDatabase()) {
            create(database, WideSchemas.perUser(tables));
            CascadeCleanup library = CascadeCleanup.of(database.dataSource());
            proof = median(() -> library.prove().assertPassed());
        }
        return List.of(
                String.valueOf(tables),
                String.valueOf((tables - 1) * KEYS_PER_TABLE),
                Report.seconds(audit),
                Report.seconds(plan),
                Report.seconds(proof));
    }

    private static void create(TestDatabase database, List<String> schema) throws Exception {
        for (String statements : schema) {
            // CockroachDB wants one statement each.
            database.execute(database.server().isCockroach() ? statements.split(";\\s*") : new String[] {statements});
        }
        if (!database.server().isCockroach()) {
            database.execute("VACUUM ANALYZE");
        }
    }

    private static Duration median(Callable<?> work) throws Exception {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < REPETITIONS; i++) {
            long start = System.nanoTime();
            work.call();
            times.add(Duration.ofNanos(System.nanoTime() - start));
        }
        return times.stream().sorted().toList().get(REPETITIONS / 2);
    }
}
