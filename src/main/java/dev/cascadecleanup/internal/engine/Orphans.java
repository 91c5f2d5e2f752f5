package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows that a foreign key would not let in but that are there. */
public final class Orphans {

    private Orphans() {}

    /**
     * How many there are. Reads both tables, under no lock that stops anybody.
     *
     * @param operators the equality of each column, as {@link #operators} gives them
     */
    public static long count(Connection connection, ForeignKey fk, List<String> operators) throws SQLException {
        return count(connection, fk.table().name(), fk.definition(), operators);
    }

    /** The same for a foreign key that is described only, by the equality of the search path. */
    public static long count(Connection connection, TableName table, ForeignKeyDefinition fk) throws SQLException {
        return count(connection, table, fk, List.of());
    }

    /** The query that lists them. */
    public static String query(ForeignKey fk, List<String> operators) {
        return "SELECT c.* " + fromClause(fk.table().name(), fk.definition(), operators);
    }

    /** The same for a foreign key that is described only. */
    public static String query(TableName table, ForeignKeyDefinition fk) {
        return "SELECT c.* " + fromClause(table, fk, List.of());
    }

    /**
     * The operators that a foreign key of PostgreSQL compares with ({@code pg_constraint.conpfeqop}). Those of an extension's type,
     * citext say, lie in its schema, and no search path is to be trusted with finding them.
     */
    public static List<String> operators(Connection connection, long constraintOid) throws SQLException {
        return Sql.query(
                connection,
                """
                SELECT n.nspname, o.oprname
                FROM pg_constraint c, unnest(c.conpfeqop) WITH ORDINALITY k(operator, place)
                JOIN pg_operator o ON o.oid = k.operator
                JOIN pg_namespace n ON n.oid = o.oprnamespace
                WHERE c.oid = ? ORDER BY k.place
                """,
                row -> row.getString("nspname").equals("pg_catalog")
                        ? row.getString("oprname")
                        : "OPERATOR(" + Identifiers.quote(row.getString("nspname")) + '.' + row.getString("oprname")
                                + ')',
                constraintOid);
    }

    private static long count(Connection connection, TableName table, ForeignKeyDefinition fk, List<String> operators)
            throws SQLException {
        return Sql.queryFirst(connection, "SELECT count(*) " + fromClause(table, fk, operators), row -> row.getLong(1))
                .orElse(0L);
    }

    private static String fromClause(TableName table, ForeignKeyDefinition fk, List<String> operators) {
        List<String> columns = fk.columns();
        List<String> referenced = fk.referencedColumns();
        List<String> pairs = new ArrayList<>();
        List<String> present = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            String operator = operators.isEmpty() ? "=" : operators.get(i);
            pairs.add("p." + Identifiers.quote(referenced.get(i)) + ' ' + operator + " c."
                    + Identifiers.quote(columns.get(i)));
            present.add("c." + Identifiers.quote(columns.get(i)) + " IS NOT NULL");
        }
        // MATCH SIMPLE lets a row pass as soon as one column is NULL, MATCH FULL only when all are.
        String checked = String.join(fk.match() == MatchType.FULL ? " OR " : " AND ", present);
        return "FROM " + table.quoted() + " c LEFT JOIN " + fk.referencedTable().quoted()
                + " p ON " + String.join(" AND ", pairs) + " WHERE (" + checked + ") AND p."
                + Identifiers.quote(referenced.get(0)) + " IS NULL";
    }
}
