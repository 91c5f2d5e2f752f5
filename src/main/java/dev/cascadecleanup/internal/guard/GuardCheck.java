package dev.cascadecleanup.internal.guard;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.catalog.QuickCatalog;
import dev.cascadecleanup.internal.flyway.FlywayConfiguration;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.journal.Journal;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.plan.CascadePlan;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

    /**
     * What one query tells.
     *
     * @param schema Flyway's default schema
     * @param journal whether a journal is there
     * @param history whether the history table is there
     * @param namesakes how many tables on the search path have the name of a parent
     */
    private record Surroundings(Server server, String schema, boolean journal, boolean history, int namesakes) {}

    public GuardFindings run() throws SQLException {
        Optional<Surroundings> found = surroundings();
        if (found.isEmpty() || !isMigrated(found.get())) {
            return GuardFindings.NOT_MIGRATED;
        }
        Server server = found.get().server();
        String schema = found.get().schema();
        CascadePlan plan = CascadePlanner.plan(QuickCatalog.read(connection, server), server, schema, options);
        if (plan.parents().isEmpty() || isShadowed(plan, found.get())) {
            // Misnamed, or without a foreign key on it, which is as good as all cascading: the quick look does not
            // tell. Nor does it
            // see a parent without foreign keys that stands before another of its name on the search path.
            plan = CascadePlanner.plan(Catalogs.open(connection).orElseThrow().read(), server, schema, options);
        }
        return GuardFindings.of(plan, server.product(), options);
    }

    /** Whether there may be a table of the same name in an earlier schema, which then is the one that is meant. */
    private boolean isShadowed(CascadePlan plan, Surroundings surroundings) {
        return options.parents().stream().anyMatch(parent -> parent.schema() == null)
                && surroundings.namesakes() > plan.parents().size();
    }

    private List<String> parentNames() {
        return options.parents().stream()
                .flatMap(parent -> Stream.of(parent.name(), parent.name().toLowerCase(Locale.ROOT)))
                .distinct()
                .toList();
    }

    private Optional<Surroundings> surroundings() throws SQLException {
        if (!connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
            return Optional.empty();
        }
        String schema = FlywayConfiguration.defaultSchema(flyway);
        return Sql.queryFirst(
                        connection,
                        """
                SELECT pg_catalog.version() AS version, pg_catalog.current_schemas(false) AS path, current_user AS role,
                       coalesce(?, (pg_catalog.current_schemas(false))[1]) AS schema,
                       (SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relname = ? AND n.nspname = coalesce(?, (pg_catalog.current_schemas(false))[1])) AS journal,
                       (SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relname = ? AND n.nspname = coalesce(?, (pg_catalog.current_schemas(false))[1])) AS history,
                       (SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                        WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relname::text = ANY (?)
                        AND (n.nspname = ? OR n.nspname = ANY (pg_catalog.current_schemas(false)))) AS namesakes
                """,
                        row -> {
                            Matcher matcher = VERSION.matcher(row.getString("version"));
                            if (!matcher.find()) {
                                return Optional.<Surroundings>empty();
                            }
                            Product product =
                                    matcher.group(1).equals("PostgreSQL") ? Product.POSTGRESQL : Product.COCKROACHDB;
                            // What only concerns those who change something is as good as can be.
                            Server server = new Server(
                                    product,
                                    Integer.parseInt(matcher.group(2)) * 10_000,
                                    matcher.group(2),
                                    row.getString("role"),
                                    true,
                                    false,
                                    0,
                                    Duration.ofDays(1),
                                    Sql.textArray(row, "path"));
                            return Optional.of(new Surroundings(
                                    server,
                                    row.getString("schema"),
                                    row.getInt("journal") > 0,
                                    row.getInt("history") > 0,
                                    row.getInt("namesakes")));
                        },
                        schema,
                        Journal.TABLE_NAME,
                        schema,
                        flyway.getTable(),
                        schema,
                        parentNames(),
                        schema)
                .orElseThrow();
    }

    /** By the journal; a migration that found nothing to do wrote nothing there, but it is in the history. */
    private boolean isMigrated(Surroundings surroundings) throws SQLException {
        if (surroundings.journal()) {
            Boolean active = Sql.query(
                            connection,
                            "SELECT bool_or(state IN ('converting', 'converted', 'undoing')) FROM "
                                    + new TableName(surroundings.schema(), Journal.TABLE_NAME).quoted()
                                    + " WHERE history_schema = ? AND history_table = ?",
                            row -> (Boolean) row.getObject(1),
                            surroundings.schema(),
                            flyway.getTable())
                    .get(0);
            if (active != null) {
                return active;
            }
        }
        if (!surroundings.history()) {
            return false;
        }
        List<String> scripts = Sql.query(
                connection,
                "SELECT script FROM " + new TableName(surroundings.schema(), flyway.getTable()).quoted()
                        + " WHERE type = 'JDBC' AND success",
                row -> row.getString(1));
        return scripts.stream().anyMatch(this::isCascadeMigration);
    }

    private boolean isCascadeMigration(String className) {
        try {
            return migration.isAssignableFrom(Class.forName(className, false, flyway.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
