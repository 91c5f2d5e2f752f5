package dev.cascadecleanup;

import dev.cascadecleanup.catalog.Server;
import org.flywaydb.core.api.configuration.Configuration;

/**
 * Flyway's history table: the journal lies next to it, and it is part of a migration's identity.
 *
 * @param schema its schema
 * @param table its name
 */
record HistoryTable(String schema, String table) {

    static final String FLYWAY_DEFAULT = "flyway_schema_history";

    /** Where Flyway keeps it: in the default schema, else the first of its schemas, else the first on the search path. */
    static HistoryTable of(Configuration configuration, Server server) {
        String schema = defaultSchema(configuration);
        return new HistoryTable(schema == null ? firstOf(server) : schema, configuration.getTable());
    }

    /** Without Flyway: where Flyway would keep it by default. */
    static HistoryTable byDefault(Server server) {
        return new HistoryTable(firstOf(server), FLYWAY_DEFAULT);
    }

    /** The schema that the configuration names, or null. */
    static String defaultSchema(Configuration configuration) {
        if (configuration.getDefaultSchema() != null) {
            return configuration.getDefaultSchema();
        }
        return configuration.getSchemas().length > 0 ? configuration.getSchemas()[0] : null;
    }

    private static String firstOf(Server server) {
        if (server.searchPath().isEmpty()) {
            throw new CascadeException("no schema to keep the journal in: the search path of role " + server.role()
                    + " names no existing schema. Set Flyway's defaultSchema, or the connection's current schema.");
        }
        return server.searchPath().get(0);
    }
}
