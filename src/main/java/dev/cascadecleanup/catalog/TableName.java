package dev.cascadecleanup.catalog;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.Comparator;
import java.util.Objects;

/** The name of a table with its schema, both as the catalog stores them. */
public record TableName(String schema, String name) implements Comparable<TableName> {

    private static final Comparator<TableName> ORDER =
            Comparator.comparing(TableName::schema).thenComparing(TableName::name);

    public TableName {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(name, "name");
    }

    /** For statements: both parts quoted. */
    public String quoted() {
        return Identifiers.quote(schema) + '.' + Identifiers.quote(name);
    }

    @Override
    public int compareTo(TableName other) {
        return ORDER.compare(this, other);
    }

    /** For messages: quoted only where needed, and without the schema {@code public}. */
    @Override
    public String toString() {
        String table = Identifiers.display(name);
        return schema.equals("public") ? table : Identifiers.display(schema) + '.' + table;
    }
}
