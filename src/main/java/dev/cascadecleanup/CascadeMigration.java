package dev.cascadecleanup;

import dev.cascadecleanup.internal.flyway.FlywayConsole;
import dev.cascadecleanup.internal.flyway.MigrationDoor;
import dev.cascadecleanup.internal.run.ConversionRun;
import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/**
 * The migration to extend under one's own version number. The class name carries version and description, as usual in Flyway:
 *
 * <pre>{@code
 * package db.migration;
 *
 * public class V067__FixCascadeDeleteConstraints extends dev.cascadecleanup.CascadeMigration {
 * }
 * }</pre>
 *
 * <p>It reads the catalog when it runs, skips the foreign keys on {@link #parent()} that already cascade, and re-adds the rest with
 * ON DELETE CASCADE under their own names. Options come from Flyway placeholders ({@code cascade_parent} and so on) and from the
 * methods here; a placeholder wins. All of them are checked before the first change.
 *
 * <p>It is not transactional: it makes its own short transactions, so that no lock lasts, and can be run again after any
 * interruption. It gives Flyway's connection back as it was.
 */
public abstract class CascadeMigration extends BaseJavaMigration {

    /** The referenced table, {@code table} or {@code schema.table}, or several, comma-separated. Default: {@code users}. */
    protected String parent() {
        return "users";
    }

    /** Only the foreign keys on the parent, or also those below that would refuse the delete. Default: direct. */
    protected CascadeOptions.Scope scope() {
        return CascadeOptions.Scope.DIRECT;
    }

    /** Links that the closure converts only when named: {@code table.column}, {@code =defer} or {@code =cascade+defer}. Default: none. */
    protected String closure() {
        return "";
    }

    /** Foreign keys to leave as they are: {@code table.constraint} or {@code table.column}, comma-separated. Default: none. */
    protected String keep() {
        return "";
    }

    /** Foreign keys that get ON DELETE SET NULL instead, written as in {@link #keep()}. Default: none. */
    protected String setNull() {
        return "";
    }

    /** What to do where no index lets a delete find its rows: tell, build them, or refuse. Default: tell. */
    protected CascadeOptions.IndexMode indexes() {
        return CascadeOptions.IndexMode.WARN;
    }

    /**
     * Links over which a row of somebody else may refuse the delete or be lost, and triggers that may interfere: known, and not
     * counted any more. Written as in {@link #keep()}, a trigger as {@code table.trigger}. Default: none.
     */
    protected String accept() {
        return "";
    }

    /**
     * CockroachDB: whether {@code schema_locked} tables are unlocked for the work, and locked again, also where
     * {@code sql.schema.auto_unlock.enabled} is off, which is how tables in logical replication are protected. Default: false.
     */
    protected boolean unlockTables() {
        return false;
    }

    /** Whether every foreign key that is SET NULL or SET DEFAULT today stays so. Default: false. */
    protected boolean keepSetNull() {
        return false;
    }

    /** Whether foreign keys from the parent to itself are converted too. Default: false. */
    protected boolean cascadeSelfReferences() {
        return false;
    }

    /** PostgreSQL: whether to validate after the swap. Default: true. */
    protected boolean validate() {
        return true;
    }

    /** PostgreSQL: how long one attempt may take, and so the longest it can make others queue. Default: one second. */
    protected Duration lockTimeout() {
        return Duration.ofSeconds(1);
    }

    /** How long to go on trying for one foreign key. Default: ten minutes. */
    protected Duration maxWait() {
        return Duration.ofMinutes(10);
    }

    /** Whether to do nothing, with a warning, on a database other than PostgreSQL and CockroachDB. Default: false. */
    protected boolean skipUnsupported() {
        return false;
    }

    /** Never in a transaction of Flyway's: one around everything would hold every lock until the end. */
    @Override
    public final boolean canExecuteInTransaction() {
        return false;
    }

    /**
     * Runs the migration. Flyway calls this.
     *
     * @throws CascadeException if it was refused (then nothing was changed) or failed (then the message says how far it came)
     * @throws SQLException if the server answers a query with an error
     */
    @Override
    public final void migrate(Context context) throws SQLException {
        MigrationDoor.open(
                context,
                new FlywayConsole(CascadeCleanup.class),
                this::options,
                (session, options) -> ConversionRun.of(
                                session, options, version(), getClass().getName())
                        .run());
    }

    /** What the journal keeps the conversions under; a repeatable migration has none. */
    private String version() {
        if (getVersion() == null) {
            throw new CascadeException(
                    getClass().getName() + " is a repeatable migration (R__), which has no version for the journal to"
                            + " keep its conversions under; nothing was changed. Name the class V067__"
                            + getDescription().replace(' ', '_')
                            + ", with your next version.");
        }
        return getVersion().getVersion();
    }

    private CascadeOptions options() {
        return CascadeOptions.defaults().toBuilder()
                .parent(parent())
                .scope(scope())
                .closure(closure())
                .keep(keep())
                .setNull(setNull())
                .indexes(indexes())
                .accept(accept())
                .unlockTables(unlockTables())
                .keepSetNull(keepSetNull())
                .cascadeSelfReferences(cascadeSelfReferences())
                .validate(validate())
                .lockTimeout(lockTimeout())
                .maxWait(maxWait())
                .skipUnsupported(skipUnsupported())
                .build();
    }
}
