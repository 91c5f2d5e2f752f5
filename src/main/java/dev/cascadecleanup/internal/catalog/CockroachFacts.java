package dev.cascadecleanup.internal.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What CockroachDB alone has.
 *
 * @param storageParameters the parameters of tables, {@code name=value}, by OID; those without any are left out
 * @param regionColumns the column that says the region of a row, by the OID of a table that is REGIONAL BY ROW
 * @param defaultIsolation the isolation level that a session of this role begins with
 */
public record CockroachFacts(
        Map<Long, List<String>> storageParameters, Map<Long, String> regionColumns, String defaultIsolation) {

    /** Nothing: of PostgreSQL, or not asked for. */
    public static final CockroachFacts NONE = new CockroachFacts(Map.of(), Map.of(), "serializable");

    public CockroachFacts {
        storageParameters = Map.copyOf(storageParameters);
        regionColumns = Map.copyOf(regionColumns);
    }

    /** The value of a parameter of a table, without quotes. */
    public Optional<String> storageParameter(long tableOid, String name) {
        return storageParameters.getOrDefault(tableOid, List.of()).stream()
                .filter(parameter -> parameter.startsWith(name + "=") || parameter.startsWith(name + " ="))
                .map(parameter ->
                        parameter.substring(parameter.indexOf('=') + 1).strip().replaceAll("^'|'$", ""))
                .findFirst();
    }

    /** The column that says the region of a row, if there is one. */
    public Optional<String> regionColumn(long tableOid) {
        return Optional.ofNullable(regionColumns.get(tableOid));
    }

    /** Whether rows expire by themselves. */
    public boolean rowsExpire(long tableOid) {
        return storageParameters.getOrDefault(tableOid, List.of()).stream()
                .anyMatch(parameter ->
                        parameter.startsWith("ttl_expire_after") || parameter.startsWith("ttl_expiration_expression"));
    }
}
