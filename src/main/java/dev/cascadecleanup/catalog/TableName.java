package dev.cascadecleanup.catalog;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import java.util.Objects;

/** The name of a table with its schema, both as the catalog stores them. */
public record TableName(String schema, String name) implements Comparable<TableName> {

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
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    /** For messages: quoted only where needed, and without the schema {@code public}. */
    @Override
    public String toString() {
        String table = Identifiers.display(name);
        return schema.equals("public") ? table : Identifiers.display(schema) + '.' + table;
    }
}
