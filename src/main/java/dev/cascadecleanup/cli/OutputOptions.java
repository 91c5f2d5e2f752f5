package dev.cascadecleanup.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** How much to say on standard error. */
final class OutputOptions {

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Only results, warnings and errors.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Also where settings come from, and stack traces.")
    private boolean verbose;

    boolean quiet() {
        return quiet;
    }

    boolean verbose() {
        return verbose;
    }
}
