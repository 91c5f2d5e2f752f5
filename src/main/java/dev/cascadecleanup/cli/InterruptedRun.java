package dev.cascadecleanup.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Connections that break off before a certain schema change, as if their process had been killed. */
final class InterruptedRun {

    private static final String SCHEMA_CHANGE = "ALTER TABLE";

    private final AtomicInteger left;

    private InterruptedRun(int schemaChanges) {
        this.left = new AtomicInteger(schemaChanges);
    }

    /** @param schemaChanges how many go through */
    static DataSource of(DataSource dataSource, int schemaChanges) {
        InterruptedRun run = new InterruptedRun(schemaChanges);
        return proxy(DataSource.class, (method, arguments) -> {
            Object result = invoke(dataSource, method, arguments);
            return result instanceof Connection connection ? run.connection(connection) : result;
        });
    }

    private Connection connection(Connection real) {
        return proxy(Connection.class, (method, arguments) -> {
            if (method.getName().startsWith("prepare") && arguments != null && arguments[0] instanceof String sql) {
                pass(real, sql);
            }
            Object result = invoke(real, method, arguments);
            return method.getName().equals("createStatement") ? statement(real, (Statement) result) : result;
        });
    }

    private Statement statement(Connection connection, Statement real) {
        return proxy(Statement.class, (method, arguments) -> {
            if (method.getName().startsWith("execute") && arguments != null && arguments[0] instanceof String sql) {
                pass(connection, sql);
            }
            return invoke(real, method, arguments);
        });
    }

    private void pass(Connection connection, String sql) throws SQLException {
        if (sql.contains(SCHEMA_CHANGE) && left.getAndDecrement() <= 0) {
            connection.abort(Runnable::run);
            throw new SQLException("cut off", "08006");
        }
    }

    @FunctionalInterface
    private interface Handler {
        Object call(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                InterruptedRun.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> handler.call(method, arguments)));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
