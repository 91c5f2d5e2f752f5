package dev.cascadecleanup.internal.catalog;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a foreign key, by name.
 *
 * @param columns the referencing columns in order
 * @param referencedColumns the columns that they reference
 */
public record ColumnPairs(List<String> columns, List<String> referencedColumns) {

    public ColumnPairs {
        columns = List.copyOf(columns);
        referencedColumns = List.copyOf(referencedColumns);
    }

    /**
     * Those in CockroachDB's {@code pg_constraint.condef}, {@code FOREIGN KEY (a, "b c") REFERENCES s.t(x, y) ...}; empty if the text
     * is anything else. The numbers in {@code conkey} and {@code confkey} do not lead to names there: they are column IDs, which
     * differ from {@code pg_attribute.attnum} once ALTER COLUMN TYPE has rewritten a column (cockroachdb/cockroach#174715).
     */
    public static Optional<ColumnPairs> parse(@Nullable String condef) {
        if (condef == null) {
            return Optional.empty();
        }
        DefinitionText text = new DefinitionText(condef);
        if (!text.skip("FOREIGN KEY ")) {
            return Optional.empty();
        }
        List<String> columns = text.names();
        if (columns == null || !text.skip(" REFERENCES ") || text.qualifiedName() == null) {
            return Optional.empty();
        }
        List<String> referenced = text.names();
        return referenced == null || referenced.size() != columns.size()
                ? Optional.empty()
                : Optional.of(new ColumnPairs(columns, referenced));
    }
}
