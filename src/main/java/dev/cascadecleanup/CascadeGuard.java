package dev.cascadecleanup;

import dev.cascadecleanup.internal.flyway.FlywayConfiguration;
import dev.cascadecleanup.internal.flyway.FlywayConsole;
import dev.cascadecleanup.internal.guard.GuardCheck;
import dev.cascadecleanup.internal.guard.GuardFindings;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.plan.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * Watches that it stays so: a Flyway callback that fails {@code migrate}, and with it the start of the application, when a foreign
 * key on the parent does not cascade and no option excludes it; in the scope {@code closure}, also when one below refuses the delete.
 *
 * <p>Register it by class name, {@code flyway.callbacks=dev.cascadecleanup.CascadeGuard}. (It is in no location that Flyway scans; and a
 * callback class found in {@code db/callback} would silently replace callbacks that are registered as instances.)
 *
 * <p>It takes the same placeholders as the migration; {@code cascade_guard} says whether it fails, warns or is off. It is silent until a
 * cascade migration has been applied, and after that was undone. On {@code validate} it only warns, whatever happens to it: a failure
 * there would keep the very migration from running that mends it. It is silent on other databases.
 *
 * <p>It costs two catalog queries at a start with nothing to migrate, on connections that Flyway has open anyway, so that a pool of two
 * is enough. When it fails, the migrations of that run are applied and stay so. Its statements need SELECT on the journal and the
 * history table; without, or with an option that cannot be read, it fails after {@code migrate}, or warns, as for a foreign key.
 */
public class CascadeGuard implements Callback {

    /** On the connection of the migrations, unlike AFTER_MIGRATE, for which Flyway opens a third one beside it. */
    private static final Event MIGRATED = Event.AFTER_MIGRATE_OPERATION_FINISH;

    private final FlywayConsole console = new FlywayConsole(CascadeCleanup.class);

    /**
     * What {@code migrate} found when it validated at its beginning, as long as it has not changed anything since. Only if all was well:
     * else it may have been the middle of another instance's migration, or migrations that this one only marks as applied, which Flyway
     * does not announce one by one.
     */
    private @Nullable GuardFindings validated;

    /** Flyway calls this. */
    public CascadeGuard() {}

    /** What holds where no placeholder says otherwise; for services that override methods of {@link CascadeMigration}. */
    protected CascadeOptions defaults() {
        return CascadeOptions.defaults();
    }

    @Override
    public final boolean supports(Event event, Context context) {
        // Asked with a context that has no connection yet.
        return event == MIGRATED || event == Event.AFTER_VALIDATE || event == Event.AFTER_EACH_MIGRATE;
    }

    @Override
    public final boolean canHandleInTransaction(Event event, Context context) {
        // The catalog is read in a transaction of its own, with an isolation level of its own.
        return false;
    }

    /**
     * Looks. Flyway calls this.
     *
     * @throws CascadeException after {@code migrate} where {@code cascade_guard} is {@code fail}, if a foreign key refuses the delete or
     *     it could not look
     */
    @Override
    public final void handle(Event event, Context context) {
        if (event == Event.AFTER_EACH_MIGRATE) {
            validated = null;
            return;
        }
        List<Problem> unreadable = new ArrayList<>();
        CascadeOptions options = options(context.getConfiguration(), unreadable);
        if (options.guard() == CascadeOptions.GuardMode.OFF) {
            return;
        }
        boolean mayFail = event == MIGRATED && options.guard() == CascadeOptions.GuardMode.FAIL;
        if (!unreadable.isEmpty()) {
            say(mayFail, "cascade guard: it does not look, because of its options: " + joined(unreadable), null);
            return;
        }
        GuardFindings findings;
        try {
            findings = look(event, context, options);
        } catch (SQLException | RuntimeException e) {
            say(
                    mayFail,
                    "cascade guard: it could not look, so whether every foreign key cascades is not known: "
                            + (e instanceof SQLException error ? SqlErrors.describe(error) : e.getMessage()),
                    e);
            return;
        }
        if (!findings.violations().isEmpty()) {
            say(mayFail, "cascade guard: " + findings.violationText(), null);
        }
        if (!findings.notSeen().isEmpty()) {
            say(
                    mayFail,
                    "cascade guard: whether every foreign key cascades is not known, because not everything was seen: "
                            + String.join(" ", findings.notSeen()),
                    null);
        }
    }

    private CascadeOptions options(Configuration flyway, List<Problem> unreadable) {
        try {
            return FlywayConfiguration.options(flyway, defaults(), unreadable);
        } catch (RuntimeException e) {
            unreadable.add(new Problem("defaults() of " + getClass().getName() + " failed: " + e, "Correct the class"));
            return FlywayConfiguration.options(flyway, CascadeOptions.defaults(), unreadable);
        }
    }

    private GuardFindings look(Event event, Context context, CascadeOptions options) throws SQLException {
        boolean migrated = event == MIGRATED;
        GuardFindings fresh = validated;
        if (migrated && fresh != null && context.getConfiguration().isValidateOnMigrate()) {
            validated = null;
            return fresh;
        }
        GuardFindings findings = new GuardCheck(
                        context.getConnection(), context.getConfiguration(), options, CascadeMigration.class)
                .run();
        validated = migrated || !findings.allWell() ? null : findings;
        findings.problems().forEach(problem -> console.warn("cascade guard: " + problem));
        return findings;
    }

    /** A failure on validate would keep the very migration from running that mends it, whatever it is that failed. */
    private void say(boolean mayFail, String message, @Nullable Exception cause) {
        if (!mayFail) {
            console.warn(message);
            return;
        }
        console.error(message);
        throw new CascadeException(
                message + System.lineSeparator()
                        + "The migrations of this run are applied and stay so. To start in spite of it: cascade_guard = warn",
                cause);
    }

    private static String joined(List<Problem> problems) {
        return String.join(" ", problems.stream().map(Object::toString).toList());
    }

    @Override
    public final String getCallbackName() {
        return "CascadeGuard";
    }
}
