package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many rows refuse the delete over an open link today, or are lost to somebody else by it.
 *
 * @param foreignKey the link's foreign key
 * @param rows their number, or null if they were not counted
 * @param note why not; empty if they were
 */
public record OpenRows(ForeignKey foreignKey, @Nullable Long rows, String note) {

    public OpenRows {
        Objects.requireNonNull(foreignKey, "foreignKey");
        Objects.requireNonNull(note, "note");
    }

    @Override
    public String toString() {
        return rows == null ? note : rows + (rows == 1 ? " row today" : " rows today");
    }
}
