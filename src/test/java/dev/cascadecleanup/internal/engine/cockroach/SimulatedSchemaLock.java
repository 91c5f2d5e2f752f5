package dev.cascadecleanup.internal.engine.cockroach;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection to an old server that behaves, towards ALTER TABLE, as the manual of CockroachDB v26.1 says of tables that are
 * schema_locked where the server does not unlock them by itself.
 */
final class SimulatedSchemaLock {

    private static final Pattern SET_LOCKED =
            Pattern.compile("ALTER TABLE \"public\".\"(\\w+)\" SET \\(schema_locked = (true|false)\\)");
    private static final Pattern ADD_OR_OTHER =
            Pattern.compile("ALTER TABLE \"public\".\"(\\w+)\" (?:.* REFERENCES \"public\".\"(\\w+)\".*|.*)");
    private static final Pattern SHOW_CREATE =
            Pattern.compile("SELECT create_statement FROM \\[SHOW CREATE TABLE \"public\".\"(\\w+)\"]");

    private final Set<String> locked = new HashSet<>();
    private final List<String> changes = new ArrayList<>();

    SimulatedSchemaLock(String... tables) {
        locked.addAll(List.of(tables));
    }

    Set<String> locked() {
        return Set.copyOf(locked);
    }

    /** {@code trips false}, {@code trips true} and so on, as they came. */
    List<String> changes() {
        return List.copyOf(changes);
    }

    Connection over(Connection connection) {
        return proxy(Connection.class, connection, (proxy, method, arguments) -> {
            if (method.getName().equals("createStatement")) {
                return proxy(Statement.class, connection.createStatement(), handler(connection.createStatement()));
            }
            if (method.getName().equals("prepareStatement")) {
                Matcher show = SHOW_CREATE.matcher((String) arguments[0]);
                if (show.matches()) {
                    PreparedStatement answer = connection.prepareStatement("SELECT ?::text AS create_statement");
                    answer.setString(
                            1,
                            "CREATE TABLE x ()"
                                    + (locked.contains(show.group(1)) ? " WITH (schema_locked = true)" : ""));
                    return answer;
                }
            }
            return invoke(connection, method, arguments);
        });
    }

    private InvocationHandler handler(Statement statement) {
        return (proxy, method, arguments) -> {
            if (method.getName().equals("execute")) {
                String sql = (String) arguments[0];
                Matcher set = SET_LOCKED.matcher(sql);
                if (set.matches()) {
                    boolean lock = set.group(2).equals("true");
                    changes.add(set.group(1) + " " + lock);
                    if (lock) {
                        locked.add(set.group(1));
                    } else {
                        locked.remove(set.group(1));
                    }
                    return false;
                }
                refuseIfLocked(sql);
            }
            return invoke(statement, method, arguments);
        };
    }

    private void refuseIfLocked(String sql) throws SQLException {
        Matcher alter = ADD_OR_OTHER.matcher(sql);
        if (alter.matches()) {
            for (int i = 1; i <= 2; i++) {
                if (alter.group(i) != null && locked.contains(alter.group(i))) {
                    throw new SQLException(
                            "ERROR: schema changes are disallowed on table \"" + alter.group(i)
                                    + "\" because it is locked",
                            "57000");
                }
            }
        }
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, T target, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
