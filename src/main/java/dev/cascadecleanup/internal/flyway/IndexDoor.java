package dev.cascadecleanup.internal.flyway;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.run.HistoryTable;
import dev.cascadecleanup.internal.run.IndexBuildRun;
import dev.cascadecleanup.internal.run.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.configuration.Configuration;

/** Builds indexes ahead of Flyway's migrations, on a connection that Flyway lends before it takes its lock. */
public final class IndexDoor {

    private IndexDoor() {}

    /**
     * Builds them, unless a cascade migration has been applied already: after it the indexes are its own business, and after its undo
     * nobody's. If another instance applies it while this one waits, they are still built, unless it is undone, too.
     *
     * @param migration what a class in the history has to extend to be a cascade migration
     */
    public static void open(
            Connection connection,
            Configuration flyway,
            CascadeOptions options,
            Class<?> migration,
            FlywayConsole console)
            throws SQLException {
        Optional<Catalog> catalog = Catalogs.open(connection);
        if (catalog.isEmpty()) {
            return;
        }
        Server server = catalog.get().server();
        if (FlywayConfiguration.defaultSchema(flyway) == null
                && server.searchPath().isEmpty()) {
            return;
        }
        HistoryTable history = FlywayConfiguration.historyTable(flyway, server);
        Session session =
                new Session(connection, flyway.getDataSource(), catalog.get(), server, history, false, console);
        if (!isApplied(session, flyway, migration)) {
            new IndexBuildRun(session, options, () -> !isApplied(session, flyway, migration) || session.hasConverted())
                    .runIfParentIsThere();
        }
    }

    private static boolean isApplied(Session session, Configuration flyway, Class<?> migration) throws SQLException {
        return session.underSystemPath(() -> isApplied(session.connection(), flyway, session.history(), migration));
    }

    private static boolean isApplied(
            Connection connection, Configuration flyway, HistoryTable history, Class<?> migration) throws SQLException {
        boolean exists = Sql.queryFirst(connection, """
                        SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n
                          ON n.oid = c.relnamespace
                        WHERE c.relname = ? AND n.nspname = ?
                        """, row -> true, history.table(), history.schema())
                .isPresent();
        if (!exists) {
            return false;
        }
        List<String> scripts = Sql.query(
                connection,
                "SELECT script FROM " + new TableName(history.schema(), history.table()).quoted()
                        + " WHERE success AND script IS NOT NULL",
                row -> row.getString(1));
        return scripts.stream().anyMatch(script -> isCascadeMigration(script, flyway, migration));
    }

    private static boolean isCascadeMigration(String script, Configuration flyway, Class<?> migration) {
        try {
            return migration.isAssignableFrom(Class.forName(script, false, flyway.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
