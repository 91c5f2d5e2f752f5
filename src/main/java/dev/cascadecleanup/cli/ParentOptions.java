package dev.cascadecleanup.cli;

import picocli.CommandLine.Option;

/** Whose deletion it is about. */
@SuppressWarnings("UnusedMethod") // picocli calls them
final class ParentOptions extends PlaceholderFlags {

    @Option(
            names = "--parent",
            paramLabel = "<tables>",
            order = 10,
            description = "The referenced table or tables. Default: users")
    private void parent(String value) {
        set("cascade_parent", value);
    }
}
