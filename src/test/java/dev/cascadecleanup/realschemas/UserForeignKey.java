package dev.cascadecleanup.realschemas;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;

/** A foreign key on {@code users} as the catalog has it; read without the library, whose work it is to check. */
record UserForeignKey(String table, String column, boolean cascades) {

    static List<UserForeignKey> all(TestDatabase database) throws SQLException {
        return database.rows("""
                SELECT t.relname, a.attname, c.confdeltype = 'c'
                FROM pg_constraint c
                JOIN pg_class t ON t.oid = c.conrelid
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
                WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass
                ORDER BY t.relname, a.attname, c.conname
                """).stream()
                .map(row -> new UserForeignKey((String) row.get(0), (String) row.get(1), (Boolean) row.get(2)))
                .toList();
    }

    /** How many rows name this user. */
    long rowsOf(TestDatabase database, String user) throws SQLException {
        return database.value("SELECT count(*) FROM " + table + " WHERE " + column + " = " + user);
    }
}
