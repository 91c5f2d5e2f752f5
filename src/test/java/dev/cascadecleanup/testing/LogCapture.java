package dev.cascadecleanup.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.flywaydb.core.api.logging.LogFactory;
import org.slf4j.LoggerFactory;

/**
 * Collects what is logged, by all threads, while it is open.
 *
 * <p>It listens to SLF4J, which Flyway picks by itself, and not through {@code LogFactory.setLogCreator}: every new
 * {@code Flyway} object resets that.
 */
public final class LogCapture implements AutoCloseable {

    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Collector collector = new Collector();

    private LogCapture() {}

    /** Starts to collect. */
    public static LogCapture open() {
        // Flyway keeps all lines to itself until it is configured for the first time in a JVM.
        LogFactory.setConfiguration(new ClassicConfiguration());
        LogCapture capture = new LogCapture();
        capture.collector.setContext(capture.root.getLoggerContext());
        capture.collector.start();
        capture.root.addAppender(capture.collector);
        return capture;
    }

    /** What was logged so far, of level INFO and above: level, space, message, such as {@code "WARN users: no index"}. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** The messages of one level, such as {@code "WARN"}, without it. */
    public List<String> messages(String level) {
        String prefix = level + " ";
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    @Override
    public void close() {
        root.detachAppender(collector);
        collector.stop();
    }

    private final class Collector extends AppenderBase<ILoggingEvent> {

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    }
}
