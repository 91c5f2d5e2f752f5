package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.Objects;

/**
 * A trigger, a rule, or what else stands in the way of a delete: of a table whose rows go, or whose rows lose their reference.
 *
 * @param table the table
 * @param name its name
 * @param description what it is and when it fires
 * @param swallows whether it keeps the rows for certain, so that they are left behind; else what its code does cannot be seen
 * @param accepted whether {@code cascade_accept} names it; never where it keeps the rows for certain
 */
public record Interceptor(Table table, String name, String description, boolean swallows, boolean accepted) {

    public Interceptor {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
    }

    /** {@code table.trigger}, as {@code cascade_accept} takes it. */
    public String qualifiedName() {
        return table.name() + "." + Identifiers.display(name);
    }

    @Override
    public String toString() {
        return qualifiedName() + ": " + description
                + (swallows
                        ? ": the delete fails, or its rows stay behind"
                        : accepted
                                ? ": it may stop the delete, keep a row, or write rows; accepted by you, not judged"
                                : ": it may stop the delete, keep a row, or write rows; its code is not seen here: read it, then name "
                                        + qualifiedName() + " in cascade_accept");
    }
}
