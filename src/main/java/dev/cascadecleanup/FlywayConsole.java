package dev.cascadecleanup;

import dev.cascadecleanup.engine.Console;
import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogFactory;

/** Says things where Flyway says its own. */
final class FlywayConsole implements Console {

    private final Log log = LogFactory.getLog(CascadeCleanup.class);

    @Override
    public void info(String message) {
        log.info(message);
    }

    @Override
    public void warn(String message) {
        log.warn(message);
    }

    void error(String message) {
        log.error(message);
    }
}
