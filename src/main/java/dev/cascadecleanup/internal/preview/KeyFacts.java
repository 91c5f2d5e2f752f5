package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the catalog says about foreign keys beyond their definition: the operators that compare, the triggers' names. */
final class KeyFacts {

    private static final String EQUALS = "=";

    private final Map<Long, String> triggers = new HashMap<>();
    private final Map<Long, List<String>> operators = new HashMap<>();

    private KeyFacts() {}

    /** CockroachDB has neither. */
    static KeyFacts read(Connection connection, Product product) throws SQLException {
        KeyFacts facts = new KeyFacts();
        if (product == Product.POSTGRESQL) {
            facts.readPostgres(connection);
        }
        return facts;
    }

    private void readPostgres(Connection connection) throws SQLException {
        // The triggers of one row work in the order of their names, which is that of the OIDs in them as text (manual,
        // 37.1).
        Sql.query(connection, """
                SELECT c.oid, t.tgname
                FROM pg_constraint c JOIN pg_trigger t ON t.tgconstraint = c.oid AND t.tgrelid = c.confrelid
                JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE c.contype = 'f' AND c.conparentid = 0 AND p.proname LIKE 'RI\\_FKey\\_%\\_del'
                """, row -> triggers.put(row.getLong("oid"), row.getString("tgname")));
        Sql.query(
                connection,
                """
                SELECT c.oid, n.nspname, o.oprname
                FROM pg_constraint c, unnest(c.conpfeqop) WITH ORDINALITY AS k (operator, position)
                JOIN pg_operator o ON o.oid = k.operator JOIN pg_namespace n ON n.oid = o.oprnamespace
                WHERE c.contype = 'f' AND c.conparentid = 0 ORDER BY c.oid, k.position
                """,
                row -> operators
                        .computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                        .add(operator(row.getString("nspname"), row.getString("oprname"))));
    }

    private static String operator(String schema, String name) {
        return schema.equals("pg_catalog") && name.equals(EQUALS)
                ? EQUALS
                : "OPERATOR(" + Identifiers.quote(schema) + '.' + name + ')';
    }

    List<String> operators(ForeignKey fk) {
        List<String> known = operators.get(fk.oid());
        return known != null && known.size() == fk.columns().size()
                ? known
                : Collections.nCopies(fk.columns().size(), EQUALS);
    }

    /** One that a migration makes anew gets a new name, which nobody knows yet; and so do those of partitions. */
    String trigger(ForeignKey fk, ForeignKeyDefinition definition) {
        return definition.equals(fk.definition()) ? triggers.get(fk.oid()) : null;
    }
}
