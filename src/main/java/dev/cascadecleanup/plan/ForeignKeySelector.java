package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names foreign keys in an option: {@code table.constraint} or {@code table.column}, with a schema in front where the table's
 * name alone is not enough.
 *
 * @param text the option's own words, for messages
 * @param schema the schema, or null for any
 * @param table the referencing table
 * @param member the constraint, or one of its columns
 */
public record ForeignKeySelector(String text, @Nullable String schema, String table, String member) {

    /**
     * A comma-separated list; empty for blank text.
     *
     * @throws IllegalArgumentException if it is not such a list, with the reason
     */
    public static List<ForeignKeySelector> parseList(String text) {
        return SqlNames.parse(text).stream()
                .map(entry -> {
                    if (entry.suffix() != null) {
                        throw new IllegalArgumentException("'" + entry.text() + "' takes no '='");
                    }
                    return of(entry);
                })
                .toList();
    }

    static ForeignKeySelector of(SqlNames.Entry entry) {
        List<String> parts = entry.parts();
        return switch (parts.size()) {
            case 2 -> new ForeignKeySelector(entry.text(), null, parts.get(0), parts.get(1));
            case 3 -> new ForeignKeySelector(entry.text(), parts.get(0), parts.get(1), parts.get(2));
            default ->
                throw new IllegalArgumentException("'" + entry.text()
                        + "' is not table.constraint or table.column, with or without schema. in front");
        };
    }

    /** Those of the foreign keys that are meant: by constraint name if one is called so, else by column. */
    public List<ForeignKey> select(List<ForeignKey> foreignKeys) {
        List<ForeignKey> inTable = foreignKeys.stream()
                .filter(fk -> schema == null || names(schema, fk.table().name().schema()))
                .filter(fk -> names(table, fk.table().name().name()))
                .toList();
        List<ForeignKey> byName =
                inTable.stream().filter(fk -> names(member, fk.name())).toList();
        if (!byName.isEmpty()) {
            return byName;
        }
        return inTable.stream()
                .filter(fk -> fk.columns().stream().anyMatch(column -> names(member, column)))
                .toList();
    }

    /** Whether something of this name on this table is meant. */
    public boolean names(TableName onTable, String name) {
        return (schema == null || names(schema, onTable.schema()))
                && names(table, onTable.name())
                && names(member, name);
    }

    /** As written, or folded to lower case as SQL folds a name without quotes. */
    static boolean names(String written, String stored) {
        return written.equals(stored)
                || written.toLowerCase(java.util.Locale.ROOT).equals(stored);
    }
}
