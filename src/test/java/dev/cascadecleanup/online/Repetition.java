package dev.cascadecleanup.online;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.UndoOptions;
import org.flywaydb.core.api.configuration.Configuration;

/** Migrates and takes it back, over and over, for those who want to meet a migration at whatever point. */
final class Repetition {

    private Repetition() {}

    static void migrateAndUndoForever(Configuration configuration) {
        CascadeCleanup cleanup = CascadeCleanup.of(configuration);
        while (true) {
            cleanup.migrate("060", "repetition");
            cleanup.undo(UndoOptions.defaults());
        }
    }
}
