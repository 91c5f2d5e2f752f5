package dev.cascadecleanup.internal.catalog;

/** Which triggers are somebody's, and not those of a foreign key or a deferrable key. */
public final class OrdinaryTriggers {

    /**
     * Whether {@code t}, a row of {@code pg_trigger}, is one, in SQL. Before PostgreSQL 15 the copy that a partition has of its table's
     * trigger counts as internal, and can be switched on where the table's is off.
     */
    public static final String ARE = """
            (NOT t.tgisinternal OR NOT EXISTS (SELECT FROM pg_constraint oc WHERE oc.oid = t.tgconstraint AND oc.contype <> 't'))""";

    private OrdinaryTriggers() {}
}
