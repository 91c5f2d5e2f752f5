package dev.cascadecleanup.journal;

import java.util.Objects;

/**
 * Which migration did something: two {@code CascadeMigration}s in one database must not undo each other's work.
 *
 * @param historySchema the schema of Flyway's history table
 * @param historyTable Flyway's history table
 * @param version the migration's version, {@code 60} say
 * @param script the migration's script as Flyway's history has it: the class name
 */
public record MigrationIdentity(String historySchema, String historyTable, String version, String script) {

    public MigrationIdentity {
        Objects.requireNonNull(historySchema, "historySchema");
        Objects.requireNonNull(historyTable, "historyTable");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(script, "script");
    }
}
