package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Identifiers;

/** Writes the clauses of ALTER TABLE that are about foreign keys. The only place that does. */
public final class ConstraintSql {

    private ConstraintSql() {}

    /** {@code ADD CONSTRAINT "c" FOREIGN KEY ...}, without {@code NOT VALID}. What is a default of both databases is left out. */
    public static String add(String name, ForeignKeyDefinition definition) {
        return add(name, definition, false);
    }

    /**
     * The same.
     *
     * @param byPrimaryKey whether it is to stand on the index of the primary key whatever other unique indexes there are: PostgreSQL takes the
     *     oldest index of the columns that are named, and the primary key where none are
     */
    public static String add(String name, ForeignKeyDefinition definition, boolean byPrimaryKey) {
        StringBuilder sql = new StringBuilder("ADD CONSTRAINT ")
                .append(Identifiers.quote(name))
                .append(" FOREIGN KEY (")
                .append(Identifiers.quoteAll(definition.columns()))
                .append(") REFERENCES ")
                .append(definition.referencedTable().quoted());
        if (!byPrimaryKey) {
            sql.append(" (")
                    .append(Identifiers.quoteAll(definition.referencedColumns()))
                    .append(')');
        }
        if (definition.match() != MatchType.SIMPLE) {
            sql.append(" MATCH ").append(definition.match().name());
        }
        if (definition.onDelete() != ReferentialAction.NO_ACTION) {
            sql.append(" ON DELETE ").append(definition.onDelete().sql());
            if (!definition.onDeleteColumns().isEmpty()) {
                sql.append(" (")
                        .append(Identifiers.quoteAll(definition.onDeleteColumns()))
                        .append(')');
            }
        }
        if (definition.onUpdate() != ReferentialAction.NO_ACTION) {
            sql.append(" ON UPDATE ").append(definition.onUpdate().sql());
        }
        if (definition.deferrability() != Deferrability.NOT_DEFERRABLE) {
            sql.append(' ').append(definition.deferrability().sql());
        }
        return sql.toString();
    }

    /** {@code DROP CONSTRAINT "c"}. */
    public static String drop(String name) {
        return "DROP CONSTRAINT " + Identifiers.quote(name);
    }

    /** {@code RENAME CONSTRAINT "a" TO "b"}. */
    public static String rename(String from, String to) {
        return "RENAME CONSTRAINT " + Identifiers.quote(from) + " TO " + Identifiers.quote(to);
    }

    /** {@code VALIDATE CONSTRAINT "c"}. */
    public static String validate(String name) {
        return "VALIDATE CONSTRAINT " + Identifiers.quote(name);
    }

    /** {@code ALTER TABLE "s"."t" } and the clauses. */
    public static String alter(TableName table, String... clauses) {
        return "ALTER TABLE " + table.quoted() + ' ' + String.join(", ", clauses);
    }

    /** {@code COMMENT ON CONSTRAINT}. */
    public static String comment(TableName table, String name, String comment) {
        return "COMMENT ON CONSTRAINT " + Identifiers.quote(name) + " ON " + table.quoted() + " IS "
                + Identifiers.literal(comment);
    }
}
