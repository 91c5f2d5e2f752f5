package dev.cascadecleanup.contract;

import db.migration.V060__CascadeCleanup;
import dev.cascadecleanup.undo.U060__CascadeCleanup;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.migration.Context;

/** Calls the migrations as Flyway does, on a connection that the test can look at before and after. */
final class BorrowedConnection {

    private record Borrowed(Configuration configuration, Connection connection) implements Context {

        @Override
        public Configuration getConfiguration() {
            return configuration;
        }

        @Override
        public Connection getConnection() {
            return connection;
        }
    }

    private BorrowedConnection() {}

    static void migrate(Configuration configuration, Connection connection) throws SQLException {
        new V060__CascadeCleanup().migrate(new Borrowed(configuration, connection));
    }

    static void undo(Configuration configuration, Connection connection) throws SQLException {
        new U060__CascadeCleanup().migrate(new Borrowed(configuration, connection));
    }
}
