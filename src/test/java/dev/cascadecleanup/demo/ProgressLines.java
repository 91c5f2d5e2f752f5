package dev.cascadecleanup.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.cascadecleanup.CascadeCleanup;
import java.io.PrintStream;
import org.slf4j.LoggerFactory;

/** Shows what the library logs, and of Flyway's own lines nothing. */
final class ProgressLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger library = (Logger) LoggerFactory.getLogger(CascadeCleanup.class.getPackageName());
    private final PrintStream out;

    private ProgressLines(PrintStream out) {
        this.out = out;
    }

    static ProgressLines to(PrintStream out) {
        ProgressLines lines = new ProgressLines(out);
        lines.setContext(lines.library.getLoggerContext());
        lines.start();
        lines.library.addAppender(lines);
        return lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String warning = event.getLevel().isGreaterOrEqual(Level.WARN) ? event.getLevel() + " " : "";
        out.println("   " + warning + event.getFormattedMessage());
    }

    @Override
    public void close() {
        library.detachAppender(this);
        stop();
    }
}
