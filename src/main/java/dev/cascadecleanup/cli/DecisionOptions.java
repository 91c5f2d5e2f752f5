package dev.cascadecleanup.cli;

import picocli.CommandLine.Option;

/** Whose deletion it is about, and what has been decided about the foreign keys on the way. */
@SuppressWarnings("UnusedMethod") // picocli calls them
class DecisionOptions extends PlaceholderFlags {

    @Option(
            names = "--parent",
            paramLabel = "<tables>",
            order = 10,
            description = "The referenced table or tables. Default: users")
    private void parent(String value) {
        set("cascade_parent", value);
    }

    @Option(
            names = "--scope",
            paramLabel = "<scope>",
            order = 11,
            description = "direct, or closure: also the foreign keys further down." + " Default: direct")
    private void scope(String value) {
        set("cascade_scope", value);
    }

    @Option(
            names = "--closure",
            paramLabel = "<links>",
            order = 12,
            description = "table.column,... that closure converts only when named.")
    private void closure(String value) {
        set("cascade_closure", value);
    }

    @Option(
            names = "--keep",
            paramLabel = "<fks>",
            order = 13,
            description = "table.column or table.constraint,... to leave as they are.")
    private void keep(String value) {
        set("cascade_keep", value);
    }

    @Option(
            names = "--set-null",
            paramLabel = "<fks>",
            order = 14,
            description = "Those that get ON DELETE SET NULL instead.")
    private void setNull(String value) {
        set("cascade_set_null", value);
    }

    @Option(
            names = "--accept",
            paramLabel = "<links>",
            order = 14,
            description =
                    "table.column,... over which rows of others may refuse or be lost, and table.trigger,...: known, not counted.")
    private void accept(String value) {
        set("cascade_accept", value);
    }

    @Option(
            names = "--keep-set-null",
            paramLabel = "<bool>",
            order = 14,
            description = "Leave every foreign key that is SET NULL or SET DEFAULT as it is. Default: false")
    private void keepSetNull(String value) {
        set("cascade_keep_set_null", value);
    }

    @Option(
            names = "--self-references",
            paramLabel = "<what>",
            order = 15,
            description = "keep or cascade: foreign keys from the parent to itself. Default: keep")
    private void selfReferences(String value) {
        set("cascade_self_references", value);
    }
}
