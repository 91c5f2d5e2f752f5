package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.AuditFactsReader;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What the catalog says of the whole database, whichever table the people are in.
 *
 * @param graph the foreign keys
 * @param facts columns, triggers and rules, publications
 * @param keyFacts operators and triggers of the foreign keys
 * @param writeFacts publications and owners
 */
public record Known(ForeignKeyGraph graph, AuditFacts facts, KeyFacts keyFacts, WriteFacts writeFacts) {

    /** Over a connection outside a transaction. */
    public static Known read(Connection connection, Server server, Catalog catalog) throws SQLException {
        ForeignKeyGraph graph = catalog.read();
        return new Known(
                graph,
                AuditFactsReader.read(connection, server, graph),
                KeyFacts.read(connection, server.product()),
                WriteFacts.read(connection, server));
    }
}
