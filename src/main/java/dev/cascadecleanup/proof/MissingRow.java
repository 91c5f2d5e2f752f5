package dev.cascadecleanup.proof;

import dev.cascadecleanup.catalog.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that could not be made.
 *
 * @param table the table
 * @param reason what the server said, or why it was not even tried
 * @param constraint the constraint that stood in the way, with its definition, or null
 * @param tried what was tried, one INSERT's values each
 * @param hint what to add to the hints, or null
 */
public record MissingRow(
        TableName table,
        String reason,
        @Nullable String constraint,
        List<String> tried,
        @Nullable String hint) {

    public MissingRow {
        tried = List.copyOf(tried);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(table + ": " + reason);
        if (constraint != null) {
            text.append(System.lineSeparator()).append("      constraint: ").append(constraint);
        }
        tried.forEach(values ->
                text.append(System.lineSeparator()).append("      tried: ").append(values));
        if (hint != null) {
            text.append(System.lineSeparator()).append("      hint: ").append(hint);
        }
        return text.toString();
    }
}
