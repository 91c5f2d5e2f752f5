package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.Console;

/** Says things where there is no Flyway, whose own log drops every line until a Flyway is configured. */
public final class SystemConsole implements Console {

    private final System.Logger log;

    /** @param logger whose name the lines carry */
    public SystemConsole(Class<?> logger) {
        this.log = System.getLogger(logger.getName());
    }

    @Override
    public void info(String message) {
        log.log(System.Logger.Level.INFO, message);
    }

    @Override
    public void warn(String message) {
        log.log(System.Logger.Level.WARNING, message);
    }
}
