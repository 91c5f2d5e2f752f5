package dev.cascadecleanup.preview;

import dev.cascadecleanup.catalog.TableName;
import java.util.List;
import java.util.Objects;

/**
 * What happens in one table. A partitioned table counts with all its partitions.
 *
 * @param table the table
 * @param way the tables over which the delete comes here, the parent first, joined with {@code " > "}
 * @param deleted rows that go
 * @param detached rows that stay and lose a reference (SET NULL, SET DEFAULT)
 * @param refusing rows that make the delete fail, or may where an order decides
 * @param leftBehind rows that stay and reference what is gone (NOT ENFORCED, trigger switched off)
 * @param bytes about how many bytes the rows that go take, without indexes; -1 where the server does not tell
 * @param keys the primary keys of a few of the rows that go, then of those that are detached
 */
public record TablePreview(
        TableName table,
        String way,
        long deleted,
        long detached,
        long refusing,
        long leftBehind,
        long bytes,
        List<String> keys) {

    public TablePreview {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(way, "way");
        keys = List.copyOf(keys);
    }
}
