package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor.Event;
import dev.cascadecleanup.internal.jdbc.Flight;
import java.util.List;
import java.util.Optional;

/**
 * Reads for which tables every delete or update fails, whatever their rows: those in a publication without a replica identity (55000),
 * and those whose owner, as whom a foreign key works on them (PostgreSQL manual, 5.8 and 5.5.5), lacks a privilege (42501).
 */
final class PostgresObstacles {

    private static final String PUBLISHED_BY_SCHEMA = """

              UNION
              SELECT c.oid, p.pubdelete, p.pubupdate FROM pg_publication p JOIN pg_publication_namespace n ON n.pnpubid = p.oid
              JOIN pg_class c ON c.relnamespace = n.pnnspid""";

    private PostgresObstacles() {}

    static void read(Flight flight, int major, List<Interceptor> interceptors) {
        flight.forEach("""
                WITH RECURSIVE published (relid, deletes, updates) AS (
                  (SELECT r.prrelid, p.pubdelete, p.pubupdate FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid%s
                   UNION
                   SELECT c.oid, p.pubdelete, p.pubupdate FROM pg_publication p JOIN pg_class c ON c.relkind = 'r' WHERE p.puballtables)
                  UNION
                  SELECT i.inhrelid, deletes, updates FROM published JOIN pg_inherits i ON i.inhparent = published.relid
                  JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition)
                SELECT c.oid, bool_or(p.deletes) AS deletes, bool_or(p.updates) AS updates
                FROM published p JOIN pg_class c ON c.oid = p.relid
                WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND c.oid >= 16384
                  AND CASE c.relreplident
                    WHEN 'f' THEN false
                    WHEN 'n' THEN true
                    ELSE NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid
                         AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END)
                  END
                GROUP BY c.oid
                """.formatted(major >= 15 ? PUBLISHED_BY_SCHEMA : ""), row -> {
            String why =
                    "it is in a publication and has no replica identity (give it a primary key, or REPLICA IDENTITY FULL)";
            if (row.getBoolean("deletes")) {
                interceptors.add(obstacle(row.getLong("oid"), "publication", why, Event.DELETE));
            }
            if (row.getBoolean("updates")) {
                interceptors.add(obstacle(row.getLong("oid"), "publication", why, Event.UPDATE));
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
                interceptors.add(obstacle(table, "owner", why, Event.CASCADE));
                interceptors.add(obstacle(table, "owner", why, Event.UPDATE));
                return;
            }
            if (!row.getBoolean("deletes")) {
                interceptors.add(obstacle(table, "owner", owner + "delete its rows (GRANT DELETE)", Event.CASCADE));
            }
            if (!row.getBoolean("updates")) {
                interceptors.add(obstacle(table, "owner", owner + "update its rows (GRANT UPDATE)", Event.UPDATE));
            }
        });
    }

    private static Interceptor obstacle(long table, String name, String why, Event event) {
        return new Interceptor(table, name, why, true, event, List.of(), Optional.empty());
    }
}
