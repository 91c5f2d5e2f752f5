package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One relation's share of an index: an ordinary table has one; of a partitioned one itself and each of its partitions can have one.
 *
 * @param tableOid the relation's OID
 * @param table the relation
 * @param kind what it is
 * @param index the index's name, in the schema of the relation
 * @param parentIndex the index of the partitioned table above, which this one becomes a part of, or null
 */
public record IndexPart(
        long tableOid,
        TableName table,
        TableKind kind,
        String index,
        @Nullable TableName parentIndex) {

    public IndexPart {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(index, "index");
    }

    /** The index with its schema. */
    public TableName name() {
        return new TableName(table.schema(), index);
    }
}
