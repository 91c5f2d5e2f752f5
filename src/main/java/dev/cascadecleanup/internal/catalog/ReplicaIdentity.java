package dev.cascadecleanup.internal.catalog;

/** Which rows of a published table the server can name to a subscriber; without that it refuses to delete or update them (manual, 29.1). */
public final class ReplicaIdentity {

    /** Whether the table {@code c}, a row of {@code pg_class}, has none, in SQL. */
    public static final String MISSING = """
            CASE c.relreplident
              WHEN 'f' THEN false
              WHEN 'n' THEN true
              ELSE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid
                   AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary AND i.indimmediate END)
            END""";

    private ReplicaIdentity() {}
}
