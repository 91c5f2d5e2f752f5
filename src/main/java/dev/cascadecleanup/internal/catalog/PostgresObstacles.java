package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor.Event;
import dev.cascadecleanup.internal.jdbc.Flight;
import java.util.List;
import java.util.Optional;

/**
 * Reads for which tables every delete or update fails, whatever their rows: those in a publication without a replica identity (55000), or
 * beyond it, and those whose owner, as whom a foreign key works on them (PostgreSQL manual, 5.8 and 5.5.5), lacks a privilege (42501).
 */
final class PostgresObstacles {

    private static final String PUBLISHED_BY_SCHEMA = """

              UNION
              SELECT c.oid, p.pubdelete, p.pubupdate, false, false FROM pg_publication p JOIN pg_publication_namespace n ON n.pnpubid = p.oid
              JOIN pg_class c ON c.relnamespace = n.pnnspid""";

    /** Whether there is a row filter or a column list. */
    private static final String RESTRICTED = "r.prqual IS NOT NULL OR r.prattrs IS NOT NULL";

    /**
     * Whether one of them does not keep to the replica identity, as it has to (manual, 29.4 and 29.5): a list has to have all of its
     * columns, a filter no others.
     */
    private static final String BEYOND_IDENTITY = """
            (r.prqual IS NOT NULL OR r.prattrs IS NOT NULL) AND EXISTS (SELECT FROM pg_class t
                WHERE t.oid = r.prrelid AND NOT CASE t.relreplident WHEN 'f' THEN r.prattrs IS NULL ELSE EXISTS (
                  SELECT FROM pg_index i WHERE i.indrelid = t.oid
                  AND CASE t.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END
                  AND (r.prattrs IS NULL OR i.indkey::int2[] <@ r.prattrs::int2[])
                  AND (r.prqual IS NULL OR pg_get_expr(r.prqual, r.prrelid) NOT LIKE '%.*%' AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_publication_rel'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
                    AND d.refobjid = t.oid AND d.refobjsubid <> 0 AND d.refobjsubid <> ALL (i.indkey::int2[])))) END)""";

    private PostgresObstacles() {}

    static void read(Flight flight, int major, List<Interceptor> interceptors) {
        flight.forEach(
                """
                WITH RECURSIVE published (relid, deletes, updates, restricted, beyond) AS (
                  (SELECT r.prrelid, p.pubdelete, p.pubupdate, %s, %s
                   FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid%s
                   UNION
                   SELECT c.oid, p.pubdelete, p.pubupdate, false, false
                   FROM pg_publication p JOIN pg_class c ON c.relkind = 'r' WHERE p.puballtables)
                  UNION
                  SELECT i.inhrelid, deletes, updates, restricted, restricted
                  FROM published JOIN pg_inherits i ON i.inhparent = published.relid
                  JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition)
                SELECT c.oid, x.anonymous, bool_or(p.deletes AND (x.anonymous OR p.beyond)) AS deletes,
                       bool_or(p.updates AND (x.anonymous OR p.beyond)) AS updates
                FROM published p JOIN pg_class c ON c.oid = p.relid
                JOIN LATERAL (SELECT %s AS anonymous) x ON true
                WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND c.oid >= 16384 AND (x.anonymous OR p.beyond)
                GROUP BY c.oid, x.anonymous
                """.formatted(
                                major >= 15 ? RESTRICTED : "false",
                                major >= 15 ? BEYOND_IDENTITY : "false",
                                major >= 15 ? PUBLISHED_BY_SCHEMA : "",
                                ReplicaIdentity.MISSING),
                row -> {
                    // What the server makes of a filter or a list is not worked out here to the end, so nothing is said
                    // for certain.
                    boolean certain = row.getBoolean("anonymous");
                    String why = certain
                            ? "it is in a publication and has no replica identity (give it a primary key, or REPLICA IDENTITY FULL)"
                            : "it is in a publication whose row filter or column list may not keep to the replica identity";
                    if (row.getBoolean("deletes")) {
                        interceptors.add(obstacle(row.getLong("oid"), "publication", why, certain, Event.DELETE));
                    }
                    if (row.getBoolean("updates")) {
                        interceptors.add(obstacle(row.getLong("oid"), "publication", why, certain, Event.UPDATE));
                    }
                });
        flight.forEach("""
                SELECT c.oid, o.rolname, n.usable, c.relacl IS NULL OR has_table_privilege(c.relowner, c.oid, 'DELETE') AS deletes,
                       c.relacl IS NULL OR has_any_column_privilege(c.relowner, c.oid, 'UPDATE') AS updates,
                       c.relacl IS NULL OR has_any_column_privilege(c.relowner, c.oid, 'SELECT') AS selects
                FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner
                JOIN LATERAL (SELECT s.nspacl IS NULL AND s.nspowner = c.relowner
                                OR has_schema_privilege(c.relowner, s.oid, 'USAGE') AS usable
                              FROM pg_namespace s WHERE s.oid = c.relnamespace) n ON true
                WHERE c.relkind IN ('r', 'p') AND NOT o.rolsuper AND c.oid IN (SELECT conrelid FROM pg_constraint WHERE contype = 'f')
                """, row -> {
            String owner = "its owner " + row.getString("rolname") + ", as whom foreign keys work on it, may not ";
            long table = row.getLong("oid");
            if (!row.getBoolean("usable") || !row.getBoolean("selects")) {
                String why =
                        owner + (row.getBoolean("usable") ? "read it (GRANT SELECT)" : "use its schema (GRANT USAGE)");
                interceptors.add(obstacle(table, "owner", why, true, Event.CASCADE));
                interceptors.add(obstacle(table, "owner", why, true, Event.UPDATE));
                return;
            }
            if (!row.getBoolean("deletes")) {
                interceptors.add(
                        obstacle(table, "owner", owner + "delete its rows (GRANT DELETE)", true, Event.CASCADE));
            }
            if (!row.getBoolean("updates")) {
                interceptors.add(
                        obstacle(table, "owner", owner + "update its rows (GRANT UPDATE)", true, Event.UPDATE));
            }
        });
    }

    private static Interceptor obstacle(long table, String name, String why, boolean certain, Event event) {
        return new Interceptor(table, name, why, certain, event, List.of(), Optional.empty());
    }
}
