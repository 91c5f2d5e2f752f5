package dev.cascadecleanup.internal.journal;

import java.util.Objects;

/**
 * Which migration did something: two {@code CascadeMigration}s in one database must not undo each other's work.
 *
 * @param historySchema the schema of Flyway's history table
 * @param historyTable Flyway's history table
 * @param version the migration's version in its shortest spelling: 060 and 60 are one version to Flyway, and so they are here
 * @param script the migration's script as Flyway's history has it: the class name
 */
public record MigrationIdentity(String historySchema, String historyTable, String version, String script) {

    public MigrationIdentity {
        Objects.requireNonNull(historySchema, "historySchema");
        Objects.requireNonNull(historyTable, "historyTable");
        Objects.requireNonNull(script, "script");
        version = version.replace('_', '.')
                .replaceAll("(?<![0-9])0+(?=[0-9])", "")
                .replaceAll("(\\.0)+$", "");
    }
}
