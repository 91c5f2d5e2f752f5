package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.plan.ParentName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the parent may be, in the order in which a plan looks for it: the first of these that is there is meant.
 *
 * @param schemas the schema of each
 * @param names and its name
 */
record ParentCandidates(List<String> schemas, List<String> names) {

    /** Longer than any name of PostgreSQL (manual, 4.1.1): where it is cut off, it would be another. */
    private static final int MOST_BYTES = 63;

    /**
     * The OID of the first that is there, under any search path. Parameters: the schemas and the names, as {@code text[]}. Like a plan
     * without the system's own and a session's temporary tables.
     */
    static final String FIRST =
            "(SELECT c.oid FROM ROWS FROM (pg_catalog.unnest(CAST(? AS pg_catalog.text[])), pg_catalog.unnest(CAST(? AS pg_catalog.text[]))) WITH ORDINALITY AS k(schema, name, place)"
                    + " JOIN pg_catalog.pg_namespace n ON n.nspname OPERATOR(pg_catalog.=) CAST(k.schema AS pg_catalog.name)"
                    + " JOIN pg_catalog.pg_class c ON c.relnamespace OPERATOR(pg_catalog.=) n.oid"
                    + " AND c.relname OPERATOR(pg_catalog.=) CAST(k.name AS pg_catalog.name)"
                    + " WHERE c.relkind OPERATOR(pg_catalog.=) ANY (CAST('{r,p,f,v,m}' AS pg_catalog.\"char\"[]))"
                    + " AND c.relpersistence OPERATOR(pg_catalog.<>) 't'"
                    + " AND NOT n.nspname OPERATOR(pg_catalog.=) ANY (CAST('{pg_catalog,information_schema,pg_toast}' AS pg_catalog.name[]))"
                    + " ORDER BY k.place LIMIT 1)";

    ParentCandidates {
        schemas = List.copyOf(schemas);
        names = List.copyOf(names);
    }

    /**
     * Empty if that is not plain: several parents, or a name that is none.
     *
     * @param defaultSchema Flyway's default schema, or null
     */
    static Optional<ParentCandidates> of(List<ParentName> parents, @Nullable String defaultSchema, Server server) {
        if (parents.size() != 1) {
            return Optional.empty();
        }
        ParentName parent = parents.get(0);
        Set<String> path = new LinkedHashSet<>();
        if (parent.schema() != null) {
            path.add(parent.schema());
        } else {
            if (defaultSchema != null) {
                path.add(defaultSchema);
            }
            path.addAll(server.searchPath());
        }
        List<String> schemas = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String name :
                new LinkedHashSet<>(List.of(parent.name(), parent.name().toLowerCase(Locale.ROOT)))) {
            for (String schema : path) {
                for (String spelled : new LinkedHashSet<>(List.of(schema, schema.toLowerCase(Locale.ROOT)))) {
                    schemas.add(spelled);
                    names.add(name);
                }
            }
        }
        boolean plain = schemas.stream().allMatch(ParentCandidates::isName)
                && names.stream().allMatch(ParentCandidates::isName);
        return plain ? Optional.of(new ParentCandidates(schemas, names)) : Optional.empty();
    }

    private static boolean isName(String name) {
        return name.indexOf('\0') < 0 && name.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
    }
}
