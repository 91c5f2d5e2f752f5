package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The settings of a borrowed CockroachDB session that would end a long statement or refuse a count, switched off for a while.
 * Closing puts them back. CockroachDB v21.1 has no SET LOCAL.
 */
final class SessionSettings implements AutoCloseable {

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
    static SessionSettings forLongStatements(Connection connection) throws SQLException {
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
        // One by one by name: pg_settings is made up of all that there are, each time anew.
        List<String> names = List.copyOf(WANTED.keySet());
        Map<String, String> now = new LinkedHashMap<>();
        Sql.forEach(
                connection,
                "SELECT "
                        + names.stream()
                                .map(name -> "pg_catalog.current_setting('" + name + "', true)")
                                .collect(Collectors.joining(", ")),
                row -> {
                    for (int i = 0; i < names.size(); i++) {
                        if (row.getString(i + 1) != null) {
                            now.put(names.get(i), row.getString(i + 1));
                        }
                    }
                });
        for (Map.Entry<String, String> setting : now.entrySet()) {
            String wanted = Objects.requireNonNull(WANTED.get(setting.getKey()));
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
