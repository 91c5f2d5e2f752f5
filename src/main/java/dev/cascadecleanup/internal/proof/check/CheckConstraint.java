package dev.cascadecleanup.internal.proof.check;

import java.util.Set;

/**
 * A condition on one row: a CHECK constraint of a table or a domain, or the bounds of partitions.
 *
 * @param name the constraint's name
 * @param definition as messages show it
 * @param sql the condition, as the server printed it and will judge it
 * @param condition the same as far as it was understood
 * @param calls whether it calls functions, also by operators and casts, that may say something else than when a row was written: they did
 *     not come with the server, or depend on the session
 */
public record CheckConstraint(String name, String definition, String sql, Expression condition, boolean calls) {

    /** A constraint from its text, of the server's own functions alone. */
    public static CheckConstraint of(String name, String definition, String sql) {
        return of(name, definition, sql, false);
    }

    /** A constraint from its text. */
    public static CheckConstraint of(String name, String definition, String sql, boolean calls) {
        return new CheckConstraint(name, definition, sql, Expression.parse(sql), calls);
    }

    /** The names in it that can be columns. */
    public Set<String> columns() {
        return condition.columns();
    }
}
