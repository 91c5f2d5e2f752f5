package dev.cascadecleanup.internal.proof.schema;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** Reads the shapes of tables. */
public interface SchemaReader {

    /**
     * The shapes of these tables, by the tables' OIDs. Needs a transaction that is open and, on PostgreSQL, has the system's search
     * path, so that the text of conditions comes with every name qualified.
     */
    Map<Long, TableShape> read(Collection<Table> tables) throws SQLException;

    /** The reader for this server. */
    static SchemaReader of(Connection connection, Server server) {
        return server.product() == Product.POSTGRESQL
                ? new PostgresSchemaReader(connection, server)
                : new CockroachSchemaReader(connection);
    }
}
