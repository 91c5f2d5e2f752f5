package dev.cascadecleanup.cli;

import picocli.CommandLine.Option;

/** How long to try. */
@SuppressWarnings("UnusedMethod") // picocli calls them
final class WaitingOptions extends PlaceholderFlags {

    WaitingOptions() {}

    WaitingOptions(PlaceholderFlags whole) {
        super(whole);
    }

    @Option(
            names = "--lock-timeout",
            paramLabel = "<time>",
            order = 17,
            description = "PostgreSQL: how long one attempt may make others queue. Default: 1s")
    private void lockTimeout(String value) {
        set("cascade_lock_timeout", value);
    }

    @Option(
            names = "--max-wait",
            paramLabel = "<time>",
            order = 18,
            description = "How long to try for one foreign key. Default: 10m")
    private void maxWait(String value) {
        set("cascade_max_wait", value);
    }
}
