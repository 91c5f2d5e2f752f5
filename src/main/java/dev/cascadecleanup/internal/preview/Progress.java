package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.TableName;
import java.time.Duration;

/** Says, every few seconds, which table a long preview has come to. */
final class Progress {

    private static final long INTERVAL = Duration.ofSeconds(5).toNanos();

    private final Console console;
    private TableName table;
    private long last = System.nanoTime();

    Progress(Console console) {
        this.console = console;
    }

    void at(TableName now) {
        table = now;
    }

    /** So many rows so far. */
    void rows(long rows) {
        if (System.nanoTime() - last > INTERVAL) {
            last = System.nanoTime();
            console.info("preview: at " + table + ", " + rows + " rows so far");
        }
    }
}
