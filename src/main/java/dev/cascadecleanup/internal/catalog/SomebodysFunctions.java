package dev.cascadecleanup.internal.catalog;

/** Functions of PostgreSQL that did not come with the server, which may be others than when a row was written. */
public final class SomebodysFunctions {

    private static final String CALLED = """
            EXISTS (SELECT FROM pg_depend d WHERE d.classid = '%s'::regclass AND d.objid = %s AND d.objsubid = 0
              AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass) AND d.refobjid >= 16384)""";

    private SomebodysFunctions() {}

    /**
     * The SQL condition that a CHECK, an index or a partition key calls any, also by an operator or a cast. Before PostgreSQL 15 the
     * generated columns of a table depend on theirs as parts of it, which are not meant here.
     *
     * @param catalog the catalog's table that it is in
     * @param oid its OID there, in SQL
     */
    public static String calledBy(String catalog, String oid) {
        return CALLED.formatted(catalog, oid);
    }
}
