package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.internal.jdbc.Flight;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads what there is at all, so that the catalog need not be asked about the rest: questions that the server plans for longer than it runs
 * them, and of which most schemas need few.
 *
 * <p>To be asked behind the foreign keys: what one of them needs is there before it, or with it. The partitions of a table with foreign keys
 * have them, too.
 */
final class PostgresInventoryReader {

    /** From here on the catalog records what depends on an object (PostgreSQL, access/transam.h). */
    private static final int FIRST_UNPINNED = 12000;

    private static final int FIRST_OF_USERS = 16384;

    private static final String QUERY = """
            WITH fk AS MATERIALIZED (
              SELECT conrelid AS oid FROM pg_constraint WHERE contype = 'f' UNION SELECT confrelid FROM pg_constraint WHERE contype = 'f')
            SELECT EXISTS (SELECT FROM pg_class WHERE oid IN (SELECT oid FROM fk) AND (relkind = 'p' OR relispartition)) AS partitions,
                   EXISTS (SELECT FROM pg_publication) AS publications,
                   EXISTS (SELECT FROM pg_foreign_table) AS foreign_tables,
                   EXISTS (SELECT FROM pg_constraint WHERE contype = 'c' AND conrelid IN (SELECT oid FROM fk)) AS checks,
                   EXISTS (SELECT FROM pg_depend d JOIN pg_constraint c ON c.oid = d.objid AND c.contype = 'c' AND c.conrelid <> 0
                           WHERE d.classid = 'pg_constraint'::regclass
                           AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass)) AS checks_that_depend,
                   EXISTS (SELECT FROM pg_constraint WHERE contype = 'n' AND NOT convalidated) AS invalid_not_nulls,
                   EXISTS (SELECT FROM pg_index i WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL OR %s)
                           AND i.indrelid IN (SELECT oid FROM fk)) AS special_indexes,
                   EXISTS (SELECT FROM pg_attribute WHERE attrelid IN (SELECT oid FROM fk) AND attgenerated <> '') AS generated_columns,
                   EXISTS (SELECT FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid AND t.typtype = 'd'
                           WHERE a.attrelid IN (SELECT oid FROM fk)) AS domains,
                   EXISTS (SELECT FROM pg_class WHERE oid IN (SELECT oid FROM fk)
                           AND (relacl IS NOT NULL OR NOT has_schema_privilege(relowner, relnamespace, 'USAGE'))) AS privileges,
                   EXISTS (SELECT FROM pg_proc WHERE oid >= %d AND proacl IS NOT NULL) AS execute_privileges,
                   EXISTS (SELECT FROM pg_proc z WHERE %s) AS servers_privileges,
                   EXISTS (SELECT FROM pg_trigger t WHERE %s) AS triggers,
                   EXISTS (SELECT FROM pg_trigger WHERE tgisinternal AND tgenabled <> 'O') AS switched_triggers,
                   EXISTS (SELECT FROM pg_rewrite WHERE ev_class >= %d AND ev_type IN ('2', '4')) AS rules,
                   EXISTS (SELECT FROM pg_collation WHERE NOT collisdeterministic) AS loose_collations
            """;

    private PostgresInventoryReader() {}

    static Supplier<PostgresInventory> read(Flight flight, int major) {
        Supplier<List<PostgresInventory>> rows = flight.query(
                QUERY.formatted(
                        PostgresNulls.sameNulls(major),
                        FIRST_UNPINNED,
                        PostgresObstacles.SERVERS_CHANGED,
                        OrdinaryTriggers.ARE,
                        FIRST_OF_USERS),
                PostgresInventoryReader::inventory);
        return () -> rows.get().get(0);
    }

    private static PostgresInventory inventory(ResultSet row) throws SQLException {
        return new PostgresInventory(
                row.getBoolean("partitions"),
                row.getBoolean("publications"),
                row.getBoolean("foreign_tables"),
                row.getBoolean("checks"),
                row.getBoolean("checks_that_depend"),
                row.getBoolean("invalid_not_nulls"),
                row.getBoolean("special_indexes"),
                row.getBoolean("generated_columns"),
                row.getBoolean("domains"),
                row.getBoolean("privileges"),
                row.getBoolean("execute_privileges"),
                row.getBoolean("servers_privileges"),
                row.getBoolean("triggers"),
                row.getBoolean("switched_triggers"),
                row.getBoolean("rules"),
                row.getBoolean("loose_collations"));
    }
}
