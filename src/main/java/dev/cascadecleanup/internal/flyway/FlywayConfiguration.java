package dev.cascadecleanup.internal.flyway;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.plan.PlaceholderOptions;
import dev.cascadecleanup.internal.run.HistoryTable;
import dev.cascadecleanup.plan.Problem;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** What a Flyway configuration says about this library's work: the options, and where the history table is. */
public final class FlywayConfiguration {

    private FlywayConfiguration() {}

    /**
     * The options that its placeholders set.
     *
     * @throws CascadeException if a placeholder cannot be understood, naming all of them
     */
    public static CascadeOptions options(Configuration flyway, CascadeOptions defaults) {
        List<Problem> problems = new ArrayList<>();
        CascadeOptions options = options(flyway, defaults, problems);
        if (!problems.isEmpty()) {
            throw CascadeException.refused("The cascade migration", problems);
        }
        return options;
    }

    /** The options that its placeholders set, but for those that cannot be understood, which are problems. */
    public static CascadeOptions options(Configuration flyway, CascadeOptions defaults, List<Problem> problems) {
        return PlaceholderOptions.read(defaults, flyway.getPlaceholders(), problems);
    }

    /** Where Flyway keeps its history: in the default schema, else the first of its schemas, else the first on the search path. */
    public static HistoryTable historyTable(Configuration flyway, Server server) {
        String schema = defaultSchema(flyway);
        return new HistoryTable(schema == null ? HistoryTable.firstSchema(server) : schema, flyway.getTable());
    }

    /** The schema that the configuration names, or null. */
    public static @Nullable String defaultSchema(Configuration flyway) {
        if (flyway.getDefaultSchema() != null) {
            return flyway.getDefaultSchema();
        }
        return flyway.getSchemas().length > 0 ? flyway.getSchemas()[0] : null;
    }
}
