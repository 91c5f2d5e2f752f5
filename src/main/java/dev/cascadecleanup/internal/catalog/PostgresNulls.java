package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.jdbc.Flight;

/** Reads what PostgreSQL knows about NULL in the columns of referencing tables beyond {@code attnotnull}. */
final class PostgresNulls {

    private PostgresNulls() {}

    /** PostgreSQL 18 has NOT NULL constraints, which can be NOT VALID, and CHECKs that are NOT ENFORCED, which forbid nothing. */
    static void read(Flight flight, int major, NullKnowledge nulls) {
        flight.forEach("""
                SELECT c.conrelid, c.conname, pg_get_expr(c.conbin, c.conrelid) AS condition, c.convalidated
                FROM pg_constraint c
                WHERE c.contype = 'c' %s
                AND c.conrelid IN (SELECT conrelid FROM pg_constraint WHERE contype = 'f' AND conparentid = 0)
                """.formatted(major >= 18 ? "AND c.conenforced" : ""), row -> {
            nulls.check(
                    row.getLong("conrelid"),
                    row.getString("conname"),
                    row.getString("condition"),
                    row.getBoolean("convalidated"));
        });
        if (major >= 18) {
            flight.forEach("""
                    SELECT c.conrelid, a.attname
                    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                    WHERE c.contype = 'n' AND NOT c.convalidated
                    """, row -> {
                nulls.notNullNotValid(row.getLong("conrelid"), row.getString("attname"));
            });
        }
        others(flight, major, nulls);
    }

    /** What else refuses a NULL that the column itself would take: a unique index in which NULL is a value, and a partition key. */
    private static void others(Flight flight, int major, NullKnowledge nulls) {
        flight.forEach(
                """
                SELECT i.indrelid, x.relname, a.attname, a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1]) AS key,
                       %s AS same, pg_get_expr(i.indexprs, i.indrelid) AS expressions, pg_get_expr(i.indpred, i.indrelid) AS predicate
                FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE (i.indisunique OR i.indisexclusion) AND (%s OR i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
                AND EXISTS (SELECT FROM pg_constraint c
                            WHERE c.contype = 'f' AND c.conrelid = i.indrelid AND a.attnum = ANY (c.conkey))
                """.formatted(
                                major >= 15 ? "i.indnullsnotdistinct" : "false",
                                major >= 15 ? "i.indnullsnotdistinct" : "false"),
                row -> {
                    nulls.uniqueIndex(
                            row.getLong("indrelid"),
                            row.getString("relname"),
                            row.getString("attname"),
                            row.getBoolean("key"),
                            row.getBoolean("same"),
                            row.getString("expressions"),
                            row.getString("predicate"));
                });
        flight.forEach("""
                SELECT p.partrelid, a.attname
                FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = ANY (p.partattrs)
                WHERE p.partstrat IN ('r', 'l') AND p.partdefid = 0
                AND NOT EXISTS (SELECT FROM pg_inherits h JOIN pg_class r ON r.oid = h.inhrelid
                                WHERE h.inhparent = p.partrelid AND pg_get_expr(r.relpartbound, r.oid) ~ '[(,] *NULL *[,)]')
                """, row -> {
            nulls.doubt(
                    row.getLong("partrelid"),
                    row.getString("attname"),
                    "the partitioning, in which no partition takes NULL,");
        });
        flight.forEach("""
                SELECT a.attrelid, a.attname, t.typname
                FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                WHERE t.typtype = 'd' AND a.attnum > 0 AND NOT a.attisdropped
                AND (t.typnotnull OR EXISTS (SELECT FROM pg_constraint c WHERE c.contypid = t.oid
                                             AND pg_get_constraintdef(c.oid) ~* 'VALUE IS NOT NULL'))
                AND EXISTS (SELECT FROM pg_constraint c
                            WHERE c.contype = 'f' AND c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey))
                """, row -> {
            nulls.doubt(row.getLong("attrelid"), row.getString("attname"), "the domain " + row.getString("typname"));
        });
        flight.forEach("""
                SELECT a.attrelid, a.attname, g.attname AS generated, pg_get_expr(d.adbin, d.adrelid) AS expression
                FROM pg_attribute g JOIN pg_attrdef d ON d.adrelid = g.attrelid AND d.adnum = g.attnum
                JOIN pg_attribute a ON a.attrelid = g.attrelid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE g.attgenerated <> '' AND (g.attnotnull OR EXISTS (SELECT FROM pg_index i
                    WHERE i.indrelid = g.attrelid AND i.indisunique AND g.attnum = ANY (i.indkey)))
                AND EXISTS (SELECT FROM pg_constraint c
                            WHERE c.contype = 'f' AND c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey))
                """, row -> {
            if (NullChecks.mentions(row.getString("attname"), row.getString("expression"))) {
                nulls.doubt(
                        row.getLong("attrelid"),
                        row.getString("attname"),
                        "the generated column " + row.getString("generated"));
            }
        });
    }
}
