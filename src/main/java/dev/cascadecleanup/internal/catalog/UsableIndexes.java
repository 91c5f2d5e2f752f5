package dev.cascadecleanup.internal.catalog;

/**
 * Which indexes of PostgreSQL a delete can find its rows by, in one place and in the server's own terms. The triggers behind a foreign
 * key compare {@code $1 = column} with the operator in {@code pg_constraint.conpfeqop} (manual, 53.13), so an index serves if
 *
 * <ul>
 * <li>it is a valid B-tree or hash index,
 * <li>its first key is one of the foreign key's columns, and its operator class knows that operator: not so where the types differ
 *     (an int that references a numeric is looked up as a numeric, for which an index over the cast is needed),
 * <li>its collation is that of the comparison: the referenced column's, where that one is not deterministic, else the column's own,
 * <li>and it has no condition, or just that this column is not NULL, which the comparison implies.
 * </ul>
 */
final class UsableIndexes {

    private static final String POSITION = "array_position(c.conkey, a.attnum)";

    /** What the collation of an index must be; of the attributes {@code a} and {@code r}. */
    static final String COLLATION =
            "CASE WHEN r.attcollation <> a.attcollation AND r.attcollation <> 0 AND NOT (SELECT l.collisdeterministic"
                    + " FROM pg_collation l WHERE l.oid = r.attcollation) THEN r.attcollation ELSE a.attcollation END";

    /** The expression that a lookup with a cast needs, as pg_get_indexdef writes it; of {@code a} and the operator {@code e}. */
    private static final String CAST =
            "'((' || quote_ident(a.attname) || ')::' || format_type(e.oprright, NULL) || ')'";

    /** The tables of a query whose rows are a foreign key {@code c} and a usable index {@code i}, called {@code x.relname}. */
    static final String TABLES = """
            FROM pg_constraint c
            JOIN pg_index i ON i.indrelid = c.conrelid AND i.indisvalid AND i.indisready AND i.indislive
            JOIN pg_class x ON x.oid = i.indexrelid
              AND x.relam = ANY (ARRAY(SELECT m.oid FROM pg_am m WHERE m.amname IN ('btree', 'hash')))
            JOIN pg_opclass o ON o.oid = i.indclass[0]
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) AND i.indkey[0] IN (a.attnum, 0)
            JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = c.confkey[%1$s]
            JOIN pg_operator e ON e.oid = c.conpfeqop[%1$s]
            """.formatted(POSITION);

    static final String CONDITION = """
            c.contype = 'f'
              AND EXISTS (SELECT FROM pg_amop p WHERE p.amopfamily = o.opcfamily AND p.amopopr = e.oid AND p.amoppurpose = 's')
              AND i.indcollation[0] = %s
              AND (i.indkey[0] <> 0 OR pg_get_indexdef(i.indexrelid, 1, false) = %s)
              AND (i.indpred IS NULL
                   OR pg_get_expr(i.indpred, i.indrelid) = '(' || quote_ident(a.attname) || ' IS NOT NULL)')
            """.formatted(COLLATION, CAST);

    private UsableIndexes() {}
}
