package dev.cascadecleanup;

import dev.cascadecleanup.engine.Console;

/** Says things where there is no Flyway, whose own log drops every line until a Flyway is configured. */
final class SystemConsole implements Console {

    private final System.Logger log = System.getLogger(CascadeCleanup.class.getName());

    @Override
    public void info(String message) {
        log.log(System.Logger.Level.INFO, message);
    }

    @Override
    public void warn(String message) {
        log.log(System.Logger.Level.WARNING, message);
    }
}
