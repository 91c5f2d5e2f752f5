package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of a borrowed session for a statement that can be in no transaction and take hours: it is ended by nobody's timeout, but
 * never waits longer than this for one other transaction. It works in one process: a build in several takes the processors that clients
 * need (on two of them, twice the latency). Closing puts them back.
 */
final class LongSession implements AutoCloseable {

    private final Connection connection;
    private final Map<String, String> before = new LinkedHashMap<>();

    private LongSession(Connection connection) {
        this.connection = connection;
    }

    static LongSession waitingAtMost(Connection connection, Duration lockTimeout) throws SQLException {
        LongSession session = new LongSession(connection);
        Map<String, String> wanted = Map.of(
                "lock_timeout",
                String.valueOf(Math.min(lockTimeout.toMillis(), Integer.MAX_VALUE)),
                "statement_timeout",
                "0",
                "transaction_timeout",
                "0",
                "max_parallel_maintenance_workers",
                "0");
        try {
            Sql.query(
                    connection,
                    "SELECT s.name, pg_catalog.current_setting(s.name) AS value FROM pg_catalog.pg_settings s WHERE s.name OPERATOR(pg_catalog.=)"
                            + " ANY (?)",
                    row -> session.before.put(row.getString("name"), row.getString("value")),
                    List.copyOf(wanted.keySet()));
            for (Map.Entry<String, String> setting : wanted.entrySet()) {
                if (session.before.containsKey(setting.getKey())) {
                    session.set(setting.getKey(), setting.getValue());
                }
            }
            return session;
        } catch (SQLException e) {
            try (session) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        // On a connection that the server has closed there is nothing to put back.
        if (!connection.isClosed()) {
            for (Map.Entry<String, String> setting : before.entrySet()) {
                set(setting.getKey(), setting.getValue());
            }
        }
    }

    private void set(String name, String value) throws SQLException {
        Sql.query(connection, "SELECT pg_catalog.set_config(?, ?, false)", row -> row.getString(1), name, value);
    }
}
