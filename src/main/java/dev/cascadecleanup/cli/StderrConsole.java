package dev.cascadecleanup.cli;

import dev.cascadecleanup.Console;
import java.io.PrintWriter;

/** What the library says while it works: diagnostics, so that standard output stays clean. */
record StderrConsole(PrintWriter err, OutputOptions options) implements Console {

    @Override
    public void info(String message) {
        if (!options.quiet()) {
            err.println(message);
        }
    }

    @Override
    public void warn(String message) {
        err.println("warning: " + message);
    }
}
