package dev.cascadecleanup;

import dev.cascadecleanup.internal.flyway.FlywayConsole;
import dev.cascadecleanup.internal.flyway.MigrationDoor;
import dev.cascadecleanup.internal.run.UndoRun;
import java.sql.SQLException;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.jspecify.annotations.Nullable;

/**
 * Takes a cascade migration back under a new, later version: the recommended way, because Flyway's history stays true.
 *
 * <pre>{@code
 * package db.migration;
 *
 * public class V068__UndoFixCascadeDeleteConstraints extends dev.cascadecleanup.CascadeUndoMigration {
 * }
 * }</pre>
 *
 * <p>Every foreign key in the journal is again exactly what it was: action, columns, ON UPDATE, MATCH, deferrability, validity,
 * trigger state, comment. Foreign keys that cascaded before are left alone. If one was changed or dropped by someone since, the undo
 * is refused before anything changes, unless {@link #skipChanged()} says otherwise.
 *
 * <p><strong>Rows that cascades have deleted since the migration do not come back.</strong> Only a backup has them.
 */
public abstract class CascadeUndoMigration extends BaseJavaMigration {

    /** The version to undo. Default: null, the only cascade migration in the journal. */
    protected @Nullable String undoes() {
        return null;
    }

    /** Whether to leave foreign keys alone that someone changed since, and undo the rest. Default: false. */
    protected boolean skipChanged() {
        return false;
    }

    @Override
    public final boolean canExecuteInTransaction() {
        return false;
    }

    /**
     * Runs the undo. Flyway calls this.
     *
     * @throws CascadeException if it was refused (then nothing was changed) or failed (then the message says how far it came)
     * @throws SQLException if the server answers a query with an error
     */
    @Override
    public final void migrate(Context context) throws SQLException {
        undo(context, UndoOptions.defaults().withVersion(undoes()).withSkipChanged(skipChanged()));
    }

    /** For undo migrations that cannot extend this class because their name does not start with V. */
    public static void undo(Context context, UndoOptions undo) throws SQLException {
        MigrationDoor.open(
                context,
                new FlywayConsole(CascadeCleanup.class),
                CascadeOptions::defaults,
                (session, options) -> new UndoRun(session, options, undo).run());
    }
}
