package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.jdbc.Flight;
import java.util.List;

/** Reads the triggers and rules of PostgreSQL that take part in the delete of rows. */
final class PostgresInterceptors {

    private PostgresInterceptors() {}

    /**
     * Bits of pg_trigger.tgtype: 1 row, 2 before, 8 delete, 64 instead (of a view). A cascade is an ordinary statement for the rewriter,
     * so an unconditional DO INSTEAD rule replaces it too.
     */
    static void read(Flight flight, List<ForeignKeyGraph.Interceptor> interceptors) {
        flight.query(
                """
                SELECT t.tgrelid AS relid, t.tgname AS name,
                       'trigger ' || CASE WHEN t.tgtype & 2 <> 0 THEN 'BEFORE' ELSE 'AFTER' END || ' DELETE '
                         || CASE WHEN t.tgtype & 1 <> 0 THEN 'FOR EACH ROW' ELSE 'FOR EACH STATEMENT' END
                         || ', function ' || p.proname AS description, false AS swallows
                FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgtype & 8 <> 0 AND t.tgtype & 64 = 0
                UNION ALL
                SELECT r.ev_class, r.rulename,
                       'rule ON DELETE ' || CASE WHEN r.is_instead THEN 'DO INSTEAD' ELSE 'DO ALSO' END,
                       r.is_instead AND r.ev_qual::text = '<>'
                FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class AND c.relkind IN ('r', 'p')
                WHERE r.ev_type = '4' AND r.ev_enabled IN ('O', 'A')
                ORDER BY 1, 2
                """,
                row -> interceptors.add(new ForeignKeyGraph.Interceptor(
                        row.getLong("relid"),
                        row.getString("name"),
                        row.getString("description"),
                        row.getBoolean("swallows"))));
    }
}
