package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.TableName;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Says, every few seconds, which table a long preview has come to. */
final class Progress {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Console console;
    private final LongSupplier nanos;
    private @Nullable TableName table;
    private long last;

    Progress(Console console) {
        this(console, System::nanoTime);
    }

    /** @param nanos the clock */
    Progress(Console console, LongSupplier nanos) {
        this.console = console;
        this.nanos = nanos;
        this.last = nanos.getAsLong();
    }

    void at(TableName now) {
        table = now;
    }

    /** So many rows so far. */
    void rows(long rows) {
        long now = nanos.getAsLong();
        if (now - last > INTERVAL.toNanos()) {
            last = now;
            console.info("preview: at " + table + ", " + rows + " rows so far");
        }
    }
}
