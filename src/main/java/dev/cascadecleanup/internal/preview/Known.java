package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.AuditFactsReader;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.proof.schema.SchemaReader;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the catalog says of the whole database, whichever table the people are in.
 *
 * @param graph the foreign keys
 * @param facts columns, triggers and rules, publications
 * @param keyFacts operators and triggers of the foreign keys
 * @param shapes tables, by OID, of which more need not be read; the others are read when they are needed
 */
public record Known(ForeignKeyGraph graph, AuditFacts facts, KeyFacts keyFacts, Map<Long, TableShape> shapes) {

    public Known {
        shapes = Map.copyOf(shapes);
    }

    /** Over a connection outside a transaction. */
    public static Known read(Connection connection, Server server, Catalog catalog) throws SQLException {
        ForeignKeyGraph graph = catalog.read();
        return new Known(
                graph,
                AuditFactsReader.read(connection, server, graph),
                KeyFacts.read(connection, server.product()),
                Map.of());
    }

    /** The same with the shapes of all tables that foreign keys connect, for who previews many things in a PostgreSQL that does not change meanwhile. */
    public Known withShapes(Connection connection, Server server) throws SQLException {
        List<Table> tables = graph.foreignKeys().stream()
                .flatMap(fk -> Stream.of(fk.table(), fk.referencedTable()))
                .distinct()
                .toList();
        Map<Long, TableShape> all = PostgresTransaction.snapshot(
                connection, () -> SchemaReader.of(connection, server).read(tables));
        return new Known(graph, facts, keyFacts, all);
    }

    /** The shapes of these tables. */
    Map<Long, TableShape> shapes(SchemaReader reader, List<Table> tables) throws SQLException {
        return tables.stream().allMatch(table -> shapes.containsKey(table.oid())) ? shapes : reader.read(tables);
    }
}
