package dev.cascadecleanup.graphs;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A schema of a few tables with random foreign keys, and rows of two users in it; {@code t0} is the users table. The same seed always
 * gives the same. Row k of a table has the id k; those with an odd id belong to user 1, the others to user 2.
 *
 * @param linked whether rows may reference the other user's rows
 * @param checks CHECK constraints about NULL
 */
record RandomGraph(
        long seed, boolean postgres, boolean linked, List<Table> tables, List<Key> keys, List<NullCheck> checks) {

    /** One of these columns must not be NULL; both names are the same for a single one. */
    record NullCheck(String name, int table, String column, String other) {

        String condition() {
            return column.equals(other)
                    ? column + " IS NOT NULL"
                    : column + " IS NOT NULL OR " + other + " IS NOT NULL";
        }
    }

    /** A table with the ids of its rows, 1 to {@code rows}. */
    record Table(String name, int rows) {}

    /**
     * A foreign key on {@code (id)}, or on {@code (id, twin)} where it is composite. {@code values} are the referenced ids, row by row,
     * null for none.
     */
    record Key(
            String name,
            int table,
            int referenced,
            List<String> columns,
            boolean nullable,
            boolean full,
            String action,
            String deferrability,
            Integer defaultId,
            List<Integer> values) {

        boolean composite() {
            return columns.size() == 2;
        }
    }

    private static final List<String> ACTIONS = List.of(
            "NO ACTION",
            "NO ACTION",
            "NO ACTION",
            "NO ACTION",
            "CASCADE",
            "CASCADE",
            "CASCADE",
            "CASCADE",
            "CASCADE",
            "RESTRICT",
            "SET NULL",
            "SET DEFAULT");

    static RandomGraph of(long seed, boolean postgres) {
        return new Generator(seed, postgres, false).graph();
    }

    /** Of five users, who touch each other's rows, and with CHECK constraints about NULL. */
    static RandomGraph ofFive(long seed, boolean postgres) {
        return new Generator(seed, postgres, true).graph();
    }

    /**
     * The statements that build and fill it in a new schema; foreign keys last, because rows may reference each other in a circle. On
     * CockroachDB those on tables that are there already stand in CREATE TABLE (see {@link dev.cascadecleanup.testing.NewTables}).
     */
    List<String> statements(String schema) {
        List<String> statements = new ArrayList<>();
        for (int t = 0; t < tables.size(); t++) {
            int table = t;
            Table of = tables.get(t);
            List<Key> own = keys.stream().filter(key -> key.table() == table).toList();
            statements.add("CREATE TABLE " + schema + '.' + of.name() + " (id int PRIMARY KEY, twin int NOT NULL, "
                    + columnsOf(own).map(column -> column.definition() + ", ").collect(Collectors.joining())
                    + checks.stream()
                            .filter(check -> check.table() == table)
                            .map(check -> "CONSTRAINT " + check.name() + " CHECK (" + check.condition() + "), ")
                            .collect(Collectors.joining())
                    + own.stream()
                            .filter(this::standsInCreateTable)
                            .map(key -> constraint(schema, key) + ", ")
                            .collect(Collectors.joining())
                    + "UNIQUE (id, twin))");
            statements.add(IntStream.rangeClosed(1, of.rows())
                    .mapToObj(row -> "(" + row + ", " + (row + 100)
                            + columnsOf(own)
                                    .map(column -> ", " + column.value(row))
                                    .collect(Collectors.joining())
                            + ")")
                    .collect(Collectors.joining(", ", "INSERT INTO " + schema + '.' + of.name() + " VALUES ", "")));
        }
        keys.stream()
                .filter(key -> !standsInCreateTable(key))
                .forEach(key -> statements.add("ALTER TABLE " + schema + '.'
                        + tables.get(key.table()).name() + " ADD " + constraint(schema, key)));
        return statements;
    }

    private boolean standsInCreateTable(Key key) {
        return !postgres && key.referenced() <= key.table();
    }

    private String constraint(String schema, Key key) {
        return "CONSTRAINT " + key.name() + " FOREIGN KEY ("
                + String.join(", ", key.columns()) + ") REFERENCES " + schema + '.'
                + tables.get(key.referenced()).name()
                + (key.composite() ? " (id, twin)" : " (id)") + (key.full() ? " MATCH FULL" : "") + " ON DELETE "
                + key.action()
                + key.deferrability();
    }

    private record Column(String name, Key key, boolean second) {

        String definition() {
            return name + " int" + (key.nullable() ? "" : " NOT NULL")
                    + (key.defaultId() == null ? "" : " DEFAULT " + (second ? key.defaultId() + 100 : key.defaultId()));
        }

        String value(int row) {
            Integer id = key.values().get(row - 1);
            return id == null ? "NULL" : String.valueOf(second ? id + 100 : id);
        }
    }

    /** Two keys on the same columns have them once. */
    private static Stream<Column> columnsOf(List<Key> keys) {
        List<Column> columns = new ArrayList<>();
        for (Key key : keys) {
            for (int i = 0; i < key.columns().size(); i++) {
                String name = key.columns().get(i);
                if (columns.stream().noneMatch(column -> column.name().equals(name))) {
                    columns.add(new Column(name, key, i == 1));
                }
            }
        }
        return columns.stream();
    }

    @Override
    public String toString() {
        return "seed " + seed + (linked ? ", rows of both users linked" : ", users apart") + "\n"
                + String.join(";\n", statements("public"));
    }

    private static final class Generator {

        private final Random random;
        private final long seed;
        private final boolean postgres;
        private final boolean linked;
        private final List<Table> tables = new ArrayList<>();
        private final List<Key> keys = new ArrayList<>();
        private final List<NullCheck> checks = new ArrayList<>();
        private final boolean five;

        Generator(long seed, boolean postgres, boolean five) {
            this.seed = seed;
            this.postgres = postgres;
            this.five = five;
            this.random = new Random(seed);
            this.linked = random.nextInt(3) == 0 || five;
        }

        RandomGraph graph() {
            int count = 3 + random.nextInt(7);
            tables.add(new Table("t0", five ? 5 : 2));
            for (int t = 1; t < count; t++) {
                tables.add(new Table("t" + t, five ? 4 + random.nextInt(4) : 2 * (1 + random.nextInt(2))));
            }
            for (int t = 1; t < count; t++) {
                if (random.nextInt(8) > 0) {
                    addKey(t, random.nextInt(t));
                }
            }
            for (int more = random.nextInt(count + 2); more > 0; more--) {
                addKey(random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(count - 1), random.nextInt(count));
            }
            if (!keys.isEmpty() && random.nextInt(6) == 0) {
                addSameColumns(keys.get(random.nextInt(keys.size())));
            }
            if (five) {
                addChecks();
            }
            return new RandomGraph(seed, postgres, linked, List.copyOf(tables), List.copyOf(keys), List.copyOf(checks));
        }

        /** On nullable columns that happen to have no NULL, alone or together with another. */
        private void addChecks() {
            for (Key key : keys) {
                if (key.nullable() && !key.values().contains(null) && random.nextInt(2) == 0) {
                    Key other = keys.get(random.nextInt(keys.size()));
                    String column = key.columns().get(0);
                    checks.add(new NullCheck(
                            "c" + checks.size(),
                            key.table(),
                            column,
                            other.table() == key.table() && other.nullable()
                                    ? other.columns().get(0)
                                    : column));
                }
            }
        }

        private void addKey(int table, int referenced) {
            boolean composite = random.nextInt(6) == 0;
            String action = ACTIONS.get(random.nextInt(ACTIONS.size()));
            boolean nullable =
                    action.equals("SET NULL") && !(five && postgres && random.nextInt(8) == 0) || random.nextInt(5) < 2;
            boolean neverNull = five && random.nextInt(4) == 0;
            Integer defaultId = null;
            if (action.equals("SET DEFAULT")) {
                defaultId = !nullable || random.nextBoolean() ? 2 : null;
            }
            List<Integer> values = new ArrayList<>();
            for (int id = 1; id <= tables.get(table).rows(); id++) {
                values.add(nullable && !neverNull && random.nextInt(3) == 0 ? null : target(id, referenced));
            }
            String column = five && random.nextInt(5) == 0 ? "f" + keys.size() + "_made_by" : "f" + keys.size();
            keys.add(new Key(
                    "k" + keys.size(),
                    table,
                    referenced,
                    composite ? List.of(column + "a", column + "b") : List.of(column),
                    nullable,
                    composite && random.nextInt(3) == 0,
                    action,
                    deferrability(),
                    defaultId,
                    values));
        }

        private Integer target(int id, int referenced) {
            int rows = tables.get(referenced).rows();
            return linked
                    ? 1 + random.nextInt(rows)
                    : id % 2 == 0 ? 2 * (1 + random.nextInt(rows / 2)) : 1 + 2 * random.nextInt(rows / 2);
        }

        private void addSameColumns(Key key) {
            List<String> actions = key.nullable() ? ACTIONS.subList(0, 11) : ACTIONS.subList(0, 10);
            keys.add(new Key(
                    "k" + keys.size(),
                    key.table(),
                    key.referenced(),
                    key.columns(),
                    key.nullable(),
                    key.full(),
                    actions.get(random.nextInt(actions.size())),
                    deferrability(),
                    null,
                    key.values()));
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
