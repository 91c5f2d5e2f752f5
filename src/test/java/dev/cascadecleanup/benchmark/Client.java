package dev.cascadecleanup.benchmark;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * One client of the service: of four requests two read a user, one inserts a row of a child table and one updates such a row.
 * Each is a transaction of its own. The random numbers are the same in every round.
 */
final class Client implements AutoCloseable {

    private static final long FIRST_NEW_ID = 1_000_000_000L;
    private static final int KINDS = 4;
    private static final String SERIALIZATION_FAILURE = "40001";
    private static final int MOST_RETRIES = 10;

    private final DataSource dataSource;
    private final List<String> tables;
    private final Schema schema;
    private final long firstNewId;
    private final Random random;
    private final boolean retries;
    private final Map<String, Integer> failures = new TreeMap<>();
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private Connection connection;

    /** @param retries whether it repeats a request that lost a serialization conflict, as CockroachDB expects of its clients */
    Client(DataSource dataSource, Schema schema, int number, boolean retries) throws SQLException {
        this.dataSource = dataSource;
        this.schema = schema;
        this.tables = schema.tables();
        this.firstNewId = FIRST_NEW_ID * (number + 1);
        this.random = new Random(number);
        this.retries = retries;
        this.connection = dataSource.getConnection();
    }

    /** Makes a request; an error is counted. */
    void request(long number) {
        String table = tables.get(random.nextInt(tables.size()));
        long user = 1 + random.nextInt(schema.users());
        long row = 1 + random.nextInt(schema.size().rows());
        for (int attempt = 0; ; attempt++) {
            try {
                switch ((int) (number % KINDS)) {
                    case 1 ->
                        run(
                                "INSERT INTO " + table + " (id, user_id, amount, note) VALUES (?, ?, 0, 'new')",
                                firstNewId + number,
                                user);
                    case 3 -> run("UPDATE " + table + " SET amount = amount + 1 WHERE id = ?", row);
                    default -> run("SELECT name FROM users WHERE id = ?", user);
                }
                return;
            } catch (SQLException e) {
                if (!retries || attempt == MOST_RETRIES || !SERIALIZATION_FAILURE.equals(e.getSQLState())) {
                    failures.merge(String.valueOf(e.getSQLState()), 1, Integer::sum);
                    reconnectIfLost();
                    return;
                }
            }
        }
    }

    private void run(String sql, long... parameters) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        for (int i = 0; i < parameters.length; i++) {
            statement.setLong(i + 1, parameters[i]);
        }
        statement.execute();
    }

    private void reconnectIfLost() {
        try {
            if (!connection.isValid(1)) {
                statements.clear();
                connection.close();
                connection = dataSource.getConnection();
            }
        } catch (SQLException e) {
            failures.merge("no connection: " + e.getSQLState(), 1, Integer::sum);
        }
    }

    /** By SQLSTATE. */
    Map<String, Integer> failures() {
        return failures;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
