package dev.cascadecleanup.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to convert, and how. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // picocli calls and fills them
final class ConversionOptions extends DecisionOptions {

    @Mixin
    private final WaitingOptions waiting = new WaitingOptions(this);

    @Option(
            names = "--indexes",
            paramLabel = "<mode>",
            order = 15,
            description =
                    "Where no index serves a delete: warn, create (before the swap, online) or require. Default: warn")
    private void indexes(String value) {
        set("cascade_indexes", value);
    }

    @Option(
            names = "--unlock-tables",
            paramLabel = "<bool>",
            order = 15,
            description =
                    "CockroachDB: unlock schema_locked tables also where the server was told not to. Default: false")
    private void unlockTables(String value) {
        set("cascade_unlock_tables", value);
    }

    @Option(
            names = "--validate",
            paramLabel = "<bool>",
            order = 16,
            description = "PostgreSQL: validate after the swap. Default: true")
    private void validate(String value) {
        set("cascade_validate", value);
    }
}
