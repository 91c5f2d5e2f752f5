package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.erase.EraseReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Counts what happens, and makes the receipt of it. */
final class Tally {

    private final ParentKey parent;
    private final String key;
    private final Instant startedAt;
    private final long start;
    private final Map<TableName, Long> drained = new LinkedHashMap<>();
    private final List<String> left = new ArrayList<>();
    private Duration longest = Duration.ZERO;
    private int steps;
    private int retries;

    /** What the DELETE did to a table. */
    record Counts(long deleted, long updated) {}

    Tally(ParentKey parent, String key) {
        this(parent, key, Instant.now(), System.nanoTime());
    }

    /** Of what has begun before the key was known. */
    Tally(ParentKey parent, String key, Instant startedAt, long start) {
        this.parent = parent;
        this.key = key;
        this.startedAt = startedAt;
        this.start = start;
    }

    void step(Table table, int deleted, Duration elapsed) {
        drained.merge(table.name(), (long) deleted, Long::sum);
        steps++;
        transaction(elapsed);
    }

    void transaction(Duration elapsed) {
        longest = elapsed.compareTo(longest) > 0 ? elapsed : longest;
    }

    void retry() {
        retries++;
    }

    void left(String what) {
        if (!left.contains(what)) {
            left.add(what);
        }
    }

    long drained(Table table) {
        return drained.getOrDefault(table.name(), 0L);
    }

    long drained() {
        return drained.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What is gone of a person who is still there. */
    EraseReceipt soFar() {
        return receipt(false, Optional.empty());
    }

    /** @param counts what the DELETE did, by table; empty if nobody has counted */
    EraseReceipt done(Optional<Map<TableName, Counts>> counts) {
        return receipt(true, counts);
    }

    private EraseReceipt receipt(boolean erased, Optional<Map<TableName, Counts>> counts) {
        Set<TableName> tables = new LinkedHashSet<>();
        if (erased) {
            tables.add(parent.table().name());
        }
        drained.forEach((table, rows) -> {
            if (rows > 0) {
                tables.add(table);
            }
        });
        counts.ifPresent(known -> tables.addAll(known.keySet()));
        List<EraseReceipt.Rows> rows = new ArrayList<>();
        for (TableName table : tables) {
            // Whoever has not counted knows of the person's own row at least.
            Counts none =
                    new Counts(counts.isEmpty() && table.equals(parent.table().name()) ? 1 : 0, 0);
            Counts count = counts.map(known -> known.getOrDefault(table, none)).orElse(none);
            rows.add(new EraseReceipt.Rows(table, drained.getOrDefault(table, 0L), count.deleted(), count.updated()));
        }
        return new EraseReceipt(
                parent.table().name(),
                key,
                erased,
                rows,
                counts.isPresent(),
                startedAt,
                Duration.ofNanos(System.nanoTime() - start),
                longest,
                steps,
                retries,
                left);
    }
}
