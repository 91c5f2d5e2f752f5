package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.jdbc.Flight;

/** Reads what PostgreSQL knows about NULL in the columns of referencing tables beyond {@code attnotnull}. */
final class PostgresNulls {

    private PostgresNulls() {}

    /** PostgreSQL 18 has NOT NULL constraints, which can be NOT VALID, and CHECKs that are NOT ENFORCED, which forbid nothing. */
    static void read(Flight flight, int major, NullKnowledge nulls) {
        flight.query("""
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
            return null;
        });
        if (major >= 18) {
            flight.query("""
                    SELECT c.conrelid, a.attname
                    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                    WHERE c.contype = 'n' AND NOT c.convalidated
                    """, row -> {
                nulls.notNullNotValid(row.getLong("conrelid"), row.getString("attname"));
                return null;
            });
        }
    }
}
