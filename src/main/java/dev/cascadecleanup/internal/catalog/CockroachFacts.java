package dev.cascadecleanup.internal.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What CockroachDB alone has.
 *
 * @param storageParameters the parameters of tables, {@code name=value}, by OID; those without any are left out
 * @param regionColumns the column that says the region of a row, by the OID of a table that is REGIONAL BY ROW
 * @param uniqueColumns the columns of each unique index, in its order, by the table's OID
 * @param settings what sessions of this role begin with
 */
public record CockroachFacts(
        Map<Long, List<String>> storageParameters,
        Map<Long, String> regionColumns,
        Map<Long, List<List<String>>> uniqueColumns,
        SessionDefaults settings) {

    /**
     * What sessions of a role begin with.
     *
     * @param isolation the isolation level
     * @param cascadesLimit how many cascades one statement may run, {@code foreign_key_cascades_limit}; 0 where there is no limit
     */
    public record SessionDefaults(String isolation, int cascadesLimit) {}

    /** Nothing: of PostgreSQL, or not asked for. */
    public static final CockroachFacts NONE =
            new CockroachFacts(Map.of(), Map.of(), Map.of(), new SessionDefaults("serializable", 0));

    public CockroachFacts {
        storageParameters = Map.copyOf(storageParameters);
        regionColumns = Map.copyOf(regionColumns);
        uniqueColumns = Map.copyOf(uniqueColumns);
    }

    /** The value of a parameter of a table, without quotes. */
    public Optional<String> storageParameter(long tableOid, String name) {
        return storageParameters.getOrDefault(tableOid, List.of()).stream()
                .filter(parameter -> parameter.startsWith(name + "=") || parameter.startsWith(name + " ="))
                .map(parameter ->
                        parameter.substring(parameter.indexOf('=') + 1).strip().replaceAll("^'|'$", ""))
                .findFirst();
    }

    /**
     * The unique index that these columns of a table reference, where it has them in another order.
     *
     * @param columns as the foreign key lists them
     */
    public Optional<List<String>> uniqueInOtherOrder(long tableOid, List<String> columns) {
        List<List<String>> unique = uniqueColumns.getOrDefault(tableOid, List.of());
        return unique.contains(columns)
                ? Optional.empty()
                : unique.stream()
                        .filter(each -> each.size() == columns.size() && each.containsAll(columns))
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
