package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.preview.Forecast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How long the delete would take: by the rows that it writes, the triggers that it runs, and the tables that it has to scan. */
final class Effort {

    // Measured by the benchmark (Previews), between 10,000 and 1,000,000 rows; {@link Pace} has how fast that machine
    // was.
    private static final double MICROS_PER_ROW = 0.65;
    private static final double MICROS_PER_UPDATE = 7.3;
    private static final double MICROS_PER_TRIGGER = 5.2;
    private static final double MICROS_PER_KEY = 100;
    private static final double BYTES_PER_MICRO = 1_000;
    private static final double MICROS_AT_LEAST = 1_000;
    private static final double WIDTH = 2;
    private static final long MANY_ROWS = 50_000;
    private static final Duration LONG = Duration.ofSeconds(5);

    private Effort() {}

    /** @param slowness how many times as long the server takes as the one of the rates */
    static Forecast of(
            Model model, Walk walk, Findings findings, int delete, Map<Long, TableSize> sizes, double slowness) {
        double micros = MICROS_AT_LEAST;
        long rows = 0;
        for (Tally table : findings.tables().values()) {
            micros += table.deleted * MICROS_PER_ROW + table.detached * MICROS_PER_UPDATE;
            rows += table.deleted;
        }
        List<String> missing = new ArrayList<>();
        for (long heap : walk.heaps()) {
            for (Edge edge : model.on(heap)) {
                int gone = walk.count(heap, delete);
                if (!edge.deletes() || gone == 0) {
                    continue;
                }
                micros += MICROS_PER_KEY + gone * MICROS_PER_TRIGGER;
                if (!edge.fk().indexed()) {
                    String name = edge.fk().table() + " ("
                            + Identifiers.displayAll(edge.fk().columns()) + ")";
                    if (!missing.contains(name)) {
                        missing.add(name);
                    }
                    for (long child : edge.childHeaps()) {
                        TableSize size = sizes.get(child);
                        micros += size == null ? 0 : size.bytes() / BYTES_PER_MICRO * gone;
                    }
                }
            }
        }
        Duration least = Duration.ofNanos(Math.round(micros * slowness * 1_000 / WIDTH));
        Duration most = Duration.ofNanos(Math.round(micros * slowness * 1_000 * WIDTH));
        return new Forecast(least, most, missing, rows > MANY_ROWS || most.compareTo(LONG) > 0);
    }
}
