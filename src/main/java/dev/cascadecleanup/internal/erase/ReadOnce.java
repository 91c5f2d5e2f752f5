package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A catalog whose foreign keys are read when they are asked for, and once: look ahead and drain are about the same. */
final class ReadOnce implements Catalog {

    private final Catalog catalog;
    private @Nullable ForeignKeyGraph graph;

    ReadOnce(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The one that is read. */
    Catalog behind() {
        return catalog;
    }

    @Override
    public Server server() throws SQLException {
        return catalog.server();
    }

    @Override
    public ForeignKeyGraph read() throws SQLException {
        if (graph == null) {
            graph = catalog.read();
        }
        return graph;
    }

    @Override
    public ForeignKeyGraph readForeignKeys() throws SQLException {
        return catalog.readForeignKeys();
    }
}
