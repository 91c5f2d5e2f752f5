package dev.cascadecleanup.contract;

import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tables that reference users, each with another index, or one that only looks as if it served; and what the server itself says: its
 * statistics tell by which scans the triggers of a real delete have looked for the rows.
 */
final class IndexZoo {

    /** What every table has of its own: whether a delete finds its rows. BRIN is left to the planner's mood, and never counts. */
    private final Map<String, String[]> tables = new LinkedHashMap<>();

    private IndexZoo(int major) {
        add("none", "u bigint REFERENCES users");
        add("btree", "u bigint REFERENCES users", "(u)");
        add("hash", "u bigint REFERENCES users", "USING hash (u)");
        add("brin", "u bigint REFERENCES users", "USING brin (u)");
        add("not_null_only", "u bigint REFERENCES users", "(u) WHERE u IS NOT NULL");
        add("some_rows", "u bigint REFERENCES users", "(u) WHERE id > 0");
        add("other_not_null", "u bigint REFERENCES users", "(u) WHERE id IS NOT NULL");
        add("expression", "u bigint REFERENCES users", "(abs(u))");
        add("included", "u bigint REFERENCES users", "(id) INCLUDE (u)");
        add("second", "u bigint REFERENCES users", "(id, u)");
        add("first_of_two", "u bigint REFERENCES users", "(u, id)");
        add("descending", "u bigint REFERENCES users", "(u DESC NULLS LAST)");
        add("one_to_one", "u bigint UNIQUE REFERENCES users");
        add("int_for_bigint", "u int REFERENCES users", "(u)");
        add("int_for_numeric", "u int REFERENCES users (n)", "(u)");
        add("cast_to_numeric", "\"the u\" int REFERENCES users (n)", "((\"the u\"::numeric))");
        add("cast_to_other", "u int REFERENCES users (n)", "((u::bigint))");
        add("no_cast", "u int REFERENCES users (n)");
        add("varchar_for_text", "u varchar(50) REFERENCES users (t)", "(u)");
        add("char_for_text", "u char(5) REFERENCES users (t)", "(u)");
        add("pattern", "u text REFERENCES users (t)", "(u text_pattern_ops)");
        add("other_collation", "u text COLLATE \"C\" REFERENCES users (t)", "(u COLLATE \"POSIX\")");
        add("own_collation", "u text COLLATE \"C\" REFERENCES users (t)", "(u)");
        add("domain", "u user_number REFERENCES users", "(u)");
        add("domain_none", "u user_number REFERENCES users (n)");
        add("pair_none", "a int, b int, FOREIGN KEY (a, b) REFERENCES users (a, b)");
        add("pair_second", "a int, b int, FOREIGN KEY (a, b) REFERENCES users (a, b)", "(b)");
        add("pair_turned", "a int, b int, FOREIGN KEY (b, a) REFERENCES users (a, b)", "(a, b)");
        add("pair_and_one", "a int, u bigint REFERENCES users, FOREIGN KEY (u, a) REFERENCES users (id, a)");
        add("twice", "u bigint REFERENCES users, v bigint REFERENCES users", "(u)");
        add("set_null", "u bigint REFERENCES users ON DELETE SET NULL");
        add("cascading", "u bigint REFERENCES users ON DELETE CASCADE");
        add("\"the Odd; one\"", "\"of \"\"user\" bigint REFERENCES users");
        add("invalid", "u bigint REFERENCES users", "(u)");
        partitioned("parts_none");
        partitioned("parts_root", "CREATE INDEX ON parts_root (u)");
        partitioned(
                "parts_leaves",
                "CREATE INDEX ON parts_leaves_1 (u)",
                "CREATE INDEX ON parts_leaves_2a (u)",
                "CREATE INDEX ON parts_leaves_2b (u)");
        partitioned("parts_some", "CREATE INDEX theirs ON parts_some_1 (u)");
        partitioned("parts_below", "CREATE INDEX theirs_below ON parts_below_2 (u)");
        tables.put("heirs", new String[] {
            "CREATE TABLE heirs (id bigint, u bigint REFERENCES users)",
            "CREATE TABLE heir () INHERITS (heirs)",
            "CREATE INDEX ON heir (u)"
        });
        tables.put("dropped", new String[] {
            "CREATE TABLE dropped (id bigint, gone int, u bigint REFERENCES users)",
            "ALTER TABLE dropped DROP COLUMN gone",
            "CREATE INDEX ON dropped (u)"
        });
    }

    /** On this server, whose version decides what there is. */
    static IndexZoo on(TestServer server) {
        return new IndexZoo(server.major());
    }

    private void add(String name, String columns, String... indexes) {
        List<String> statements = new ArrayList<>(List.of("CREATE TABLE " + name + " (id bigint, " + columns + ")"));
        for (String index : indexes) {
            statements.add("CREATE INDEX ON " + name + " " + index);
        }
        if (name.equals("invalid")) {
            statements.add("UPDATE pg_index SET indisvalid = false WHERE indrelid = 'invalid'::regclass");
        }
        tables.put(name, statements.toArray(String[]::new));
    }

    private void partitioned(String name, String... more) {
        List<String> statements = new ArrayList<>(List.of(
                "CREATE TABLE " + name + " (id bigint, u bigint REFERENCES users) PARTITION BY LIST (id)",
                "CREATE TABLE " + name + "_1 PARTITION OF " + name + " FOR VALUES IN (1)",
                "CREATE TABLE " + name + "_2 PARTITION OF " + name + " FOR VALUES IN (2, 3) PARTITION BY LIST (id)",
                "CREATE TABLE " + name + "_2a PARTITION OF " + name + "_2 FOR VALUES IN (2)",
                "CREATE TABLE " + name + "_2b PARTITION OF " + name + "_2 FOR VALUES IN (3)"));
        statements.addAll(List.of(more));
        tables.put(name, statements.toArray(String[]::new));
    }

    List<String> schema() {
        List<String> schema = new ArrayList<>(List.of(
                "CREATE DOMAIN user_number AS bigint CHECK (VALUE > 0)",
                "CREATE TABLE users (id bigint PRIMARY KEY, n numeric UNIQUE, t text UNIQUE, a int, b int, UNIQUE (a, b),"
                        + " UNIQUE (id, a))",
                "INSERT INTO users VALUES (1, 1, '1', 1, 1)"));
        tables.values().forEach(statements -> schema.addAll(List.of(statements)));
        return schema;
    }

    /** The tables and partitions of the zoo that lack an index, by what a delete does. */
    static TreeSet<String> lacking(TestDatabase database) throws SQLException {
        TreeSet<String> lacking = scanned(database);
        // Read from end to end by one of the planner's makeshifts.
        lacking.addAll(List.of("brin", "second"));
        return lacking;
    }

    /** The tables and partitions that a delete of a user scans from end to end, though all but forbidden to. */
    static TreeSet<String> scanned(TestDatabase database) throws SQLException {
        TreeSet<String> scanned = new TreeSet<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL enable_seqscan = off");
            statement.execute("DELETE FROM users WHERE id = 1");
            try (var rows = statement.executeQuery("SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0")) {
                while (rows.next()) {
                    scanned.add(rows.getString(1));
                }
            }
            connection.rollback();
        }
        return scanned;
    }

    /** Every index of the database with all that makes it up. */
    static Map<String, String> indexes(TestDatabase database) throws SQLException {
        Map<String, String> indexes = new TreeMap<>();
        for (List<Object> row : database.rows("""
                SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indislive,
                       (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = i.indexrelid), i.indexrelid::bigint
                FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname NOT IN ('pg_catalog', 'pg_toast', 'information_schema')
                  AND i.indrelid::regclass::text !~ 'cascade_cleanup|flyway'
                """)) {
            indexes.put((String) row.get(0), row.subList(1, row.size()).toString());
        }
        return indexes;
    }
}
