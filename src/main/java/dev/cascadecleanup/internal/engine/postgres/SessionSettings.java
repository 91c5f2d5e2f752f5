package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of a borrowed CockroachDB session that would end a long statement or refuse a count, switched off for a while.
 * Closing puts them back. CockroachDB v21.1 has no SET LOCAL.
 */
public final class SessionSettings implements AutoCloseable {

    private static final Map<String, String> WANTED = Map.of(
            "statement_timeout", "0",
            "transaction_timeout", "0",
            "lock_timeout", "0",
            "disallow_full_table_scans", "off");

    private final Connection connection;
    private final boolean autoCommit;
    private final Map<String, String> before = new LinkedHashMap<>();

    private SessionSettings(Connection connection) throws SQLException {
        this.connection = connection;
        this.autoCommit = connection.getAutoCommit();
    }

    /** Switches them off. What the server does not know is left out. */
    public static SessionSettings forLongStatements(Connection connection) throws SQLException {
        SessionSettings settings = new SessionSettings(connection);
        try {
            if (!settings.autoCommit) {
                connection.setAutoCommit(true);
            }
            settings.switchOff();
            return settings;
        } catch (SQLException e) {
            try (settings) {
                throw e;
            }
        }
    }

    private void switchOff() throws SQLException {
        Map<String, String> now = new LinkedHashMap<>();
        Sql.query(
                connection,
                "SELECT name, setting FROM pg_catalog.pg_settings WHERE name = ANY (?)",
                row -> now.put(row.getString(1), row.getString(2)),
                List.copyOf(WANTED.keySet()));
        for (Map.Entry<String, String> setting : now.entrySet()) {
            String wanted = WANTED.get(setting.getKey());
            if (!wanted.equals(setting.getValue())) {
                set(setting.getKey(), wanted);
                before.put(setting.getKey(), setting.getValue());
            }
        }
    }

    @Override
    public void close() throws SQLException {
        // On a connection that the server has closed there is nothing to put back.
        if (connection.isClosed()) {
            return;
        }
        for (Map.Entry<String, String> setting : before.entrySet()) {
            set(setting.getKey(), setting.getValue());
        }
        if (!autoCommit) {
            connection.setAutoCommit(false);
        }
    }

    private void set(String name, String value) throws SQLException {
        Sql.query(connection, "SELECT pg_catalog.set_config(?, ?, false)", row -> row.getString(1), name, value);
    }
}
