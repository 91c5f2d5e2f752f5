package dev.cascadecleanup.audit;

import dev.cascadecleanup.plan.Link;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A foreign key on a reached table.
 *
 * @param link what it does
 * @param refusing the rows that refuse because of it, or null where none can or all do
 */
public record LinkLine(Link link, @Nullable RowCount refusing) {

    public LinkLine {
        Objects.requireNonNull(link, "link");
    }
}
