package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.catalog.Server;

/**
 * Flyway's history table: the journal lies next to it, and it is part of a migration's identity.
 *
 * @param schema its schema
 * @param table its name
 */
public record HistoryTable(String schema, String table) {

    static final String FLYWAY_DEFAULT = "flyway_schema_history";

    /** Without Flyway: where Flyway would keep it by default. */
    public static HistoryTable byDefault(Server server) {
        return new HistoryTable(firstSchema(server), FLYWAY_DEFAULT);
    }

    /** The first schema on the search path that exists. */
    public static String firstSchema(Server server) {
        if (server.searchPath().isEmpty()) {
            throw new CascadeException("no schema to keep the journal in: the search path of role " + server.role()
                    + " names no existing schema. Set Flyway's defaultSchema, or the connection's current schema.");
        }
        return server.searchPath().get(0);
    }
}
