package dev.cascadecleanup.cli;

import dev.cascadecleanup.erase.EraseProgress;
import dev.cascadecleanup.erase.ErasureListener;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How far an erasure is: on a terminal a bar for each table, elsewhere a line every few seconds. */
final class EraseProgressLines implements ErasureListener, AutoCloseable {

    private static final String ERASE_LINE = "\r\u001b[K";
    private static final int WIDTH = 30;
    private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(5);

    private final String key;
    private final Terminal terminal;
    private final boolean silent;
    private @Nullable String table;
    private long lastLine = System.nanoTime();
    private boolean open;

    private EraseProgressLines(String key, Terminal terminal, boolean silent) {
        this.key = key;
        this.terminal = terminal;
        this.silent = silent;
    }

    static EraseProgressLines of(String key, Terminal terminal, boolean silent) {
        return new EraseProgressLines(key, terminal, silent);
    }

    @Override
    public void progressed(EraseProgress progress) {
        if (silent) {
            return;
        }
        if (terminal.ansi()) {
            bar(progress);
        } else if (System.nanoTime() - lastLine > BETWEEN_LINES) {
            lastLine = System.nanoTime();
            terminal.err().println("erasing " + key + ": " + describe(progress));
        }
    }

    private void bar(EraseProgress progress) {
        String name = progress.table().toString();
        if (open && !name.equals(table)) {
            terminal.err().println();
        }
        table = name;
        int full = (int)
                (progress.expected() == 0 ? 0 : Math.min(WIDTH, WIDTH * progress.drained() / progress.expected()));
        terminal.err()
                .print(ERASE_LINE + '[' + "#".repeat(full) + ".".repeat(WIDTH - full) + "] " + describe(progress));
        terminal.err().flush();
        open = true;
    }

    private static String describe(EraseProgress progress) {
        return String.format(
                Locale.ROOT,
                "%s, %,d%s rows, table %d of %d",
                progress.table(),
                progress.drained(),
                progress.expected() == 0 ? "" : String.format(Locale.ROOT, " of %,d", progress.expected()),
                progress.tablesBefore() + 1,
                progress.tables());
    }

    @Override
    public void close() {
        if (open) {
            terminal.err().println();
            open = false;
        }
    }
}
