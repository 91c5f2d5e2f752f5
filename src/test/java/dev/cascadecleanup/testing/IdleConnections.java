package dev.cascadecleanup.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.sql.DataSource;

/**
 * Connections for what tests do beside the code under test. Each new one costs the server more than most statements do, because its
 * caches are cold; one that was given back is as good as new.
 */
final class IdleConnections implements AutoCloseable {

    private static final int SECONDS_TO_ANSWER = 5;

    /** By the second one the driver learns that its prepared statements are gone: CockroachDB's answer to the first does not say of what all. */
    private static final List<String> FORGET_ON_COCKROACH = List.of("DISCARD ALL", "DEALLOCATE ALL");

    private static final List<String> FORGET = List.of("DISCARD ALL");

    private final DataSource dataSource;
    private final List<String> forget;
    private final Deque<Connection> idle = new ArrayDeque<>();

    IdleConnections(DataSource dataSource, boolean cockroach) {
        this.dataSource = dataSource;
        this.forget = cockroach ? FORGET_ON_COCKROACH : FORGET;
    }

    /** Runs work on an idle connection, or on a new one where there is none. After a failure that connection is closed. */
    <T> T with(TestDatabase.Work<T> work) throws SQLException {
        Connection connection = take();
        T result;
        try {
            result = work.run(connection);
            giveBack(connection);
        } catch (Throwable e) {
            try (connection) { // a failure to close it is to come second
                throw e;
            }
        }
        return result;
    }

    /** An idle connection, or a new one where there is none. */
    Connection take() throws SQLException {
        for (Connection connection = next(); connection != null; connection = next()) {
            // Some tests end all sessions, or the server.
            if (connection.isValid(SECONDS_TO_ANSWER)) {
                return connection;
            }
            connection.close();
        }
        return dataSource.getConnection();
    }

    private synchronized Connection next() {
        return idle.poll();
    }

    /** Takes back one that is not in a transaction. */
    void giveBack(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : forget) {
                statement.execute(sql);
            }
        }
        synchronized (this) {
            idle.push(connection);
        }
    }

    /** Closes those that are idle. */
    @Override
    public void close() throws SQLException {
        for (Connection connection = next(); connection != null; connection = next()) {
            connection.close();
        }
    }
}
