package dev.cascadecleanup.preview;

import dev.cascadecleanup.catalog.TableName;
import java.util.Objects;

/**
 * A column that looks like a reference to the person and is in no foreign key, so that the delete leaves what it says.
 *
 * @param table its table
 * @param column its name
 * @param rows how many rows that stay hold the person's key in it; -1 if they were not counted
 * @param note why not; empty if they were
 */
public record Copy(TableName table, String column, long rows, String note) {

    public Copy {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(column, "column");
        Objects.requireNonNull(note, "note");
    }
}
