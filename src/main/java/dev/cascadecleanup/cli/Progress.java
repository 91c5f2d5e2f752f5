package dev.cascadecleanup.cli;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** After a second says what is being done, and on a terminal for how long. */
final class Progress implements AutoCloseable {

    private static final String ERASE_LINE = "\r\u001b[K";

    private final String what;
    private final Terminal terminal;
    /** Null where nothing is to be said. */
    private final @Nullable ScheduledExecutorService clock;

    private final long start = System.nanoTime();
    private boolean shown;

    private Progress(String what, Terminal terminal, boolean silent) {
        this.what = what;
        this.terminal = terminal;
        if (silent) {
            clock = null;
            return;
        }
        ScheduledExecutorService own = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
        clock = own;
        ScheduledFuture<?> unused = own.scheduleAtFixedRate(() -> show(own), 1, 1, TimeUnit.SECONDS);
    }

    static Progress of(String what, Terminal terminal, boolean silent) {
        return new Progress(what, terminal, silent);
    }

    private synchronized void show(ScheduledExecutorService own) {
        if (own.isShutdown()) {
            return;
        }
        if (terminal.ansi()) {
            terminal.err()
                    .print(ERASE_LINE + what + " ... " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)
                            + " s");
            terminal.err().flush();
        } else if (!shown) {
            terminal.err().println(what + " ...");
        }
        shown = true;
    }

    @Override
    public void close() {
        if (clock != null) {
            clock.shutdownNow();
            clear();
        }
    }

    private synchronized void clear() {
        if (shown && terminal.ansi()) {
            terminal.err().print(ERASE_LINE);
            terminal.err().flush();
        }
    }
}
