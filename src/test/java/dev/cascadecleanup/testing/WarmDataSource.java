package dev.cascadecleanup.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

/** Lends idle connections as a pool does, of which each has forgotten what the one before it has set. */
record WarmDataSource(IdleConnections connections) implements ConnectionSource {

    @Override
    public Connection getConnection() throws SQLException {
        Lent lent = new Lent(connections.take());
        return (Connection) Proxy.newProxyInstance(
                WarmDataSource.class.getClassLoader(), new Class<?>[] {Connection.class}, lent::invoke);
    }

    /** A connection that is given back when it is closed. */
    private final class Lent {

        private final Connection connection;
        private boolean closed;

        Lent(Connection connection) {
            this.connection = connection;
        }

        @SuppressWarnings("unused") // the signature of an invocation handler
        Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            switch (method.getName()) {
                case "close" -> {
                    close();
                    return null;
                }
                case "isClosed" -> {
                    return closed || connection.isClosed();
                }
                default -> {
                    if (closed) {
                        throw new SQLException("it has been given back", "08003");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }
            }
        }

        private void close() throws SQLException {
            if (closed) {
                return;
            }
            closed = true;
            try {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
                connection.setReadOnly(false);
                connections.giveBack(connection);
            } catch (SQLException e) {
                // One that broke on the way is of no use to the next, and closing it is what was asked for.
                connection.close();
            }
        }
    }
}
