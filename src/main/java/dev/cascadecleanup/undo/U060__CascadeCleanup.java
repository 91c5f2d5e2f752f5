package dev.cascadecleanup.undo;

import dev.cascadecleanup.CascadeUndoMigration;
import dev.cascadecleanup.UndoOptions;
import java.sql.SQLException;
import org.flywaydb.core.api.CoreMigrationType;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * The undo that matches {@code db.migration.V060__CascadeCleanup}: every foreign key that it converted is again exactly what it was.
 *
 * <p>It lies outside {@code db}, because Flyway scans recursively and {@code migrate} would run it right after V060. That is also
 * what happens, once, where it is registered by instance ({@code Flyway.configure().javaMigrations(...)}) beside V060: the history
 * gets a row for each of the two. To roll forward under a new version, the recommended way, extend {@link CascadeUndoMigration}
 * instead; without Flyway use {@link dev.cascadecleanup.CascadeCleanup#undo(UndoOptions)}.
 *
 * <p><strong>Rows that cascades have deleted since V060 do not come back.</strong> Once a user was deleted, only a restore from a
 * backup takes that back.
 */
public final class U060__CascadeCleanup implements JavaMigration {

    private static final String VERSION = "060";

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion(VERSION);
    }

    @Override
    public String getDescription() {
        return "CascadeCleanup";
    }

    /** An undo: as a migration of the ordinary type it would clash with V060, which has the same version. */
    @Override
    public CoreMigrationType getType() {
        return CoreMigrationType.UNDO_SCRIPT;
    }

    @Override
    public Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return false;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        CascadeUndoMigration.undo(context, UndoOptions.defaults().withVersion(VERSION));
    }
}
