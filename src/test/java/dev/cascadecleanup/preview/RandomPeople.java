package dev.cascadecleanup.preview;

import dev.cascadecleanup.testing.NewTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A schema of a few tables with random foreign keys, and committed rows of five people who touch each other's rows; {@code t0} is the
 * table of the people. The same seed always gives the same. Every table has the columns {@code id}, {@code twin = id + 100} and
 * {@code alias = id + 500}, the last nullable; foreign keys reference {@code (id)}, {@code (id, twin)} or {@code (alias)}.
 */
record RandomPeople(long seed, boolean postgres, List<Table> tables, List<Key> keys, List<String> extras) {

    static final int PEOPLE = 5;

    /** A table with the ids of its rows, 1 to {@code rows}. */
    record Table(String name, int rows, boolean partitioned) {}

    /** A foreign key; {@code values} are the ids of the referenced rows, row by row, null for none. */
    record Key(
            String name,
            int table,
            int referenced,
            List<String> columns,
            Target target,
            boolean nullable,
            String action,
            String rest,
            Integer defaultId,
            List<Integer> values) {}

    /** What a foreign key references. */
    enum Target {
        ID,
        ID_AND_TWIN,
        ALIAS
    }

    private static final List<String> ACTIONS = List.of(
            "NO ACTION",
            "NO ACTION",
            "NO ACTION",
            "CASCADE",
            "CASCADE",
            "CASCADE",
            "CASCADE",
            "CASCADE",
            "CASCADE",
            "RESTRICT",
            "SET NULL",
            "SET NULL",
            "SET DEFAULT");

    static RandomPeople of(long seed, boolean postgres) {
        return new Generator(seed, postgres).people();
    }

    /** On CockroachDB. A CHECK that some row violates, which PostgreSQL takes as NOT VALID, is left out. */
    static void build(Connection connection, List<String> statements) throws SQLException {
        int done = NewTables.create(connection, statements);
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements.subList(done, statements.size())) {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    if (!sql.contains(" CHECK ") || !"23514".equals(e.getSQLState())) {
                        throw e;
                    }
                }
            }
        }
    }

    /**
     * The statements that build and fill it in a new schema; foreign keys last, because rows may reference each other in a circle. On
     * CockroachDB those on tables that are there already stand in CREATE TABLE (see {@link NewTables}).
     */
    String sql(String schema) {
        StringBuilder sql = new StringBuilder();
        for (int t = 0; t < tables.size(); t++) {
            Table table = tables.get(t);
            int number = t;
            List<Column> columns = columns(number);
            String name = schema + '.' + table.name();
            sql.append("CREATE TABLE ").append(name).append(" (id int PRIMARY KEY, twin int NOT NULL, alias int");
            columns.forEach(column -> sql.append(", ")
                    .append(column.name())
                    .append(" int")
                    .append(column.nullable() ? "" : " NOT NULL")
                    .append(column.defaultValue() == null ? "" : " DEFAULT " + column.defaultValue()));
            sql.append(isReferenced(number, Target.ALIAS) ? ", UNIQUE (alias)" : "")
                    .append(isReferenced(number, Target.ID_AND_TWIN) ? ", UNIQUE (id, twin)" : "")
                    .append(keys.stream()
                            .filter(key -> key.table() == number && standsInCreateTable(key))
                            .map(key -> ", " + constraint(schema, key))
                            .collect(Collectors.joining()))
                    .append(table.partitioned() ? ") PARTITION BY HASH (id);\n" : ");\n");
            for (int p = 0; table.partitioned() && p < 2; p++) {
                sql.append("CREATE TABLE ")
                        .append(name)
                        .append('p')
                        .append(p)
                        .append(" PARTITION OF ")
                        .append(name)
                        .append(" FOR VALUES WITH (MODULUS 2, REMAINDER ")
                        .append(p)
                        .append(");\n");
            }
            sql.append("INSERT INTO ").append(name).append(" VALUES ");
            for (int id = 1; id <= table.rows(); id++) {
                int row = id;
                sql.append(id == 1 ? "(" : ", (")
                        .append(id)
                        .append(", ")
                        .append(id + 100)
                        .append(", ")
                        .append(id % 4 == 3 ? "NULL" : id + 500)
                        .append(columns.stream()
                                .map(column -> ", " + column.value(row))
                                .collect(Collectors.joining()))
                        .append(')');
            }
            sql.append(";\n");
        }
        keys.stream()
                .filter(key -> !standsInCreateTable(key))
                .forEach(key -> sql.append("ALTER TABLE ")
                        .append(schema)
                        .append('.')
                        .append(tables.get(key.table()).name())
                        .append(" ADD ")
                        .append(constraint(schema, key))
                        .append(";\n"));
        extras.forEach(extra -> sql.append(extra.replace("$", schema)).append(";\n"));
        return sql.toString();
    }

    private boolean isReferenced(int table, Target target) {
        return keys.stream().anyMatch(key -> key.referenced() == table && key.target() == target);
    }

    private boolean standsInCreateTable(Key key) {
        return !postgres && key.referenced() <= key.table();
    }

    private String constraint(String schema, Key key) {
        String referenced = switch (key.target()) {
            case ID -> "id";
            case ID_AND_TWIN -> "id, twin";
            case ALIAS -> "alias";
        };
        return "CONSTRAINT " + key.name() + " FOREIGN KEY (" + String.join(", ", key.columns()) + ") REFERENCES "
                + schema + '.' + tables.get(key.referenced()).name() + " ("
                + referenced + ")" + key.rest().split("/", -1)[0] + " ON DELETE " + key.action()
                + key.rest().split("/", -1)[1];
    }

    private record Column(String name, Key key, int position) {

        boolean nullable() {
            return key.nullable();
        }

        Integer defaultValue() {
            return key.defaultId() == null ? null : Integer.valueOf(of(key.defaultId()));
        }

        String value(int row) {
            Integer id = key.values().get(row - 1);
            return id == null ? "NULL" : of(id);
        }

        private String of(int id) {
            return String.valueOf(key.target() == Target.ALIAS ? id + 500 : position == 1 ? id + 100 : id);
        }
    }

    /** Two keys on the same columns have them once. */
    private List<Column> columns(int table) {
        List<Column> columns = new ArrayList<>();
        for (Key key : keys) {
            for (int i = 0; key.table() == table && i < key.columns().size(); i++) {
                String name = key.columns().get(i);
                if (columns.stream().noneMatch(column -> column.name().equals(name))) {
                    columns.add(new Column(name, key, i));
                }
            }
        }
        return columns;
    }

    @Override
    public String toString() {
        return "seed " + seed + "\n" + sql("public");
    }

    private static final class Generator {

        private final Random random;
        private final long seed;
        private final boolean postgres;
        private final List<Table> tables = new ArrayList<>();
        private final List<Key> keys = new ArrayList<>();
        private final List<String> extras = new ArrayList<>();

        Generator(long seed, boolean postgres) {
            this.seed = seed;
            this.postgres = postgres;
            this.random = new Random(seed * 31 + 7);
        }

        RandomPeople people() {
            int count = 3 + random.nextInt(6);
            tables.add(new Table("t0", PEOPLE, false));
            for (int t = 1; t < count; t++) {
                tables.add(new Table("t" + t, 3 + random.nextInt(6), postgres && random.nextInt(12) == 0));
            }
            for (int t = 1; t < count; t++) {
                if (random.nextInt(8) > 0) {
                    addKey(t, random.nextInt(t));
                }
            }
            for (int more = random.nextInt(count + 3); more > 0; more--) {
                addKey(random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(count - 1), random.nextInt(count));
            }
            if (!keys.isEmpty() && random.nextInt(5) == 0) {
                addSameColumns(keys.get(random.nextInt(keys.size())));
            }
            if (!keys.isEmpty() && random.nextInt(5) == 0) {
                addOverlap(keys.get(random.nextInt(keys.size())));
            }
            addExtras();
            return new RandomPeople(seed, postgres, List.copyOf(tables), List.copyOf(keys), List.copyOf(extras));
        }

        private void addKey(int table, int referenced) {
            int kind = random.nextInt(12);
            Target target = kind < 2
                    ? Target.ID_AND_TWIN
                    : kind == 2 && !tables.get(referenced).partitioned() ? Target.ALIAS : Target.ID;
            String action = ACTIONS.get(random.nextInt(ACTIONS.size()));
            boolean nullable =
                    action.equals("SET NULL") && (!postgres || random.nextInt(12) > 0) || random.nextInt(5) < 2;
            Integer defaultId = null;
            if (action.equals("SET DEFAULT")) {
                defaultId = !nullable || random.nextBoolean() ? Integer.valueOf(1 + random.nextInt(3)) : null;
                if (target == Target.ALIAS && defaultId != null) {
                    defaultId = 1 + random.nextInt(2);
                }
            }
            List<Integer> values = new ArrayList<>();
            for (int id = 1; id <= tables.get(table).rows(); id++) {
                values.add(nullable && random.nextInt(4) == 0 ? null : value(referenced, target));
            }
            String column = "f" + keys.size();
            boolean full = target == Target.ID_AND_TWIN && random.nextInt(3) == 0;
            keys.add(new Key(
                    "k" + keys.size(),
                    table,
                    referenced,
                    target == Target.ID_AND_TWIN ? List.of(column + "a", column + "b") : List.of(column),
                    target,
                    nullable,
                    action,
                    (full ? " MATCH FULL" : "") + "/" + deferrability(),
                    defaultId,
                    values));
        }

        private Integer value(int referenced, Target target) {
            int id = 1 + random.nextInt(tables.get(referenced).rows());
            return target == Target.ALIAS && id % 4 == 3 ? Integer.valueOf(1) : Integer.valueOf(id);
        }

        private void addSameColumns(Key key) {
            String action = ACTIONS.get(random.nextInt(key.nullable() ? 12 : 10));
            keys.add(new Key(
                    "k" + keys.size(),
                    key.table(),
                    key.referenced(),
                    key.columns(),
                    key.target(),
                    key.nullable(),
                    action,
                    key.rest().split("/", -1)[0] + "/" + deferrability(),
                    key.defaultId(),
                    key.values()));
        }

        /** One on the same column, of a pair, to another table with a row of the same id. */
        private void addOverlap(Key key) {
            int referenced = random.nextInt(tables.size());
            int rows = tables.get(referenced).rows();
            boolean possible = key.target() != Target.ALIAS
                    && key.values().stream().allMatch(id -> id == null || id <= rows)
                    && (key.defaultId() == null || key.defaultId() <= rows);
            if (possible) {
                keys.add(new Key(
                        "k" + keys.size(),
                        key.table(),
                        referenced,
                        key.columns().subList(0, 1),
                        Target.ID,
                        key.nullable(),
                        ACTIONS.get(random.nextInt(key.nullable() ? 12 : 10)),
                        "/" + deferrability(),
                        key.defaultId(),
                        key.values()));
            }
        }

        private void addExtras() {
            for (Key key : keys) {
                if (key.action().equals("SET NULL") && key.nullable() && random.nextInt(4) == 0) {
                    Key other = keys.get(random.nextInt(keys.size()));
                    String column = key.columns().get(0);
                    String second =
                            other.table() == key.table() ? other.columns().get(0) : "alias";
                    extras.add("ALTER TABLE $." + tables.get(key.table()).name() + " ADD CONSTRAINT c" + key.name()
                            + " CHECK (" + column + " IS NOT NULL OR " + second + " IS NOT NULL OR id % 3 > 0)"
                            + (postgres ? " NOT VALID" : ""));
                }
            }
            if (postgres && !keys.isEmpty() && random.nextInt(10) == 0) {
                Key key = keys.get(random.nextInt(keys.size()));
                extras.add("ALTER TABLE $." + tables.get(key.referenced()).name() + " DISABLE TRIGGER ALL");
            }
        }

        private String deferrability() {
            int choice = random.nextInt(8);
            if (!postgres || choice > 1) {
                return "";
            }
            return choice == 0 ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
        }
    }
}
