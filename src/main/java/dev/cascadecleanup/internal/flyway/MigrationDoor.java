package dev.cascadecleanup.internal.flyway;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.run.Plans;
import dev.cascadecleanup.internal.run.Session;
import dev.cascadecleanup.internal.run.UnsupportedDatabase;
import dev.cascadecleanup.plan.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.migration.Context;

/** What the migrations of this library share: options, session, and an error text that every front end shows. */
public final class MigrationDoor {

    /** The migration's own work. */
    @FunctionalInterface
    public interface Work {
        void run(Session session, CascadeOptions options) throws SQLException;
    }

    /** Flyway says that of every failed migration that is not transactional, also of one that was refused. */
    private static final String NOTHING_TO_RESTORE =
            "Flyway now asks to \"restore backups and roll back database and code\". There is nothing to restore: each foreign key is"
                    + " either as it was or as it is to be, and was in force all the time; the next run goes on from here.";

    private MigrationDoor() {}

    public static void open(Context context, FlywayConsole console, Supplier<CascadeOptions> defaults, Work work)
            throws SQLException {
        try {
            run(context, defaults, work, console);
        } catch (CascadeException e) {
            // Flyway wraps what is no SQLException into "Migration failed !"; some front ends show nothing else.
            console.error(e.getMessage() + System.lineSeparator() + NOTHING_TO_RESTORE);
            throw e;
        }
    }

    private static void run(Context context, Supplier<CascadeOptions> defaults, Work work, FlywayConsole console)
            throws SQLException {
        List<Problem> unreadable = new ArrayList<>();
        CascadeOptions options =
                FlywayConfiguration.options(context.getConfiguration(), defaultsOf(defaults), unreadable);
        Connection connection = context.getConnection();
        if (!connection.getAutoCommit()) {
            throw new CascadeException(
                    "Flyway runs this migration inside a transaction (group with mixed?), which would keep every"
                            + " lock until its end; nothing was changed. Migrate without group, or up to the version before first.");
        }
        if (context.getConfiguration().isGroup() && context.getConfiguration().isMixed()) {
            console.warn(
                    "Flyway runs with group and mixed: should a later migration of this run fail, Flyway forgets every migration of"
                            + " the run, and rolls none of them back. What this one does is found done when it runs again.");
        }
        if (!unreadable.isEmpty()) {
            throw refused(context, options, unreadable, console);
        }
        Optional<Session> session = sessionOf(connection, context.getConfiguration(), options, console);
        if (session.isPresent()) {
            work.run(session.get(), options);
        }
    }

    /** With what is wrong beside the options that cannot be read, so that it need not be found out one after the other. */
    private static CascadeException refused(
            Context context, CascadeOptions options, List<Problem> unreadable, FlywayConsole console) {
        List<Problem> problems = new ArrayList<>(unreadable);
        try {
            Optional<Session> session =
                    sessionOf(context.getConnection(), context.getConfiguration(), options, console);
            if (session.isPresent()) {
                problems.addAll(Plans.problems(session.get(), options));
            }
        } catch (SQLException | CascadeException e) {
            // It could not be seen; what is known is enough to refuse.
            problems.add(new Problem(
                    "what else there may be could not be looked for: " + e.getMessage(), "Correct the above first"));
        }
        return CascadeException.refused("The cascade migration", problems);
    }

    private static CascadeOptions defaultsOf(Supplier<CascadeOptions> defaults) {
        try {
            return defaults.get();
        } catch (IllegalArgumentException e) {
            throw new CascadeException(
                    "an option that the migration class overrides cannot be read: " + e.getMessage()
                            + "; nothing was changed. Correct the class.",
                    e);
        }
    }

    /** A session on a connection that Flyway lends; empty on an unsupported database that the options skip. */
    private static Optional<Session> sessionOf(
            Connection connection, Configuration flyway, CascadeOptions options, FlywayConsole console)
            throws SQLException {
        Optional<Catalog> catalog = Catalogs.open(connection);
        if (catalog.isEmpty()) {
            if (options.skipUnsupported()) {
                console.warn("skipped: " + connection.getMetaData().getDatabaseProductName()
                        + " is neither PostgreSQL nor CockroachDB (cascade_unsupported = skip)");
                return Optional.empty();
            }
            throw UnsupportedDatabase.exception(connection);
        }
        Server server = catalog.get().server();
        return Optional.of(new Session(
                connection,
                flyway.getDataSource(),
                catalog.get(),
                server,
                FlywayConfiguration.historyTable(flyway, server),
                true,
                console));
    }
}
