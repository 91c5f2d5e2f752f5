package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor.Event;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor.Kind;
import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Reads for which tables every delete or update fails, whatever their rows: those in a publication without a replica identity (55000), or
 * beyond it, and those whose owner, as whom a foreign key works on them (PostgreSQL manual, 5.8 and 5.5.5), lacks a privilege (42501).
 */
final class PostgresObstacles {

    private static final String PUBLISHED_BY_SCHEMA = """

              UNION
              SELECT c.oid, p.pubdelete, p.pubupdate, false, false, %s FROM pg_publication p JOIN pg_publication_namespace n ON n.pnpubid = p.oid
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
                  AND (r.prqual IS NULL OR NOT EXISTS (SELECT FROM regexp_matches(r.prqual::text, ':varattno (-?\\d+)', 'g') AS v (attnum)
                    WHERE v.attnum[1]::int <> ALL (i.indkey::int2[])))) END)""";

    /**
     * Whether a generated column, {@code g}, of the replica identity of a table, {@code c}, is not published, as it would have to be: one
     * that is not stored never is (PostgreSQL 18, manual, 29.6).
     */
    private static final String UNPUBLISHED_IDENTITY = """
            EXISTS (SELECT FROM pg_attribute g WHERE g.attrelid = c.oid AND g.attnum > 0 AND NOT g.attisdropped
              AND (g.attgenerated = 'v' OR g.attgenerated = 's' AND p.unstored)
              AND (c.relreplident = 'f' OR EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND g.attnum = ANY (i.indkey)
                   AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END)))""";

    /** What the owner of a table may do with it and with some columns. Where nobody has granted or revoked anything it may do everything. */
    private static final String PRIVILEGES = """
            SELECT o.rolname AS owner,
                   s.nspacl IS NULL AND s.nspowner = t.relowner OR has_schema_privilege(t.relowner, s.oid, 'USAGE') AS usable,
                   t.relacl IS NULL OR has_table_privilege(t.relowner, t.oid, 'DELETE') AS deletes,
                   t.relacl IS NULL OR has_any_column_privilege(t.relowner, t.oid, 'UPDATE') AS locks,
                   ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (%2$s)
                         AND t.relacl IS NOT NULL AND NOT has_column_privilege(t.relowner, t.oid, a.attnum, 'SELECT')) AS unread,
                   ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (%2$s)
                         AND t.relacl IS NOT NULL AND NOT has_column_privilege(t.relowner, t.oid, a.attnum, 'UPDATE')) AS unwritten
            FROM pg_class t JOIN pg_roles o ON o.oid = t.relowner JOIN pg_namespace s ON s.oid = t.relnamespace WHERE t.oid = %1$s""";

    /** Whether the privileges of a function {@code z} that came with the server are not those that it came with. */
    static final String SERVERS_CHANGED = """
            z.oid < 16384 AND z.proacl IS NOT NULL AND NOT EXISTS (SELECT FROM pg_init_privs p
              WHERE p.classoid = 'pg_proc'::regclass AND p.objoid = z.oid AND p.objsubid = 0 AND p.initprivs = z.proacl)""";

    private PostgresObstacles() {}

    static void read(Flight flight, int major, PostgresInventory there, List<Interceptor> interceptors) {
        if (there.publications()) {
            publications(flight, major, interceptors);
        }
        if (there.foreignTables()) {
            foreignChildren(flight, interceptors);
        }
        if (there.privileges()) {
            owners(flight, interceptors);
        }
        if (there.executePrivileges()) {
            functions(flight, there, interceptors);
        }
        if (there.serversPrivileges()) {
            functionsOfTheServer(flight, there, interceptors);
        }
    }

    private static void publications(Flight flight, int major, List<Interceptor> interceptors) {
        String unstored = major >= 18 ? "p.pubgencols <> 's'" : "false";
        flight.forEach(
                """
                WITH RECURSIVE published (relid, deletes, updates, restricted, beyond, unstored) AS (
                  (SELECT r.prrelid, p.pubdelete, p.pubupdate, %1$s, %2$s, %5$s
                   FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid%3$s
                   UNION
                   SELECT c.oid, p.pubdelete, p.pubupdate, false, false, %6$s
                   FROM pg_publication p JOIN pg_class c ON c.relkind = 'r' WHERE p.puballtables)
                  UNION
                  SELECT i.inhrelid, deletes, updates, restricted, restricted, unstored
                  FROM published JOIN pg_inherits i ON i.inhparent = published.relid
                  JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition)
                SELECT c.oid, x.anonymous, bool_or(p.deletes) AS deletes, bool_or(p.updates) AS updates
                FROM published p JOIN pg_class c ON c.oid = p.relid
                JOIN LATERAL (SELECT %4$s AS anonymous, %7$s AS unpublished) x ON true
                WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND c.oid >= 16384 AND (x.anonymous OR p.beyond OR x.unpublished)
                GROUP BY c.oid, x.anonymous
                """.formatted(
                                major >= 15 ? RESTRICTED : "false",
                                major >= 15 ? BEYOND_IDENTITY : "false",
                                major >= 15 ? PUBLISHED_BY_SCHEMA.formatted(unstored) : "",
                                ReplicaIdentity.MISSING,
                                major >= 18 ? unstored + " AND r.prattrs IS NULL" : "false",
                                unstored,
                                major >= 18 ? UNPUBLISHED_IDENTITY : "false"),
                row -> {
                    // What the server makes of a filter or a list is not worked out here to the end, so nothing is said
                    // for certain.
                    boolean certain = row.getBoolean("anonymous");
                    String why = certain
                            ? "it is in a publication and has no replica identity (give it a primary key, or REPLICA IDENTITY FULL)"
                            : "it is in a publication whose row filter, column list or generated columns may not keep to the replica identity";
                    if (row.getBoolean("deletes")) {
                        interceptors.add(obstacle(row.getLong("oid"), "publication", why, certain, Event.DELETE));
                    }
                    if (row.getBoolean("updates")) {
                        interceptors.add(obstacle(row.getLong("oid"), "publication", why, certain, Event.UPDATE));
                    }
                });
    }

    /** A statement on a table is one on its inheritance children, too; one without partitions' bounds to leave them out by. */
    private static void foreignChildren(Flight flight, List<Interceptor> interceptors) {
        flight.forEach(
                """
                SELECT i.inhparent, c.oid::regclass AS child FROM pg_inherits i
                JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind = 'f' AND NOT c.relispartition
                """,
                row -> interceptors.add(obstacle(
                        row.getLong("inhparent"),
                        "child",
                        "its inheritance child " + row.getString("child")
                                + " is a foreign table, which perhaps cannot delete",
                        false,
                        Event.DELETE)));
    }

    /**
     * As whom what is worked on: a cascade and SET NULL as the owner of the referencing table, NO ACTION first looks as the owner of the
     * referenced one whether there is another row of that key, and SET DEFAULT whether the default is there (ri_triggers.c).
     */
    private static void owners(Flight flight, List<Interceptor> interceptors) {
        flight.forEach(
                """
                SELECT f.oid AS fk, f.conrelid, x.*, y.owner AS referenced_owner, f.confrelid::regclass::text AS referenced,
                       y.usable AND cardinality(y.unread) = 0 AND y.locks AS referenced_looks,
                       f.confdeltype = 'a' AS looks, f.confdeltype = 'd' AS defaults
                FROM pg_constraint f
                JOIN LATERAL (%s) x ON true JOIN LATERAL (%s) y ON true
                WHERE f.contype = 'f' AND f.conparentid = 0
                AND NOT (x.usable AND cardinality(x.unread) = 0 AND cardinality(x.unwritten) = 0 AND x.deletes
                         AND y.usable AND cardinality(y.unread) = 0 AND y.locks)
                """.formatted(
                                PRIVILEGES.formatted("f.conrelid", "f.conkey"),
                                PRIVILEGES.formatted("f.confrelid", "f.confkey")),
                row -> {
                    long fk = row.getLong("fk");
                    long table = row.getLong("conrelid");
                    String owner =
                            "its owner " + row.getString("owner") + ", as whom foreign keys work on it, may not ";
                    List<String> unread = Sql.textArray(row, "unread");
                    List<String> unwritten = Sql.textArray(row, "unwritten");
                    if (!row.getBoolean("usable") || !unread.isEmpty()) {
                        String why = owner
                                + (row.getBoolean("usable")
                                        ? "read " + Identifiers.displayAll(unread) + " (GRANT SELECT)"
                                        : "use its schema (GRANT USAGE)");
                        for (Event event : List.of(Event.CASCADE, Event.UPDATE, Event.CHECK)) {
                            interceptors.add(lacking(table, fk, why, event, List.of()));
                        }
                        return;
                    }
                    if (!row.getBoolean("deletes")) {
                        interceptors.add(
                                lacking(table, fk, owner + "delete its rows (GRANT DELETE)", Event.CASCADE, List.of()));
                    }
                    if (!unwritten.isEmpty()) {
                        String why = owner + "update " + Identifiers.displayAll(unwritten) + " (GRANT UPDATE)";
                        interceptors.add(lacking(table, fk, why, Event.UPDATE, unwritten));
                    }
                    if (!row.getBoolean("locks")) {
                        interceptors.add(lacking(
                                table,
                                fk,
                                owner + "lock its rows (GRANT UPDATE, of one column at least)",
                                Event.CHECK,
                                List.of()));
                    }
                    if (!row.getBoolean("referenced_looks")
                            && (row.getBoolean("looks") || row.getBoolean("defaults"))) {
                        String why = row.getString("referenced_owner") + ", the owner of " + row.getString("referenced")
                                + ", as whom the foreign key looks there, may not use its schema, or not read or lock its rows"
                                + " (GRANT USAGE, SELECT, UPDATE)";
                        interceptors.add(lacking(
                                table, fk, why, row.getBoolean("looks") ? Event.CHECK : Event.UPDATE, List.of()));
                    }
                });
    }

    /**
     * Functions of CHECKs, indexes, partition keys, generated columns and defaults that the owner of the table may not execute, as whom a row loses its
     * reference. Whether they are called at all is another matter; some are asked for before there is a row.
     */
    private static void functions(Flight flight, PostgresInventory there, List<Interceptor> interceptors) {
        flight.forEach(PostgresNulls.partitions(there) + """
                SELECT DISTINCT t.oid, f.oid AS fk, o.rolname, z.proname
                FROM pg_proc z JOIN pg_depend d ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = z.oid
                JOIN LATERAL (
                  SELECT conrelid FROM pg_constraint WHERE d.classid = 'pg_constraint'::regclass AND oid = d.objid AND contype = 'c'
                  UNION ALL SELECT indrelid FROM pg_index WHERE d.classid = 'pg_class'::regclass AND indexrelid = d.objid
                  UNION ALL SELECT partrelid FROM pg_partitioned_table WHERE d.classid = 'pg_class'::regclass AND partrelid = d.objid
                  UNION ALL SELECT adrelid FROM pg_attrdef x JOIN pg_attribute g ON g.attrelid = x.adrelid AND g.attnum = x.adnum
                    WHERE d.classid = 'pg_attrdef'::regclass AND x.oid = d.objid AND g.attgenerated <> ''
                  -- As it was before PostgreSQL 15.
                  UNION ALL SELECT attrelid FROM pg_attribute WHERE d.classid = 'pg_class'::regclass AND attrelid = d.objid
                    AND attnum = d.objsubid AND attgenerated <> '') m (oid) ON true
                LEFT JOIN part ON part.member = m.oid JOIN pg_class t ON t.oid = coalesce(part.root, m.oid)
                JOIN pg_roles o ON o.oid = t.relowner
                JOIN pg_constraint f ON f.contype = 'f' AND f.conparentid = 0 AND f.conrelid = t.oid
                WHERE z.proacl IS NOT NULL AND NOT has_function_privilege(t.relowner, z.oid, 'EXECUTE')
                UNION
                SELECT f.conrelid, f.oid, o.rolname, z.proname
                FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_roles o ON o.oid = t.relowner
                JOIN pg_attrdef x ON x.adrelid = f.conrelid AND x.adnum = ANY (f.conkey)
                JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = x.oid AND d.refclassid = 'pg_proc'::regclass
                JOIN pg_proc z ON z.oid = d.refobjid
                WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confdeltype = 'd'
                AND z.proacl IS NOT NULL AND NOT has_function_privilege(t.relowner, z.oid, 'EXECUTE')
                """, row -> interceptors.add(mayNotExecute(row)));
    }

    /** The same functions as far as they are the server's own, of which the catalog records no dependencies. */
    private static void functionsOfTheServer(Flight flight, PostgresInventory there, List<Interceptor> interceptors) {
        flight.forEach(
                PostgresNulls.partitions(there) + """
                , changed AS MATERIALIZED (SELECT z.oid, z.proname FROM pg_proc z WHERE %s),
                tree (oid, text) AS (
                  SELECT conrelid, conbin::text FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0
                  UNION ALL SELECT indrelid, concat_ws(' ', indexprs::text, indpred::text) FROM pg_index
                    WHERE indexprs IS NOT NULL OR indpred IS NOT NULL
                  UNION ALL SELECT partrelid, partexprs::text FROM pg_partitioned_table WHERE partexprs IS NOT NULL
                  UNION ALL SELECT x.adrelid, x.adbin::text FROM pg_attrdef x
                    JOIN pg_attribute g ON g.attrelid = x.adrelid AND g.attnum = x.adnum
                    WHERE g.attgenerated <> '' OR EXISTS (SELECT FROM pg_constraint f
                      WHERE f.contype = 'f' AND f.confdeltype = 'd' AND f.conrelid = x.adrelid AND x.adnum = ANY (f.conkey)))
                SELECT DISTINCT t.oid, f.oid AS fk, o.rolname, z.proname
                FROM tree CROSS JOIN LATERAL regexp_matches(tree.text, ':(?:op)?funcid (\\d+)', 'g') u (id)
                JOIN changed z ON z.oid = u.id[1]::oid
                LEFT JOIN part ON part.member = tree.oid JOIN pg_class t ON t.oid = coalesce(part.root, tree.oid)
                JOIN pg_roles o ON o.oid = t.relowner
                JOIN pg_constraint f ON f.contype = 'f' AND f.conparentid = 0 AND f.conrelid = t.oid
                WHERE NOT has_function_privilege(t.relowner, z.oid, 'EXECUTE')
                """.formatted(SERVERS_CHANGED),
                row -> interceptors.add(mayNotExecute(row)));
    }

    private static Interceptor mayNotExecute(ResultSet row) throws SQLException {
        String why = "its owner " + row.getString("rolname")
                + ", as whom foreign keys work on it, may not execute the function " + row.getString("proname")
                + " (GRANT EXECUTE)";
        return new Interceptor(
                row.getLong("oid"),
                "owner",
                why,
                false,
                Event.UPDATE,
                List.of(),
                Optional.empty(),
                Kind.OBSTACLE,
                row.getLong("fk"));
    }

    private static Interceptor lacking(long table, long fk, String why, Event event, List<String> columns) {
        return new Interceptor(table, "owner", why, true, event, columns, Optional.empty(), Kind.OBSTACLE, fk);
    }

    private static Interceptor obstacle(long table, String name, String why, boolean certain, Event event) {
        return new Interceptor(table, name, why, certain, event, List.of(), Optional.empty(), Kind.OBSTACLE, 0);
    }
}
