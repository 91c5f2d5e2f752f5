package dev.cascadecleanup.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which each statement runs in a transaction that the server holds to reading, whatever the code that uses it sends. Not
 * by a setting of the session, which a connection pool such as PgBouncer could hand on to the next client.
 */
final class ReadOnlyConnection implements InvocationHandler {

    private final Connection connection;
    private boolean autoCommit = true;

    private ReadOnlyConnection(Connection connection) {
        this.connection = connection;
    }

    static Connection around(Connection connection) throws SQLException {
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        return proxy(Connection.class, new ReadOnlyConnection(connection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "getAutoCommit" -> autoCommit;
            case "setAutoCommit" -> setAutoCommit((boolean) arguments[0]);
            case "setReadOnly" -> null;
            case "createStatement", "prepareStatement" -> {
                Object statement = call(connection, method, arguments);
                Class<?> type = statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
                yield proxy(type, (self, called, with) -> execute(statement, called, with));
            }
            default -> call(connection, method, arguments);
        };
    }

    /** Between two transactions there is none: what the driver may have looked up by itself is over. */
    private @Nullable Object setAutoCommit(boolean wanted) throws SQLException {
        if (wanted != autoCommit) {
            connection.commit();
        }
        autoCommit = wanted;
        return null;
    }

    /** The driver has read all rows by then, so that they outlive the transaction. */
    private Object execute(Object statement, Method method, Object[] arguments) throws Throwable {
        if (!autoCommit || !method.getName().startsWith("execute")) {
            return call(statement, method, arguments);
        }
        try {
            Object result = call(statement, method, arguments);
            connection.commit();
            return result;
        } catch (SQLException e) {
            if (!connection.isClosed()) {
                connection.rollback();
            }
            throw e;
        }
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(ReadOnlyConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
