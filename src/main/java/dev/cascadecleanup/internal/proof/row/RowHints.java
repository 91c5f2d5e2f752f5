package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.catalog.Table;
import org.jspecify.annotations.Nullable;

/** What somebody who knows the schema says about columns. */
@FunctionalInterface
public interface RowHints {

    /** No hints. */
    RowHints NONE = (table, column) -> null;

    /** The SQL expression to insert, or null where nothing was said. */
    @Nullable
    String expression(Table table, String column);
}
