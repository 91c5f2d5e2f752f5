package dev.cascadecleanup.internal.flyway;

import dev.cascadecleanup.Console;
import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogFactory;

/** Says things where Flyway says its own. */
public final class FlywayConsole implements Console {

    private final Log log;

    /** @param logger whose name the lines carry where Flyway logs to SLF4J */
    public FlywayConsole(Class<?> logger) {
        this.log = LogFactory.getLog(logger);
    }

    @Override
    public void info(String message) {
        log.info(message);
    }

    @Override
    public void warn(String message) {
        log.warn(message);
    }

    public void error(String message) {
        log.error(message);
    }
}
