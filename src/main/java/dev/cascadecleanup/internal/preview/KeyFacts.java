package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.catalog.ReplicationRole;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the catalog says about foreign keys beyond their definition: the operators that compare, the triggers' names. */
public final class KeyFacts {

    private final String equals;
    private final Map<Long, Map<Long, String>> triggers = new HashMap<>();
    private final Map<Long, List<Comparison>> comparisons = new HashMap<>();
    private boolean replica;

    /**
     * How a referenced value is compared with a referencing one.
     *
     * @param operator the operator
     * @param ofReferenced what makes the referenced value one of the operator's left type, or nothing
     * @param ofReferencing the same of the other value, with the collation
     */
    public record Comparison(String operator, String ofReferenced, String ofReferencing) {

        String sql(String referenced, String referencing) {
            return referenced + ofReferenced + ' ' + operator + ' ' + referencing + ofReferencing;
        }
    }

    private KeyFacts(Product product) {
        equals = product == Product.POSTGRESQL ? "OPERATOR(pg_catalog.=)" : "=";
    }

    /** CockroachDB has neither. */
    static KeyFacts read(Connection connection, Product product) throws SQLException {
        KeyFacts facts = new KeyFacts(product);
        if (product == Product.POSTGRESQL) {
            PostgresTransaction.look(connection, () -> {
                facts.readPostgres(connection);
                return facts;
            });
        }
        return facts;
    }

    private void readPostgres(Connection connection) throws SQLException {
        replica = ReplicationRole.isReplica(connection, Product.POSTGRESQL);
        // The triggers of one row work in the order of their names, which is that of the OIDs in them as text (manual,
        // 37.1). Each partition of the referenced table has its own, which need not be in the order of the table's.
        Sql.forEach(
                connection,
                """
                WITH RECURSIVE part (root, oid) AS (
                  SELECT c.oid, c.oid FROM pg_constraint c WHERE c.contype = 'f' AND c.conparentid = 0
                  UNION ALL
                  SELECT part.root, c.oid FROM part JOIN pg_constraint c ON c.conparentid = part.oid)
                SELECT part.root, t.tgrelid, t.tgname
                FROM part JOIN pg_trigger t ON t.tgconstraint = part.oid JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE p.proname LIKE 'RI\\_FKey\\_%\\_del'
                """,
                row -> triggers.computeIfAbsent(row.getLong("root"), oid -> new HashMap<>())
                        .put(row.getLong("tgrelid"), row.getString("tgname")));
        Sql.query(
                connection,
                """
                SELECT c.oid, n.nspname, o.oprname, ln.nspname AS collation_schema, l.collname AS collation,
                       CASE WHEN o.oprleft <> r.atttypid AND x.typtype <> 'p' THEN '::' || quote_ident(xn.nspname) || '.' || quote_ident(x.typname)
                            ELSE '' END AS of_referenced,
                       CASE WHEN o.oprright <> a.atttypid AND y.typtype <> 'p' THEN '::' || quote_ident(yn.nspname) || '.' || quote_ident(y.typname)
                            ELSE '' END AS of_referencing
                FROM pg_constraint c
                CROSS JOIN LATERAL unnest(c.conpfeqop, c.conkey, c.confkey) WITH ORDINALITY AS k (operator, key, referenced, position)
                JOIN pg_operator o ON o.oid = k.operator JOIN pg_namespace n ON n.oid = o.oprnamespace
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.key
                JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = k.referenced
                JOIN pg_type x ON x.oid = o.oprleft JOIN pg_namespace xn ON xn.oid = x.typnamespace
                JOIN pg_type y ON y.oid = o.oprright JOIN pg_namespace yn ON yn.oid = y.typnamespace
                LEFT JOIN pg_collation l ON l.oid = r.attcollation AND a.attcollation NOT IN (0, r.attcollation)
                LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
                WHERE c.contype = 'f' AND c.conparentid = 0 ORDER BY c.oid, k.position
                """,
                row -> comparisons
                        .computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                        .add(comparison(
                                row.getString("nspname"),
                                row.getString("oprname"),
                                row.getString("of_referenced"),
                                row.getString("of_referencing"),
                                row.getString("collation_schema"),
                                row.getString("collation"))));
    }

    /**
     * As the triggers compare: with the constraint's own operator, both values being made what it is for, and the referenced column's
     * collation (ri_triggers.c). What the server takes for such values where nobody says so may be another operator: between character(5)
     * and text the one of text, to which the spaces at the end of a text count.
     */
    private static Comparison comparison(
            String schema,
            String name,
            String ofReferenced,
            String ofReferencing,
            String collationSchema,
            String collation) {
        String operator = "OPERATOR(" + Identifiers.quote(schema) + '.' + name + ')';
        return new Comparison(
                operator,
                ofReferenced,
                collation == null
                        ? ofReferencing
                        : ofReferencing + " COLLATE " + Identifiers.quote(collationSchema) + '.'
                                + Identifiers.quote(collation));
    }

    List<Comparison> comparisons(ForeignKey fk) {
        List<Comparison> known = comparisons.get(fk.oid());
        return known != null && known.size() == fk.columns().size()
                ? known
                : Collections.nCopies(fk.columns().size(), new Comparison(equals, "", ""));
    }

    /** Whether this is a session of replication, in which only those triggers work that are enabled for that (manual, 20.11.1). */
    boolean replica() {
        return replica;
    }

    /** By physical table. One that a migration makes anew gets new names, which nobody knows yet. */
    Map<Long, String> triggers(ForeignKey fk, ForeignKeyDefinition definition) {
        return definition.equals(fk.definition()) ? triggers.getOrDefault(fk.oid(), Map.of()) : Map.of();
    }
}
