package dev.cascadecleanup.online;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The erasure that {@link EraseKillTest} and {@link CockroachEraseKillTest} end with force: of person 1 of three, in steps. */
final class KilledErasure {

    /** When the process dies. */
    enum Moment {
        BEFORE,
        DURING,
        AFTER
    }

    static final boolean MATRIX = Boolean.getBoolean("cascade.matrix");

    static final List<String> TABLES = List.of(
            "CREATE TABLE users (id bigint PRIMARY KEY)",
            "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE)",
            "CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE CASCADE)",
            "CREATE TABLE logins (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE)",
            "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL)");

    static final List<String> ROWS = List.of(
            "INSERT INTO users SELECT generate_series(1, 3)",
            "INSERT INTO orders SELECT n, 1 + n % 3 FROM generate_series(1, 90) AS s(n)",
            "INSERT INTO items SELECT n, 1 + n % 90 FROM generate_series(1, 180) AS s(n)",
            "INSERT INTO logins SELECT n, 1 + n % 3 FROM generate_series(1, 90) AS s(n)",
            "INSERT INTO notes SELECT n, 1 + n % 3 FROM generate_series(1, 9) AS s(n)");

    /** The statements that delete rows of these tables, and not a lease; as sent, or as CockroachDB prints them. */
    static final Pattern DELETION =
            Pattern.compile("DELETE FROM (?:ONLY )?\"?public\"?\\.\"?(users|orders|items|logins|notes)\\b");

    private KilledErasure() {}

    /** The whole one where there is time, else the two that differ: after one statement is before the next. */
    static Set<Moment> moments() {
        return MATRIX ? EnumSet.allOf(Moment.class) : EnumSet.of(Moment.DURING, Moment.AFTER);
    }

    /** Of which table the statement deletes. */
    static String table(String statement) {
        Matcher table = DELETION.matcher(statement);
        if (!table.find()) {
            throw new AssertionError("no deletion: " + statement);
        }
        return table.group(1);
    }

    /** What the next process does. */
    static void erase(TestDatabase database) {
        CascadeCleanup.of(database.dataSource()).erase("1", ChildMain.IN_STEPS);
    }

    /** All rows of all tables. */
    static Set<String> rows(TestDatabase database) throws SQLException {
        Set<String> rows = new TreeSet<>();
        for (String table : List.of("users", "orders", "items", "logins", "notes")) {
            database.rows("SELECT * FROM " + table).forEach(row -> rows.add(table + row));
        }
        return rows;
    }
}
