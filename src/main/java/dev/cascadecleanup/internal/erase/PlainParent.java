package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A parent of which one statement can erase a person, and all that has to be true for that: a plain table without partitions, children,
 * triggers or rules of the schema's own and without row-level security, with a primary key of one column of a common type. It may be
 * remembered, because whoever uses it lets the server compare it with the catalog, once the table is locked and before anything is
 * committed.
 *
 * @param key the table and its primary key
 * @param candidates how it was found
 * @param searchPath the session's own, without the system's, by which it was found
 * @param stamp what {@link #STAMP} was when it was found
 */
record PlainParent(ParentKey key, ParentCandidates candidates, List<String> searchPath, String stamp) {

    /** Types of which any text that is a value of them is one whole, and two that are equal are the same key. */
    private static final Set<String> TYPES = Set.of("int2", "int4", "int8", "numeric", "text", "uuid", "varchar");

    /**
     * Whether nothing of the schema's own stands before the rows of the table {@code t}, a row of {@code pg_class}: no partitions, children,
     * triggers, rules or row-level security; under any search path.
     */
    static final String BARE =
            "t.relkind OPERATOR(pg_catalog.=) 'r' AND NOT t.relispartition AND NOT t.relhasrules AND NOT t.relrowsecurity"
                    + " AND NOT t.relhassubclass"
                    + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgrelid OPERATOR(pg_catalog.=) t.oid AND NOT g.tgisinternal)";

    /**
     * Which versions of the rows of the catalog say so, of the first of the {@link ParentCandidates}, whose parameters it takes; NULL where
     * none may be. A version is known by the transaction that made it, as long as the server has not used up half of their numbers since.
     * Triggers have rows of their own.
     */
    static final String STAMP = stamp(ParentCandidates.FIRST);

    private static String stamp(String oid) {
        return "(SELECT pg_catalog.concat_ws(' ', pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()) OPERATOR(pg_catalog.>>) 31,"
                + " t.oid, t.xmin, s.xmin, i.indexrelid, i.xmin, a.xmin)"
                + " FROM pg_catalog.pg_class t JOIN pg_catalog.pg_namespace s ON s.oid OPERATOR(pg_catalog.=) t.relnamespace"
                + " JOIN pg_catalog.pg_index i ON i.indrelid OPERATOR(pg_catalog.=) t.oid AND i.indisprimary"
                + " JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) t.oid AND a.attnum OPERATOR(pg_catalog.=) i.indkey[0]"
                + " WHERE t.oid OPERATOR(pg_catalog.=) " + oid + " AND " + BARE + ")";
    }

    PlainParent {
        searchPath = List.copyOf(searchPath);
    }

    /** Empty if it cannot be one; what the server alone can tell it tells later. */
    static Optional<PlainParent> of(ParentKey key, ParentCandidates candidates, Server server, String stamp) {
        boolean plain = key.columns().size() == 1
                && key.columns().get(0).equals().equals(EraseFactsReader.operator("pg_catalog", "="))
                && TYPES.stream()
                        .map(type -> ParentKeyReader.type("pg_catalog", type))
                        .anyMatch(key.columns().get(0).type()::equals);
        return plain ? Optional.of(new PlainParent(key, candidates, server.searchPath(), stamp)) : Optional.empty();
    }

    /** Whether a text can only be a value of the key, and no {@code column=value}. */
    static boolean isValue(String text) {
        return text.indexOf('=') < 0 && text.indexOf('\0') < 0;
    }

    /**
     * Whether all of it is as it was, under any search path. Parameters: {@link #parameters()}. Whoever holds a lock on a table of this name
     * knows by this that it is that table.
     */
    String unchanged() {
        return "pg_catalog.current_setting('session_replication_role') OPERATOR(pg_catalog.<>) 'replica'"
                + " AND pg_catalog.current_schemas(false) OPERATOR(pg_catalog.=) CAST(CAST(? AS pg_catalog.text[]) AS pg_catalog.name[])"
                + " AND " + (isFirst() ? stamp(String.valueOf(key.table().oid())) : STAMP)
                + " OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.text)";
    }

    List<Object> parameters() {
        return isFirst()
                ? List.of(searchPath, stamp)
                : List.of(searchPath, candidates.schemas(), candidates.names(), stamp);
    }

    /** Then none can come before it, and its name is in the rows of the stamp: they are the same if these are. */
    private boolean isFirst() {
        TableName name = key.table().name();
        return candidates.schemas().get(0).equals(name.schema())
                && candidates.names().get(0).equals(name.name());
    }
}
