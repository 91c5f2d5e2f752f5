package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Users, and tables that reference them as most migrations write it: NO ACTION, with an index. */
record Schema(Size size, int users) {

    private static final int ROWS_IN_A_STATEMENT_ON_COCKROACHDB = 20_000;

    static String table(int number) {
        return String.format(Locale.ROOT, "child_%04d", number);
    }

    static String foreignKey(String table) {
        return table + "_user_id_fkey";
    }

    List<String> tables() {
        return IntStream.rangeClosed(1, size.tables()).mapToObj(Schema::table).toList();
    }

    void create(TestDatabase database) throws SQLException {
        boolean cockroach = database.server().isCockroach();
        database.execute("CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL)");
        insert(database, "users (id, name)", "i, 'user ' || i::text", users);
        for (String table : tables()) {
            database.execute("CREATE TABLE " + table
                    + " (id bigint PRIMARY KEY, user_id bigint NOT NULL, amount bigint NOT NULL, note text NOT NULL)");
            // Scattered over all users, as rows of a service are.
            insert(
                    database,
                    table + " (id, user_id, amount, note)",
                    "i, 1 + (i::bigint * 7919) % " + users + ", 0, 'note ' || i::text",
                    size.rows());
            database.execute(
                    "CREATE INDEX ON " + table + " (user_id)",
                    "ALTER TABLE " + table + " ADD CONSTRAINT " + foreignKey(table)
                            + " FOREIGN KEY (user_id) REFERENCES users (id)");
        }
        if (!cockroach) {
            // So that no round pays for hint bits that another one had, and no autovacuum begins in the middle.
            database.execute("VACUUM (FREEZE, ANALYZE)", "CHECKPOINT");
        }
        Migrations.baseline(database);
    }

    /** As in a service that has forgotten them. */
    void dropIndexes(TestDatabase database) throws SQLException {
        for (String table : tables()) {
            database.execute(
                    database.server().isCockroach()
                            ? "DROP INDEX " + table + "@" + table + "_user_id_idx"
                            : "DROP INDEX " + table + "_user_id_idx");
        }
    }

    private static void insert(TestDatabase database, String into, String values, int rows) throws SQLException {
        int step = database.server().isCockroach() ? ROWS_IN_A_STATEMENT_ON_COCKROACHDB : rows;
        for (int from = 1; from <= rows; from += step) {
            database.execute("INSERT INTO " + into + " SELECT " + values + " FROM generate_series(" + from + ", "
                    + Math.min(rows, from + step - 1) + ") AS g(i)");
        }
    }
}
