package dev.cascadecleanup;

import dev.cascadecleanup.internal.flyway.FlywayConfiguration;
import dev.cascadecleanup.internal.flyway.FlywayConsole;
import dev.cascadecleanup.internal.flyway.IndexDoor;
import java.sql.SQLException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Builds the indexes that the deletes will need before Flyway takes its lock: a Flyway callback for services that migrate when they start
 * up. With its default setting Flyway holds its lock in a transaction, for which CREATE INDEX CONCURRENTLY inside a migration would wait
 * for ever; here it does not yet.
 *
 * <p>Register it by class name, {@code flyway.callbacks=dev.cascadecleanup.CascadeIndexes}, together with the guard if there is one. It
 * takes the same placeholders as the migration, and builds whatever {@code cascade_indexes} says. It is silent where the parent table is
 * not there yet, once a cascade migration has been applied, and on other databases.
 *
 * <p>Flyway opens one more connection for it: a pool needs room for three, and for a fourth to say how far a long build has come.
 */
public class CascadeIndexes implements Callback {

    private final FlywayConsole console = new FlywayConsole(CascadeCleanup.class);

    /** Flyway calls this. */
    public CascadeIndexes() {}

    /** What holds where no placeholder says otherwise; for services that override methods of {@link CascadeMigration}. */
    protected CascadeOptions defaults() {
        return CascadeOptions.defaults();
    }

    @Override
    public final boolean supports(Event event, Context context) {
        // Asked with a context that has no connection yet.
        return event == Event.BEFORE_MIGRATE;
    }

    @Override
    public final boolean canHandleInTransaction(Event event, Context context) {
        return false;
    }

    /**
     * Builds. Flyway calls this.
     *
     * @throws CascadeException if an index cannot be built; nothing is migrated then
     */
    @Override
    public final void handle(Event event, Context context) {
        try {
            IndexDoor.open(
                    context.getConnection(),
                    context.getConfiguration(),
                    FlywayConfiguration.options(context.getConfiguration(), defaults()),
                    CascadeMigration.class,
                    console);
        } catch (CascadeException e) {
            console.error(e.getMessage());
            throw e;
        } catch (SQLException e) {
            throw new CascadeException("the database answered with an error: " + e.getMessage(), e);
        }
    }

    @Override
    public final String getCallbackName() {
        return "CascadeIndexes";
    }
}
