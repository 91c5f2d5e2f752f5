package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.internal.jdbc.Flight;
import java.util.List;

/**
 * Reads which foreign keys take different keys for the same. Before PostgreSQL 18 a cascade compares under the collation of the referencing
 * column unless that of the key is nondeterministic itself (ri_triggers.c); 18 refuses such foreign keys (release notes, E.2).
 */
final class PostgresCollations {

    private static final int FIRST_THAT_REFUSES = 18;

    private PostgresCollations() {}

    static void read(Flight flight, int major, List<NotSeen> notSeen) {
        if (major >= FIRST_THAT_REFUSES) {
            return;
        }
        flight.forEach(
                """
                SELECT c.confrelid, c.conrelid::regclass || '.' || quote_ident(c.conname) AS name, quote_ident(l.collname) AS collation,
                       'ALTER TABLE ' || c.conrelid::regclass || ' ALTER COLUMN ' || quote_ident(a.attname) || ' TYPE '
                         || format_type(a.atttypid, a.atttypmod) || ' COLLATE ' || m.collnamespace::regnamespace || '.'
                         || quote_ident(m.collname) AS remedy
                FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k (own, referenced)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own
                JOIN pg_collation l ON l.oid = a.attcollation AND NOT l.collisdeterministic
                JOIN pg_attribute r ON r.attrelid = c.confrelid AND r.attnum = k.referenced
                JOIN pg_collation m ON m.oid = r.attcollation AND m.collisdeterministic
                WHERE c.contype = 'f' AND c.conparentid = 0 ORDER BY c.oid
                """,
                row -> notSeen.add(new NotSeen(
                        row.getLong("confrelid"),
                        "whose rows follow the foreign key " + row.getString("name"),
                        "to the collation " + row.getString("collation")
                                + " of its column different keys are the same, so that a delete takes rows of others, too",
                        "give the column the collation of the key, once each row has the key in its very spelling: "
                                + row.getString("remedy"))));
    }
}
