package dev.cascadecleanup;

import dev.cascadecleanup.internal.flyway.FlywayConfiguration;
import dev.cascadecleanup.internal.flyway.FlywayConsole;
import dev.cascadecleanup.internal.guard.GuardCheck;
import dev.cascadecleanup.internal.guard.GuardFindings;
import java.sql.SQLException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Watches that it stays so: a Flyway callback that fails {@code migrate}, and with it the start of the application, when a foreign
 * key on the parent does not cascade and no option excludes it; in the scope {@code closure}, also when one below refuses the delete.
 *
 * <p>Register it by class name, {@code flyway.callbacks=dev.cascadecleanup.CascadeGuard}. (It is in no location that Flyway scans; and a
 * callback class found in {@code db/callback} would silently replace callbacks that are registered as instances.)
 *
 * <p>It takes the same placeholders as the migration; {@code cascade_guard} says whether it fails, warns or is off. It is silent until a
 * cascade migration has been applied, and after that was undone. On {@code validate} it only warns: a failure there would keep the
 * very migration from running that mends it. It is silent on other databases.
 *
 * <p>It costs two catalog queries at a start with nothing to migrate, on the one more connection that Flyway opens for callbacks after
 * {@code migrate}: a pool needs room for it. When it fails, the migrations of that run are applied and stay so. Its statements need
 * SELECT on the journal and the history table.
 */
public class CascadeGuard implements Callback {

    private final FlywayConsole console = new FlywayConsole(CascadeCleanup.class);

    /**
     * What {@code migrate} found when it validated at its beginning, as long as it has not changed anything since. Only if all was well:
     * else it may have been the middle of another instance's migration, or migrations that this one only marks as applied, which Flyway
     * does not announce one by one.
     */
    private GuardFindings validated;

    /** Flyway calls this. */
    public CascadeGuard() {}

    /** What holds where no placeholder says otherwise; for services that override methods of {@link CascadeMigration}. */
    protected CascadeOptions defaults() {
        return CascadeOptions.defaults();
    }

    @Override
    public final boolean supports(Event event, Context context) {
        // Asked with a context that has no connection yet.
        return event == Event.AFTER_MIGRATE || event == Event.AFTER_VALIDATE || event == Event.AFTER_EACH_MIGRATE;
    }

    @Override
    public final boolean canHandleInTransaction(Event event, Context context) {
        // The catalog is read in a transaction of its own, with an isolation level of its own.
        return false;
    }

    /**
     * Looks. Flyway calls this.
     *
     * @throws CascadeException after {@code migrate}, if a foreign key refuses the delete and {@code cascade_guard} is {@code fail}
     */
    @Override
    public final void handle(Event event, Context context) {
        if (event == Event.AFTER_EACH_MIGRATE) {
            validated = null;
            return;
        }
        CascadeOptions options = FlywayConfiguration.options(context.getConfiguration(), defaults());
        if (options.guard() == CascadeOptions.GuardMode.OFF) {
            return;
        }
        boolean afterMigrate = event == Event.AFTER_MIGRATE;
        boolean fresh =
                afterMigrate && validated != null && context.getConfiguration().isValidateOnMigrate();
        GuardFindings findings = fresh ? validated : look(context, options);
        validated = afterMigrate || !findings.allWell() ? null : findings;
        if (!fresh) {
            findings.warnings().forEach(warning -> console.warn("cascade guard: " + warning));
            findings.problems().forEach(problem -> console.warn("cascade guard: " + problem));
        }
        if (findings.violations().isEmpty()) {
            return;
        }
        String message = "cascade guard: " + findings.violationText();
        if (!afterMigrate || options.guard() == CascadeOptions.GuardMode.WARN) {
            console.warn(message);
            return;
        }
        console.error(message);
        throw new CascadeException(message + System.lineSeparator()
                + "The migrations of this run are applied and stay so. To start in spite of it: cascade_guard = warn");
    }

    private static GuardFindings look(Context context, CascadeOptions options) {
        try {
            return new GuardCheck(context.getConnection(), context.getConfiguration(), options, CascadeMigration.class)
                    .run();
        } catch (SQLException e) {
            throw new CascadeException("cascade guard: the database answered with an error: " + e.getMessage(), e);
        }
    }

    @Override
    public final String getCallbackName() {
        return "CascadeGuard";
    }
}
