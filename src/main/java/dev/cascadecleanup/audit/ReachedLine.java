package dev.cascadecleanup.audit;

import dev.cascadecleanup.plan.ReachedTable;
import java.util.List;

/**
 * A table that a delete deletes rows from.
 *
 * @param reached the table and when
 * @param way the shortest way from the parent, hop by hop, as {@code table.constraint}
 */
public record ReachedLine(ReachedTable reached, List<String> way) {

    public ReachedLine {
        way = List.copyOf(way);
    }
}
