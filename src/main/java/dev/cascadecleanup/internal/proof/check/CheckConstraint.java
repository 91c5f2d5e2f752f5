package dev.cascadecleanup.internal.proof.check;

import java.util.Set;

/**
 * A condition on one row: a CHECK constraint of a table or a domain, or the bounds of partitions.
 *
 * @param name the constraint's name
 * @param definition as messages show it
 * @param sql the condition, as the server printed it and will judge it
 * @param condition the same as far as it was understood
 */
public record CheckConstraint(String name, String definition, String sql, Expression condition) {

    /** A constraint from its text. */
    public static CheckConstraint of(String name, String definition, String sql) {
        return new CheckConstraint(name, definition, sql, Expression.parse(sql));
    }

    /** The names in it that can be columns. */
    public Set<String> columns() {
        return condition.columns();
    }
}
