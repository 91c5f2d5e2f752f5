package dev.cascadecleanup.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Schemas of hundreds and thousands of tables, always the same for the same numbers; each statement makes many of them. */
public final class WideSchemas {

    private static final int TABLES_IN_A_STATEMENT = 200;

    private WideSchemas() {}

    /** Tables with that many foreign keys each, a tenth of them on users and the others on any earlier table. */
    public static List<String> tangled(int tables, int keysPerTable) {
        Random random = new Random(7);
        Statements sql = new Statements();
        sql.add("CREATE TABLE users (id bigint PRIMARY KEY)");
        for (int t = 1; t < tables; t++) {
            StringBuilder columns = new StringBuilder();
            for (int k = 0; k < keysPerTable; k++) {
                String referenced = t == 1 || random.nextInt(10) == 0 ? "users" : "t" + (1 + random.nextInt(t - 1));
                columns.append(", k")
                        .append(k)
                        .append(" bigint")
                        .append(random.nextBoolean() ? " NOT NULL" : "")
                        .append(" REFERENCES ")
                        .append(referenced)
                        .append(random.nextInt(3) == 0 ? " ON DELETE CASCADE" : "");
            }
            sql.add("CREATE TABLE t" + t + " (id bigint PRIMARY KEY" + columns + ")");
        }
        return sql.all();
    }

    /** Tables with a cascading foreign key each, on users or on another of them, and columns that want values of their own. */
    public static List<String> perUser(int tables) {
        Statements sql = new Statements();
        sql.add("CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE)");
        for (int i = 1; i < tables; i++) {
            String up = i % 3 == 0 ? "t" + (i - 1) : "users";
            sql.add("CREATE TABLE t" + i + " (id bigserial PRIMARY KEY, up_id int8 NOT NULL REFERENCES " + up
                    + " (id) ON DELETE CASCADE, name varchar(40) NOT NULL UNIQUE, state text NOT NULL CHECK (state IN ('on', 'off')),"
                    + " at timestamptz NOT NULL DEFAULT now(), extra jsonb NOT NULL DEFAULT '{}');"
                    + " CREATE INDEX ON t" + i + " (up_id)");
        }
        return sql.all();
    }

    private static final class Statements {

        private final List<String> all = new ArrayList<>();
        private final List<String> open = new ArrayList<>();

        void add(String sql) {
            open.add(sql);
            if (open.size() == TABLES_IN_A_STATEMENT) {
                close();
            }
        }

        List<String> all() {
            close();
            return all;
        }

        private void close() {
            all.add(String.join(";\n", open));
            open.clear();
        }
    }
}
