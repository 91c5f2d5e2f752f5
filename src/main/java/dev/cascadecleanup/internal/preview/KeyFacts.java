package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
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
import org.jspecify.annotations.Nullable;

/** What the catalog says about foreign keys beyond their definition: the operators that compare, the triggers' names. */
public final class KeyFacts {

    private final String equals;
    private final Map<Long, String> triggers = new HashMap<>();
    private final Map<Long, List<Comparison>> comparisons = new HashMap<>();
    private boolean replica;

    /** How a referenced value is compared with a referencing one. */
    public record Comparison(String operator, String collation) {

        String sql(String referenced, String referencing) {
            return referenced + ' ' + operator + ' ' + referencing + collation;
        }
    }

    private KeyFacts(Product product) {
        equals = product == Product.POSTGRESQL ? "OPERATOR(pg_catalog.=)" : "=";
    }

    /** CockroachDB has neither. */
    static KeyFacts read(Connection connection, Product product) throws SQLException {
        KeyFacts facts = new KeyFacts(product);
        if (product == Product.POSTGRESQL) {
            PostgresTransaction.read(connection, () -> {
                facts.readPostgres(connection);
                return facts;
            });
        }
        return facts;
    }

    private void readPostgres(Connection connection) throws SQLException {
        // As the session has it, so also what ALTER ROLE or ALTER DATABASE gave it.
        replica = Sql.queryFirst(
                        connection,
                        "SELECT current_setting('session_replication_role') = 'replica'",
                        row -> row.getBoolean(1))
                .orElse(false);
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
                SELECT c.oid, n.nspname, o.oprname, ln.nspname AS collation_schema, l.collname AS collation
                FROM pg_constraint c
                CROSS JOIN LATERAL unnest(c.conpfeqop, c.conkey, c.confkey) WITH ORDINALITY AS k (operator, key, referenced, position)
                JOIN pg_operator o ON o.oid = k.operator JOIN pg_namespace n ON n.oid = o.oprnamespace
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.key
                JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = k.referenced
                LEFT JOIN pg_collation l ON l.oid = r.attcollation AND a.attcollation NOT IN (0, r.attcollation)
                LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
                WHERE c.contype = 'f' AND c.conparentid = 0 ORDER BY c.oid, k.position
                """,
                row -> comparisons
                        .computeIfAbsent(row.getLong("oid"), oid -> new ArrayList<>())
                        .add(comparison(
                                row.getString("nspname"),
                                row.getString("oprname"),
                                row.getString("collation_schema"),
                                row.getString("collation"))));
    }

    /** As the triggers compare: with the constraint's own operator and the referenced column's collation (ri_triggers.c). */
    private static Comparison comparison(String schema, String name, String collationSchema, String collation) {
        String operator = "OPERATOR(" + Identifiers.quote(schema) + '.' + name + ')';
        return new Comparison(
                operator,
                collation == null
                        ? ""
                        : " COLLATE " + Identifiers.quote(collationSchema) + '.' + Identifiers.quote(collation));
    }

    List<Comparison> comparisons(ForeignKey fk) {
        List<Comparison> known = comparisons.get(fk.oid());
        return known != null && known.size() == fk.columns().size()
                ? known
                : Collections.nCopies(fk.columns().size(), new Comparison(equals, ""));
    }

    /** Whether this is a session of replication, in which only those triggers work that are enabled for that (manual, 20.11.1). */
    boolean replica() {
        return replica;
    }

    /** One that a migration makes anew gets a new name, which nobody knows yet; and so do those of partitions. */
    @Nullable
    String trigger(ForeignKey fk, ForeignKeyDefinition definition) {
        return definition.equals(fk.definition()) ? triggers.get(fk.oid()) : null;
    }
}
