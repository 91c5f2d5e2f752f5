package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.value.SqlType;
import org.jspecify.annotations.Nullable;

/**
 * What an INSERT says for one column.
 *
 * @param sql the expression
 * @param text its value as text, or null where only the server knows it, and for NULL
 */
record Cell(String sql, @Nullable String text) {

    static final Cell NULL = new Cell("NULL", null);
    static final Cell DEFAULT = new Cell("DEFAULT", null);

    static Cell text(@Nullable String value) {
        return value == null ? NULL : new Cell(Identifiers.literal(value), value);
    }

    static Cell expression(String sql) {
        return new Cell('(' + sql + ')', null);
    }

    boolean isNull() {
        return this == NULL;
    }

    /** For an INSERT. CockroachDB does not read every constant as the column's type by itself. */
    String sqlInto(Column column) {
        boolean cast = text != null
                && (column.type().plain() instanceof SqlType.Array
                        || (column.type().plain() instanceof SqlType.Scalar scalar
                                && scalar.name().equals("oid")));
        return cast ? "CAST(" + sql + " AS " + column.type().sql() + ')' : sql;
    }

    /** For a SELECT that looks at the row before it is inserted: DEFAULT means nothing there. */
    String sqlFor(Column column) {
        String value = this != DEFAULT ? sql : column.defaultSql() == null ? "NULL" : '(' + column.defaultSql() + ')';
        return "CAST(" + value + " AS " + column.type().plain().sql() + ')';
    }
}
