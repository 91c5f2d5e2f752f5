package dev.cascadecleanup.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** A database that belongs to one test, or to one test class; closing it drops it. */
public final class TestDatabase implements AutoCloseable {

    /** Work on a connection with autocommit on. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private static final Pattern SETTINGS_OF_NEW_SESSIONS =
            Pattern.compile("\\bALTER (?:DATABASE|ROLE|USER|SYSTEM)\\b", Pattern.CASE_INSENSITIVE);

    private final TestServer server;
    private final String name;
    private final List<String> roles = new ArrayList<>();
    private final IdleConnections connections;

    TestDatabase(TestServer server, String name) {
        this.server = server;
        this.name = name;
        this.connections = new IdleConnections(dataSource(), server.isCockroach());
    }

    public TestServer server() {
        return server;
    }

    public String name() {
        return name;
    }

    /** The URL of this database, without user and password. */
    public String jdbcUrl() {
        return server.endpoint().urlOf(name);
    }

    /** The superuser; root on CockroachDB. */
    public String user() {
        return server.endpoint().user();
    }

    public String password() {
        return server.endpoint().password();
    }

    /** Unpooled connections as the superuser. */
    public DataSource dataSource() {
        return dataSource(user(), password());
    }

    /** Connections as the superuser that others have used, as a pool lends them: a new one costs more than most work does. */
    public DataSource warmDataSource() {
        return new WarmDataSource(connections);
    }

    /** Unpooled connections as another role; the embedded servers trust any password. */
    public DataSource dataSource(String user, String password) {
        return Endpoint.dataSource(jdbcUrl(), user, password);
    }

    /** A new connection as the superuser. */
    public Connection connect() throws SQLException {
        return dataSource().getConnection();
    }

    /** A role without privileges that can log in as {@code dataSource(role, role)}; it is dropped with the database. */
    public String createRole(String purpose) throws SQLException {
        String role = name + "_" + purpose;
        // A CockroachDB without TLS refuses to store passwords, and asks for none.
        execute("CREATE ROLE " + role + " LOGIN" + (server.isCockroach() ? "" : " PASSWORD '" + role + "'"));
        roles.add(role);
        return role;
    }

    /** Work as the superuser on a connection that others have used and will use: not for what ends sessions, or looks at them. */
    public <T> T with(Work<T> work) throws SQLException {
        return connections.with(work);
    }

    /**
     * Runs the statements one by one on one connection, each in its own transaction; on CockroachDB new tables that come first are made and
     * filled in one, which takes a tenth of the time.
     */
    public void execute(String... statements) throws SQLException {
        with(connection -> {
            if (server.isCockroach()) {
                NewTables.build(connection, List.of(statements));
                return null;
            }
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
            return null;
        });
        if (Arrays.stream(statements)
                .anyMatch(sql -> SETTINGS_OF_NEW_SESSIONS.matcher(sql).find())) {
            disconnect();
        }
    }

    /** The rows of a query, their columns as the driver's {@code getObject} gives them; {@code arguments} fill the {@code ?}. */
    public List<List<Object>> rows(String query, Object... arguments) throws SQLException {
        return with(connection -> rows(connection, query, arguments));
    }

    /** The same over a connection, for a look of several queries in one transaction, for instance. */
    public static List<List<Object>> rows(Connection connection, String query, Object... arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                int columns = result.getMetaData().getColumnCount();
                List<List<Object>> rows = new ArrayList<>();
                while (result.next()) {
                    List<Object> row = new ArrayList<>(columns);
                    for (int column = 1; column <= columns; column++) {
                        row.add(result.getObject(column));
                    }
                    rows.add(row);
                }
                return rows;
            }
        }
    }

    /**
     * The only column of the only row of a query.
     *
     * @throws IllegalStateException if the result is not one row of one column
     */
    @SuppressWarnings("unchecked") // the caller says which type the column has
    public <T> T value(String query, Object... arguments) throws SQLException {
        List<List<Object>> rows = rows(query, arguments);
        if (rows.size() != 1 || rows.get(0).size() != 1) {
            throw new IllegalStateException("not one value, but " + rows + ": " + query);
        }
        return (T) rows.get(0).get(0);
    }

    /** Nobody may be connected to a database that is copied. */
    void disconnect() throws SQLException {
        connections.close();
    }

    /** Drops the database, whoever is still connected. */
    @Override
    public void close() throws SQLException {
        if (server.isCockroach()) {
            disconnect();
            cancelSessions();
            server.execute("DROP DATABASE " + name + " CASCADE");
        } else {
            rollBackPreparedTransactions();
            disconnect();
            server.endSessions(name);
            server.execute("DROP DATABASE " + name + " WITH (FORCE)");
        }
        for (String role : roles) {
            server.execute("DROP ROLE " + role);
        }
    }

    /** CockroachDB's DROP DATABASE has no FORCE, and waits for open transactions. */
    private void cancelSessions() throws SQLException {
        server.execute("CANCEL SESSIONS IF EXISTS SELECT session_id FROM [SHOW CLUSTER SESSIONS]"
                + " WHERE application_name = '" + name + "'");
    }

    /** FORCE ends sessions, but a prepared transaction has none and makes DROP DATABASE fail. */
    private void rollBackPreparedTransactions() throws SQLException {
        for (String gid : server.preparedTransactions(name)) {
            execute("ROLLBACK PREPARED " + gid);
        }
    }

    @Override
    public String toString() {
        return name + " on " + server;
    }
}
