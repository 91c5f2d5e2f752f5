package dev.cascadecleanup.contract;

import static dev.cascadecleanup.contract.EvilNames.quote;

import dev.cascadecleanup.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Makes schemas of a parent, its children and a bystander, with names and foreign keys from a seeded random generator. */
final class RandomSchemas {

    /** A schema as SQL. */
    record Schema(String name, String parent, List<String> statements) {}

    private static final List<String> PIECES = List.of(
            "a",
            "Z",
            " ",
            ".",
            ";",
            "'",
            "\"",
            "\"\"",
            "\\",
            "$$",
            "$1",
            "--",
            "/*",
            "*/",
            "\n",
            "\t",
            "?",
            "%s",
            "{",
            "}",
            "(",
            ")",
            ",",
            ":x",
            "é",
            "ß",
            "Ж",
            "表",
            "\uD83D\uDE00",
            "\u200B",
            "\u0301",
            "select",
            "null");
    private static final List<String> ACTIONS = List.of("NO ACTION", "RESTRICT", "SET NULL", "SET DEFAULT", "CASCADE");

    private final Random random;
    private final boolean postgres;
    private final Set<String> schemaNames = new HashSet<>();
    private final Set<List<String>> parents = new HashSet<>();

    RandomSchemas(long seed, TestServer server) {
        this.random = new Random(seed);
        this.postgres = !server.isCockroach();
    }

    /** Whether the migration is to convert it. */
    boolean isOnAParent(CatalogSnapshot.State foreignKey) {
        return parents.contains(List.of(foreignKey.referencedSchema(), foreignKey.referencedTable()));
    }

    Schema next() {
        String name = name(schemaNames);
        Set<String> tables = new HashSet<>();
        Set<String> parentColumns = new HashSet<>();
        String parent = name(tables);
        String id = name(parentColumns);
        String tenant = name(parentColumns);
        parents.add(List.of(name, parent));

        List<String> statements = new ArrayList<>();
        statements.add("CREATE SCHEMA " + quote(name));
        // CockroachDB v21.1 wants an index in the very order of the foreign key.
        statements.add("CREATE TABLE %s (%s bigint PRIMARY KEY, %s bigint, UNIQUE (%s))"
                .formatted(
                        qualified(name, parent),
                        quote(id),
                        quote(tenant),
                        postgres ? quote(tenant) + ", " + quote(id) : quote(id) + ", " + quote(tenant)));
        String bystander = name(tables);
        statements.add("CREATE TABLE %s (b bigint PRIMARY KEY)".formatted(qualified(name, bystander)));
        int children = 1 + random.nextInt(3);
        for (int i = 0; i < children; i++) {
            statements.addAll(child(name, name(tables), parent, id, tenant, bystander));
        }
        return new Schema(name, parent, statements);
    }

    private List<String> child(String schema, String table, String parent, String id, String tenant, String bystander) {
        Set<String> columns = new HashSet<>();
        Set<String> constraints = new HashSet<>();
        String one = name(columns);
        String other = name(columns);
        boolean partitioned = postgres && random.nextInt(8) == 0;
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TABLE %s (%s bigint, %s bigint)%s"
                .formatted(
                        qualified(schema, table),
                        quote(one),
                        quote(other),
                        partitioned ? " PARTITION BY LIST (" + quote(other) + ")" : ""));
        if (partitioned) {
            statements.add("CREATE TABLE %s PARTITION OF %s DEFAULT"
                    .formatted(
                            qualified(
                                    schema,
                                    table.substring(0, table.offsetByCodePoints(0, 1)) + " part "
                                            + statements.hashCode()),
                            qualified(schema, table)));
        }
        int foreignKeys = 1 + random.nextInt(2);
        for (int i = 0; i < foreignKeys; i++) {
            String constraint = name(constraints);
            boolean composite = random.nextInt(3) == 0;
            statements.add("ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s)%s%s"
                    .formatted(
                            qualified(schema, table),
                            quote(constraint),
                            composite ? quote(other) + ", " + quote(one) : quote(one),
                            qualified(schema, parent),
                            composite ? quote(id) + ", " + quote(tenant) : quote(id),
                            clauses(composite, partitioned),
                            !partitioned && random.nextInt(4) == 0 ? " NOT VALID" : ""));
            if (postgres && random.nextInt(3) == 0) {
                statements.add("COMMENT ON CONSTRAINT %s ON %s IS %s"
                        .formatted(
                                quote(constraint),
                                qualified(schema, table),
                                "E'"
                                        + name(new HashSet<>())
                                                .replace("\\", "\\\\")
                                                .replace("'", "''") + "'"));
            }
        }
        statements.add("ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s"
                .formatted(
                        qualified(schema, table), quote(name(constraints)), quote(one), qualified(schema, bystander)));
        return statements;
    }

    private String clauses(boolean composite, boolean partitioned) {
        StringBuilder clauses = new StringBuilder();
        if (composite && random.nextBoolean()) {
            clauses.append(" MATCH FULL");
        }
        clauses.append(" ON DELETE ").append(ACTIONS.get(random.nextInt(ACTIONS.size())));
        clauses.append(" ON UPDATE ").append(ACTIONS.get(random.nextInt(ACTIONS.size())));
        if (postgres && random.nextInt(3) == 0) {
            clauses.append(random.nextBoolean() ? " DEFERRABLE" : " DEFERRABLE INITIALLY DEFERRED");
        }
        return clauses.toString();
    }

    private static String qualified(String schema, String table) {
        return quote(schema) + "." + quote(table);
    }

    /** A name that is not taken, of up to 63 bytes, quite often of exactly that many. */
    private String name(Set<String> taken) {
        while (true) {
            StringBuilder name = new StringBuilder();
            int pieces = random.nextInt(5) == 0 ? EvilNames.LONGEST : 1 + random.nextInt(6);
            for (int i = 0; i < pieces; i++) {
                String piece = PIECES.get(random.nextInt(PIECES.size()));
                if ((name + piece).getBytes(StandardCharsets.UTF_8).length <= EvilNames.LONGEST) {
                    name.append(piece);
                }
            }
            if (taken.add(name.toString())) {
                return name.toString();
            }
        }
    }
}
