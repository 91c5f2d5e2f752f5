package dev.cascadecleanup.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/**
 * Stands between the code under test and a real server, and lets that server answer as another version of it does: each difference is
 * a rule that sees every statement before it is sent, and may refuse it or have another one sent in its place.
 */
public final class DoubledConnections {

    /** What another version does differently. */
    @FunctionalInterface
    public interface Rule {

        /**
         * What the server is to be asked in place of this statement; the statement itself where the versions do not differ.
         *
         * @param connection the real connection
         * @throws SQLException what the other version answers
         */
        String apply(Connection connection, String sql) throws SQLException;
    }

    private final List<Rule> rules;

    private DoubledConnections(List<Rule> rules) {
        this.rules = rules;
    }

    /** Connections to the real server that follow the rules, one after the other. */
    public static DataSource over(DataSource real, Rule... rules) {
        DoubledConnections doubled = new DoubledConnections(List.of(rules));
        return proxy(DataSource.class, real, (method, arguments) -> {
            Object result = invoke(real, method, arguments);
            return result instanceof Connection connection ? doubled.connection(connection) : result;
        });
    }

    /** The same for one connection. */
    public static Connection over(Connection real, Rule... rules) {
        return new DoubledConnections(List.of(rules)).connection(real);
    }

    private Connection connection(Connection real) {
        return proxy(Connection.class, real, (method, arguments) -> {
            boolean prepares =
                    method.getName().startsWith("prepare") && arguments != null && arguments[0] instanceof String;
            if (!prepares) {
                Object result = invoke(real, method, arguments);
                return result instanceof Statement statement ? statement(real, statement) : result;
            }
            // What the other version refuses it refuses when the statement is executed.
            Object[] ruled = arguments.clone();
            try {
                ruled[0] = ruled(real, (String) arguments[0]);
            } catch (SQLException refusal) {
                return proxy(
                        PreparedStatement.class,
                        (PreparedStatement) invoke(real, method, arguments),
                        (call, values) -> {
                            if (call.getName().startsWith("execute")) {
                                throw refusal;
                            }
                            return null;
                        });
            }
            return invoke(real, method, ruled);
        });
    }

    private Statement statement(Connection connection, Statement real) {
        return proxy(Statement.class, real, (method, arguments) -> {
            if (method.getName().startsWith("execute") && arguments != null && arguments[0] instanceof String sql) {
                Object[] ruled = arguments.clone();
                ruled[0] = ruled(connection, sql);
                return invoke(real, method, ruled);
            }
            return invoke(real, method, arguments);
        });
    }

    private String ruled(Connection connection, String sql) throws SQLException {
        String text = sql;
        for (Rule rule : rules) {
            text = rule.apply(connection, text);
        }
        return text;
    }

    @FunctionalInterface
    private interface Handler {
        Object call(Method method, Object[] arguments) throws Throwable;
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, T real, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                DoubledConnections.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> method.getName().equals("close")
                        ? invoke(real, method, arguments)
                        : handler.call(method, arguments)));
    }
}
