package dev.cascadecleanup.internal.journal;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The foreign key that a journal row is about, as it is today.
 *
 * @param entry the row
 * @param foreignKey the foreign key
 */
public record JournalMatch(JournalEntry entry, ForeignKey foreignKey) {

    /** What the foreign key was before, in the names of today. */
    public ForeignKeyDefinition before() {
        return inNamesOfToday(entry.before());
    }

    /** What the conversion made of it, in the names of today. */
    public ForeignKeyDefinition after() {
        return inNamesOfToday(entry.after());
    }

    /** Whether it is, but for validation, what the conversion made of it. */
    public boolean isAsConverted() {
        return foreignKey.definition().equalsExceptValidation(after());
    }

    /** Whether it already is what it was before, in everything. */
    public boolean isAsBefore() {
        return foreignKey.definition().equals(before())
                && foreignKey.triggerStates().equals(entry.triggerStates())
                && Objects.equals(foreignKey.comment(), entry.comment());
    }

    /** How its names differ from those in the journal, or null. */
    public @Nullable String renamed() {
        boolean same = foreignKey.name().equals(entry.name())
                && foreignKey.table().name().equals(entry.table())
                && foreignKey.columns().equals(entry.before().columns())
                && foreignKey
                        .definition()
                        .referencedTable()
                        .equals(entry.before().referencedTable());
        return same ? null : entry.table() + "." + entry.name() + " is now called " + foreignKey;
    }

    private ForeignKeyDefinition inNamesOfToday(ForeignKeyDefinition then) {
        ForeignKeyDefinition now = foreignKey.definition();
        if (now.columns().size() != then.columns().size()) {
            return then;
        }
        List<String> onDeleteColumns = new ArrayList<>();
        for (String column : then.onDeleteColumns()) {
            onDeleteColumns.add(now.columns().get(then.columns().indexOf(column)));
        }
        return new ForeignKeyDefinition(
                now.columns(),
                now.referencedTable(),
                now.referencedColumns(),
                then.match(),
                then.onDelete(),
                onDeleteColumns,
                then.onUpdate(),
                then.deferrability(),
                then.validated(),
                then.enforced());
    }
}
