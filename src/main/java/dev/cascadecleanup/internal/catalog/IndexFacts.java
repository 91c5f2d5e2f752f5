package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known of the tables whose foreign keys have no usable index, to build one.
 *
 * @param sizes by the OID of a table or partition
 * @param keys the columns of a foreign key, by its OID
 * @param partitionIndexes the usable indexes of a foreign key's partitions, by the OID of the foreign key on the partitioned table
 * @param relations whatever is called as an index of ours could be
 * @param invalid the indexes of these tables that are not valid
 * @param closedSchemas the schemas of these tables in which the role may create nothing
 * @param databaseBytes the size of the whole database, or {@link #UNKNOWN}
 */
public record IndexFacts(
        Map<Long, Size> sizes,
        Map<Long, List<Key>> keys,
        Map<Long, List<PartitionIndex>> partitionIndexes,
        List<Relation> relations,
        List<Relation> invalid,
        Set<String> closedSchemas,
        long databaseBytes) {

    /** Stands in the name of every index that this library builds. */
    public static final String MARK = "_ccidx_";

    public static final long UNKNOWN = -1;

    /**
     * A table's size, as of the last VACUUM or ANALYZE.
     *
     * @param rows how many, or {@link #UNKNOWN}
     * @param bytes without its indexes, or {@link #UNKNOWN}
     */
    public record Size(long rows, long bytes) {}

    /**
     * A column of a foreign key as the delete looks it up.
     *
     * @param column its name
     * @param cast the type that the lookup casts it to, as SQL, or null
     * @param collation the collation that the lookup compares in, as SQL, or null for the column's own
     * @param indexable whether an index over that is possible at all: the cast must be immutable
     * @param nullFraction the share of NULL, from 0 to 1, or negative if nobody has counted
     * @param width bytes of a value, on average
     */
    public record Key(
            String column,
            @Nullable String cast,
            @Nullable String collation,
            boolean indexable,
            double nullFraction,
            int width) {}

    /** A usable index of a partition. */
    public record PartitionIndex(long tableOid, String name) {}

    /**
     * A relation.
     *
     * @param name its name
     * @param tableOid the table that it is an index of; 0 if it is no index
     * @param valid whether it is an index that queries use
     */
    public record Relation(TableName name, long tableOid, boolean valid) {}

    public IndexFacts {
        sizes = Map.copyOf(sizes);
        keys = Map.copyOf(keys);
        partitionIndexes = Map.copyOf(partitionIndexes);
        relations = List.copyOf(relations);
        invalid = List.copyOf(invalid);
        closedSchemas = Set.copyOf(closedSchemas);
    }
}
