package dev.cascadecleanup.internal.guard;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.flyway.FlywayConfiguration;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.journal.Journal;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.internal.run.HistoryTable;
import dev.cascadecleanup.plan.CascadePlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.api.configuration.Configuration;

/**
 * The guard's look at a database: two catalog queries and one of the journal or the history.
 */
public final class GuardCheck {

    private static final Pattern VERSION = Pattern.compile("^(PostgreSQL|CockroachDB)\\D*(\\d+)");

    private final Connection connection;
    private final Configuration flyway;
    private final CascadeOptions options;
    private final Class<?> migration;

    /** @param migration what a class in the history has to extend to be a cascade migration */
    public GuardCheck(Connection connection, Configuration flyway, CascadeOptions options, Class<?> migration) {
        this.connection = connection;
        this.flyway = flyway;
        this.options = options;
        this.migration = migration;
    }

    /** Where this is: asked for outside of any transaction, in words that no search path can bend. */
    private record Place(Server server, Catalog catalog, String schema) {}

    /**
     * What one query tells.
     *
     * @param journal whether a journal is there
     * @param history whether the history table is there
     */
    private record Surroundings(boolean journal, boolean history) {}

    /**
     * Looks.
     *
     * @throws CascadeException if the role may not read what it has to
     */
    public GuardFindings run() throws SQLException {
        Place place = place().orElse(null);
        if (place == null) {
            return GuardFindings.NOT_MIGRATED;
        }
        // Under the system's search path alone, as everything that reads the catalog.
        boolean migrated = place.server().product() == Product.POSTGRESQL
                ? PostgresTransaction.read(connection, () -> isMigrated(place, surroundings(place)))
                : isMigrated(place, surroundings(place));
        if (!migrated) {
            return GuardFindings.NOT_MIGRATED;
        }
        CascadePlan plan =
                CascadePlanner.plan(place.catalog().readForeignKeys(), place.server(), place.schema(), options);
        return GuardFindings.of(plan, connection, new HistoryTable(place.schema(), flyway.getTable()), options);
    }

    private Optional<Place> place() throws SQLException {
        if (!connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
            return Optional.empty();
        }
        return Sql.queryFirst(
                        connection,
                        "SELECT pg_catalog.version() AS version, pg_catalog.current_schemas(false) AS path, current_user AS role",
                        row -> place(row.getString("version"), row.getString("role"), Sql.textArray(row, "path")))
                .flatMap(place -> place);
    }

    private Optional<Place> place(String version, String role, List<String> path) {
        Matcher matcher = VERSION.matcher(version);
        Optional<Catalog> catalog = Catalogs.of(connection, version);
        String configured = FlywayConfiguration.defaultSchema(flyway);
        if (!matcher.find() || catalog.isEmpty() || (configured == null && path.isEmpty())) {
            return Optional.empty();
        }
        Product product = matcher.group(1).equals("PostgreSQL") ? Product.POSTGRESQL : Product.COCKROACHDB;
        // What only concerns those who change something is as good as can be.
        Server server = new Server(
                product,
                Integer.parseInt(matcher.group(2)) * 10_000,
                matcher.group(2),
                role,
                true,
                false,
                0,
                Duration.ofDays(1),
                path);
        return Optional.of(new Place(server, catalog.get(), configured == null ? path.get(0) : configured));
    }

    private Surroundings surroundings(Place place) throws SQLException {
        return Sql.queryFirst(
                        connection,
                        """
                SELECT (SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relname = ? AND n.nspname = ?) AS journal,
                       (SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relname = ? AND n.nspname = ?) AS history
                """,
                        row -> new Surroundings(row.getInt("journal") > 0, row.getInt("history") > 0),
                        Journal.TABLE_NAME,
                        place.schema(),
                        flyway.getTable(),
                        place.schema())
                .orElseThrow();
    }

    /** By the journal; a migration that found nothing to do wrote nothing there, but it is in the history. */
    private boolean isMigrated(Place place, Surroundings surroundings) throws SQLException {
        if (surroundings.journal()) {
            List<Boolean> active = rows(
                    new TableName(place.schema(), Journal.TABLE_NAME),
                    place,
                    "SELECT bool_or(state IN ('converting', 'converted', 'undoing')) FROM %s WHERE history_schema = ? AND history_table = ?",
                    row -> (Boolean) row.getObject(1),
                    place.schema(),
                    flyway.getTable());
            if (active.get(0) != null) {
                return active.get(0);
            }
        }
        if (!surroundings.history()) {
            return false;
        }
        List<String> scripts = rows(
                new TableName(place.schema(), flyway.getTable()),
                place,
                "SELECT script FROM %s WHERE type = 'JDBC' AND success",
                row -> row.getString(1));
        return scripts.stream().anyMatch(this::isCascadeMigration);
    }

    private <T> List<T> rows(TableName table, Place place, String sql, Sql.RowMapper<T> mapper, Object... parameters)
            throws SQLException {
        try {
            return Sql.query(connection, sql.formatted(table.quoted()), mapper, parameters);
        } catch (SQLException e) {
            if (SqlStates.is(e, SqlStates.INSUFFICIENT_PRIVILEGE)) {
                String role = place.server().role();
                throw new CascadeException(
                        "the role " + role + " may not read " + table + ". GRANT SELECT ON TABLE " + table.quoted()
                                + " TO " + Identifiers.quote(role),
                        e);
            }
            throw e;
        }
    }

    private boolean isCascadeMigration(String className) {
        try {
            return migration.isAssignableFrom(Class.forName(className, false, flyway.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
