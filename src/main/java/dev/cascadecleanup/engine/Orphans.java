package dev.cascadecleanup.engine;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.jdbc.Identifiers;
import dev.cascadecleanup.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows that a foreign key would not let in but that are there. */
final class Orphans {

    private Orphans() {
    }

    /** How many there are. Reads both tables, under no lock that stops anybody. */
    static long count(Connection connection, ForeignKey fk) throws SQLException {
        return count(connection, fk.table().name(), fk.definition());
    }

    /** The same for a foreign key that is described only. */
    static long count(Connection connection, TableName table, ForeignKeyDefinition fk) throws SQLException {
        return Sql.queryFirst(connection, "SELECT count(*) " + fromClause(table, fk), row -> row.getLong(1)).orElse(0L);
    }

    /** The query that lists them. */
    static String query(ForeignKey fk) {
        return query(fk.table().name(), fk.definition());
    }

    /** The same for a foreign key that is described only. */
    static String query(TableName table, ForeignKeyDefinition fk) {
        return "SELECT c.* " + fromClause(table, fk);
    }

    private static String fromClause(TableName table, ForeignKeyDefinition fk) {
        List<String> columns = fk.columns();
        List<String> referenced = fk.referencedColumns();
        List<String> pairs = new ArrayList<>();
        List<String> present = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            pairs.add("p." + Identifiers.quote(referenced.get(i)) + " = c." + Identifiers.quote(columns.get(i)));
            present.add("c." + Identifiers.quote(columns.get(i)) + " IS NOT NULL");
        }
        // MATCH SIMPLE lets a row pass as soon as one column is NULL, MATCH FULL only when all are.
        String checked = String.join(fk.match() == MatchType.FULL ? " OR " : " AND ", present);
        return "FROM " + table.quoted() + " c LEFT JOIN " + fk.referencedTable().quoted()
                + " p ON " + String.join(" AND ", pairs) + " WHERE (" + checked + ") AND p."
                + Identifiers.quote(referenced.get(0)) + " IS NULL";
    }
}
