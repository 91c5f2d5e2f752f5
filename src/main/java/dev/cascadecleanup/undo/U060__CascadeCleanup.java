package dev.cascadecleanup.undo;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeUndoMigration;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.internal.flyway.FlywayConsole;
import java.sql.SQLException;
import org.flywaydb.core.api.CoreMigrationType;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/**
 * The undo that matches {@code db.migration.V060__CascadeCleanup}: every foreign key that it converted is again exactly what it was.
 *
 * <p>For whatever undoes by calling it. {@code migrate} would run it right after V060, wherever it finds it: by a scan, which is why it
 * lies outside {@code db}; in {@code javaMigrations(...)}; in an index of classes, as Quarkus builds. There it refuses. To roll forward under
 * a new version, the recommended way, extend {@link CascadeUndoMigration} instead; without Flyway use
 * {@link dev.cascadecleanup.CascadeCleanup#undo(UndoOptions)}.
 *
 * <p><strong>Rows that cascades have deleted since V060 do not come back.</strong> Once a user was deleted, only a restore from a
 * backup takes that back.
 */
public final class U060__CascadeCleanup implements JavaMigration {

    private static final String VERSION = "060";
    private static final String MIGRATE = "org.flywaydb.core.internal.command.DbMigrate";
    private static final String REFUSAL = "flyway migrate found " + U060__CascadeCleanup.class.getName()
            + ", the undo of V060, and would take V060 back each time that it applies it; nothing was changed. Take it out of"
            + " javaMigrations, or out of the index of classes (Quarkus needs no quarkus.index-dependency for this jar). To undo: a class"
            + " under your next version that extends dev.cascadecleanup.CascadeUndoMigration, or cascade-cleanup undo.";

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
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return false;
    }

    /**
     * Takes V060 back.
     *
     * @throws CascadeException if a {@code migrate} of Flyway runs it; then nothing was changed
     */
    @Override
    public void migrate(Context context) throws SQLException {
        if (isRunByMigrate()) {
            // Flyway shows no text of what is no SQLException.
            new FlywayConsole(CascadeUndoMigration.class).error(REFUSAL);
            throw new CascadeException(REFUSAL);
        }
        CascadeUndoMigration.undo(context, UndoOptions.defaults().withVersion(VERSION));
    }

    /** Nothing that Flyway hands over tells its commands apart, and the undo of its paid edition is not to be refused. */
    private static boolean isRunByMigrate() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(MIGRATE)));
    }
}
