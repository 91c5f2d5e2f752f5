package dev.cascadecleanup.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Where a migration passes before and after each of its statements; it may stay there for as long as it likes. */
public interface Gate {

    /** About to be sent. */
    void before(String sql) throws SQLException;

    /** The server has answered, with success. */
    void after(String sql) throws SQLException;

    /** A statement that changes something. The flights of the PostgreSQL engine begin with SET; what matters stands further on. */
    Pattern CHANGE = Pattern.compile(
            "\\b(ALTER TABLE|CREATE TABLE|COMMENT ON|INSERT INTO|UPDATE (\"|flyway)|DELETE FROM|UPSERT INTO|DROP TABLE)");

    /** A data source whose connections pass this gate. */
    default DataSource guard(DataSource dataSource) {
        return proxy(DataSource.class, dataSource, this);
    }

    private static <T> T proxy(Class<T> type, Object target, Gate gate) {
        return proxy(type, target, gate, null);
    }

    /** Prepared statements got their text when they were prepared, the others get it when they are executed. */
    private static <T> T proxy(Class<T> type, Object target, Gate gate, String prepared) {
        return type.cast(Proxy.newProxyInstance(
                Gate.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    String first = arguments != null && arguments.length > 0 && arguments[0] instanceof String text
                            ? text
                            : null;
                    String sql = prepared != null ? prepared : first;
                    boolean execution = method.getName().startsWith("execute") && sql != null;
                    if (execution) {
                        gate.before(sql);
                    }
                    Object result;
                    try {
                        result = method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (execution) {
                        gate.after(sql);
                    }
                    if (result instanceof Connection
                            && method.getName().equals("getConnection")
                            && target instanceof DataSource) {
                        return proxy(Connection.class, result, gate);
                    }
                    if (result instanceof PreparedStatement && method.getName().equals("prepareStatement")) {
                        return proxy(PreparedStatement.class, result, gate, first);
                    }
                    if (result instanceof Statement && method.getName().equals("createStatement")) {
                        return proxy(Statement.class, result, gate);
                    }
                    return result;
                }));
    }
}
