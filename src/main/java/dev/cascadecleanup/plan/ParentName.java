package dev.cascadecleanup.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The referenced table as an option names it.
 *
 * @param text the option's own words, for messages
 * @param schema the schema, or null to look it up on Flyway's default schema and the search path
 * @param name the table
 */
public record ParentName(String text, @Nullable String schema, String name) {

    /**
     * One or several tables, comma-separated, each {@code table} or {@code schema.table}, in SQL quoting where needed.
     *
     * @throws IllegalArgumentException if it is not such a list, with the reason
     */
    public static List<ParentName> parseList(String text) {
        List<ParentName> parents =
                SqlNames.parse(text).stream().map(ParentName::of).toList();
        if (parents.isEmpty()) {
            throw new IllegalArgumentException("names no table");
        }
        return parents;
    }

    private static ParentName of(SqlNames.Entry entry) {
        List<String> parts = entry.parts();
        if (parts.size() > 2 || entry.suffix() != null) {
            throw new IllegalArgumentException("'" + entry.text() + "' is not table or schema.table");
        }
        return new ParentName(entry.text(), parts.size() == 2 ? parts.get(0) : null, parts.get(parts.size() - 1));
    }
}
