package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a look at PostgreSQL's catalog depends on, in a snapshot: two that are equal were looked at alike. The catalog itself is not read in
 * the snapshot, because the server's functions that print definitions and compare privileges do not follow it.
 *
 * <p>Each change of a row of the catalog makes a new one, whose {@code xmin} is the transaction that made it. So of each kind of object the
 * number of rows is compared, and the sum of a hash of who each is and its {@code xmin}. That is the same only if nothing has changed: the
 * server does not do one transaction's number twice, as long as it runs and has not used up half of them, and when it started and which
 * half that is are compared too. What it changes in place (manual, 53.11: numbers of pages and rows of {@code pg_class}) is read anew each
 * time. Roles cannot be seen by everyone as rows, and are compared by what they say. What came with the server, its types and operators,
 * say, and functions that no trigger calls, is taken to be as it was.
 *
 * @param session which database it is, of which server since when, who asks, and the settings that a definition is printed by
 * @param catalog the rows
 */
record SchemaState(String session, String catalog) {

    private static final int SCHEMAS_IN_PUBLICATIONS_SINCE = 150_000;

    /** Above the OIDs of what came with the server (manual, 73.2.2). */
    private static final String NOT_THE_SERVERS = " OPERATOR(pg_catalog.>=) 16384";

    private static final String ALL = "true";

    private static final String NOT_TEMPORARY =
            " AND NOT %s OPERATOR(pg_catalog.=) ANY (SELECT t.oid FROM temporary t)";

    /** Without those of temporary tables, which come and go, and which foreign keys of others cannot reference. */
    private static final String NOT_IN_TEMPORARY_SCHEMA =
            "NOT %s OPERATOR(pg_catalog.=) ANY (SELECT s.oid FROM temporary_schemas s)";

    private static final List<String> SETTINGS = List.of(
            "server_version_num",
            "session_replication_role",
            "row_security",
            "quote_all_identifiers",
            "standard_conforming_strings",
            "DateStyle",
            "IntervalStyle",
            "TimeZone",
            "bytea_output",
            "extra_float_digits",
            "xmloption",
            "lc_monetary");

    static final String SESSION = "pg_catalog.concat_ws(' ', pg_catalog.pg_postmaster_start_time(),"
            + " (SELECT pg_catalog.concat_ws(' ', d.oid, d.datdba) FROM pg_catalog.pg_database d"
            + " WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()),"
            + " pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()) OPERATOR(pg_catalog.>>) 31,"
            + " current_user, session_user, "
            + SETTINGS.stream()
                    .map(name -> "pg_catalog.current_setting('" + name + "')")
                    .collect(Collectors.joining(", "))
            + ")";

    private static final String WITH =
            "WITH temporary_schemas AS MATERIALIZED (SELECT n.oid FROM pg_catalog.pg_namespace n"
                    + " WHERE pg_catalog.starts_with(n.nspname, 'pg_temp_') OR pg_catalog.starts_with(n.nspname, 'pg_toast_temp_')),"
                    + " temporary AS MATERIALIZED (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relpersistence OPERATOR(pg_catalog.=) 't') ";

    /**
     * A kind of object.
     *
     * @param table the catalog's table
     * @param key an OID that its row has
     * @param more what tells rows of the same one apart, a bigint
     * @param bound which of them may count
     * @param condition which of those count, with AND in front
     */
    private record Kind(String table, String key, String more, String bound, String condition) {

        String sql(int number) {
            return "SELECT " + number
                    // The transaction is in the seed: of a number of 64 bits hashint8extended first puts one half over
                    // the
                    // other, in which pairs of neighbouring OIDs changed by neighbouring transactions are the same.
                    + " AS kind, pg_catalog.count(*) AS rows, pg_catalog.sum(pg_catalog.hashint8extended("
                    + "CAST(x." + key + " AS pg_catalog.int8),"
                    + " (CAST(CAST(x.xmin AS pg_catalog.text) AS pg_catalog.int8) OPERATOR(pg_catalog.<<) 32)"
                    + " OPERATOR(pg_catalog.|) CAST(" + more + " AS pg_catalog.int8)"
                    + ")) AS sum FROM pg_catalog." + table + " x"
                    + " WHERE " + bound + condition;
        }

        /** The transactions that made what may count. */
        String makers() {
            return "SELECT x.xmin FROM pg_catalog." + table + " x WHERE " + bound;
        }
    }

    /** The schema is not what it was: what was read of it does not belong to the rows. */
    static final class ChangedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** In the transaction's snapshot; under any search path. */
    static Supplier<SchemaState> read(Flight flight, int version) {
        Supplier<List<String>> rows = flight.query(sql(version), row -> row.getString(1));
        return () -> new SchemaState(
                rows.get().get(0),
                String.join(",", rows.get().subList(1, rows.get().size())));
    }

    private static String sql(int version) {
        List<Kind> kinds = kinds(version);
        List<String> each = new ArrayList<>();
        for (Kind kind : kinds) {
            each.add(kind.sql(each.size() + 1));
        }
        return WITH + "SELECT said FROM (SELECT 0 AS kind, " + SESSION + " AS said UNION ALL SELECT "
                + (kinds.size() + 1)
                + ", " + ROLES
                + " UNION ALL SELECT s.kind, pg_catalog.concat_ws(' ', s.kind, s.rows, s.sum) FROM ("
                + String.join(" UNION ALL ", each) + ") s) a ORDER BY a.kind";
    }

    static final String ROLES =
            "(SELECT pg_catalog.concat_ws(' ', pg_catalog.count(*), pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws("
                    + "' ', r.oid, r.rolsuper, r.rolinherit, r.rolbypassrls, r.rolname), 0))) FROM pg_catalog.pg_roles r)";

    private static List<Kind> kinds(int version) {
        List<Kind> kinds = new ArrayList<>(List.of(
                new Kind(
                        "pg_constraint",
                        "oid",
                        "0",
                        ALL,
                        " AND " + NOT_IN_TEMPORARY_SCHEMA.formatted("x.connamespace")),
                new Kind("pg_class", "oid", "0", ALL, " AND NOT x.relpersistence OPERATOR(pg_catalog.=) 't'"),
                new Kind(
                        "pg_attribute",
                        "attrelid",
                        "x.attnum",
                        "x.attnum OPERATOR(pg_catalog.>) 0 AND x.attrelid" + NOT_THE_SERVERS,
                        NOT_TEMPORARY.formatted("x.attrelid")),
                ofUsers("pg_attrdef", "oid", NOT_TEMPORARY.formatted("x.adrelid")),
                ofUsers("pg_index", "indexrelid", NOT_TEMPORARY.formatted("x.indrelid")),
                ofUsers("pg_trigger", "oid", NOT_TEMPORARY.formatted("x.tgrelid")),
                ofUsers("pg_rewrite", "oid", NOT_TEMPORARY.formatted("x.ev_class")),
                ofUsers("pg_policy", "oid", NOT_TEMPORARY.formatted("x.polrelid")),
                new Kind("pg_inherits", "inhrelid", "CAST(x.inhparent AS pg_catalog.int8)", ALL, ""),
                new Kind("pg_partitioned_table", "partrelid", "0", ALL, ""),
                new Kind("pg_namespace", "oid", "0", ALL, " AND " + NOT_IN_TEMPORARY_SCHEMA.formatted("x.oid")),
                // The types of tables' rows say no more than the tables do.
                ofUsers(
                        "pg_type",
                        "oid",
                        " AND x.typtype OPERATOR(pg_catalog.<>) 'c' AND "
                                + NOT_IN_TEMPORARY_SCHEMA.formatted("x.typnamespace")),
                ofUsers("pg_enum", "oid", ""),
                ofUsers("pg_range", "rngtypid", ""),
                ofUsers("pg_proc", "oid", ""),
                new Kind(
                        "pg_proc",
                        "oid",
                        "1",
                        "x.oid OPERATOR(pg_catalog.=) ANY (SELECT g.tgfoid FROM pg_catalog.pg_trigger g WHERE NOT g.tgisinternal)",
                        ""),
                new Kind("pg_language", "oid", "0", ALL, ""),
                ofUsers("pg_operator", "oid", ""),
                ofUsers("pg_opclass", "oid", ""),
                ofUsers("pg_amop", "oid", ""),
                ofUsers("pg_am", "oid", ""),
                ofUsers("pg_cast", "oid", ""),
                ofUsers("pg_collation", "oid", ""),
                ofUsers("pg_ts_config", "oid", ""),
                ofUsers("pg_ts_dict", "oid", ""),
                ofUsers(
                        "pg_description",
                        "objoid",
                        " AND x.classoid OPERATOR(pg_catalog.=) CAST('pg_catalog.pg_constraint' AS pg_catalog.regclass)"),
                new Kind("pg_publication", "oid", "0", ALL, ""),
                new Kind("pg_publication_rel", "oid", "0", ALL, ""),
                new Kind("pg_auth_members", "roleid", "CAST(x.member AS pg_catalog.int8)", ALL, "")));
        if (version >= SCHEMAS_IN_PUBLICATIONS_SINCE) {
            kinds.add(new Kind("pg_publication_namespace", "oid", "0", ALL, ""));
        }
        return kinds;
    }

    /** Without what came with the server. */
    private static Kind ofUsers(String table, String key, String condition) {
        return new Kind(table, key, "0", "x." + key + NOT_THE_SERVERS, condition);
    }

    /**
     * A mark in the catalog, by which a later snapshot of the same session, as far as it is compared, knows more cheaply than by looking at
     * each row that nothing was changed since, temporary tables included: there is no row that was made by a transaction that was not
     * finished at the mark, and there are as many rows as then. What is gone would be missing in that number. That somebody changes
     * something takes it away, and then the states are compared.
     *
     * @param xmin the oldest transaction that was not finished
     * @param rows how many rows there were
     * @param roles what the roles said
     */
    record Mark(String xmin, long rows, String roles) {

        private static final String LOW_BITS = "4294967295";

        /** In the transaction's snapshot; under any search path. */
        static Supplier<Mark> set(Flight flight, int version) {
            Supplier<List<Mark>> marks = flight.query(
                    "SELECT CAST(pg_catalog.txid_snapshot_xmin(pg_catalog.txid_current_snapshot()) OPERATOR(pg_catalog.&) "
                            + LOW_BITS
                            + " AS pg_catalog.text) AS xmin, (SELECT pg_catalog.count(*) FROM (" + makers(version)
                            + ") x) AS rows, " + ROLES + " AS roles",
                    row -> new Mark(row.getString("xmin"), row.getLong("rows"), row.getString("roles")));
            return () -> marks.get().get(0);
        }

        /** The number of rows, and of those that were made since a transaction, which is the parameter, as text. */
        static String since(int version) {
            return "SELECT pg_catalog.count(*) AS rows, pg_catalog.count(*) FILTER (WHERE pg_catalog.age(x.xmin)"
                    + " OPERATOR(pg_catalog.<=) (SELECT pg_catalog.age(CAST(CAST(? AS pg_catalog.text) AS pg_catalog.xid)))) AS newer FROM ("
                    + makers(version) + ") x";
        }

        private static String makers(int version) {
            return kinds(version).stream().map(Kind::makers).collect(Collectors.joining(" UNION ALL "));
        }
    }

    /**
     * Whether one of these tables has got new files since the snapshot: TRUNCATE and an ALTER TABLE that rewrites it leave it empty for
     * older snapshots (manual, 13.6). What has been read stays locked against that until the end of the transaction.
     */
    static boolean isAnyRewritten(Connection connection, Collection<Long> tables) throws SQLException {
        List<String> oids = tables.stream().map(String::valueOf).toList();
        return !Sql.query(
                        connection,
                        "SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.oid[]))"
                                + " AND c.relkind OPERATOR(pg_catalog.=) 'r' AND c.relfilenode OPERATOR(pg_catalog.<>) 0"
                                + " AND NOT COALESCE(c.relfilenode OPERATOR(pg_catalog.=) pg_catalog.pg_relation_filenode(c.oid), false)",
                        row -> 1,
                        oids)
                .isEmpty();
    }
}
