package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Reads CockroachDB's {@code pg_constraint}. Everything that asks that table about foreign keys asks it here: the plan, the guard and
 * the engine.
 */
public final class CockroachConstraintReader {

    private CockroachConstraintReader() {}

    /** All foreign keys of the database. */
    static List<CockroachConstraintRow> foreignKeys(Connection connection) throws SQLException {
        return read(connection, "contype = 'f'");
    }

    /** All constraints of one table, which the server finds without making up the whole of pg_constraint. */
    public static List<CockroachConstraintRow> ofTable(Connection connection, long tableOid) throws SQLException {
        return read(connection, "conrelid = " + tableOid);
    }

    private static List<CockroachConstraintRow> read(Connection connection, String condition) throws SQLException {
        return Sql.query(connection, """
                SELECT oid, conname, conrelid, contype, confrelid, condef, confmatchtype, confdeltype, confupdtype, convalidated
                FROM pg_catalog.pg_constraint WHERE\s""" + condition, CockroachConstraintReader::of);
    }

    private static CockroachConstraintRow of(ResultSet row) throws SQLException {
        return new CockroachConstraintRow(
                row.getLong("oid"),
                row.getString("conname"),
                row.getLong("conrelid"),
                row.getString("contype").equals("f") ? Optional.of(reference(row)) : Optional.empty(),
                row.getBoolean("convalidated"));
    }

    private static CockroachConstraintRow.Reference reference(ResultSet row) throws SQLException {
        return new CockroachConstraintRow.Reference(
                row.getLong("confrelid"),
                ColumnPairs.parse(row.getString("condef")),
                MatchType.ofCode(row.getString("confmatchtype")),
                ReferentialAction.ofCode(row.getString("confdeltype")),
                ReferentialAction.ofCode(row.getString("confupdtype")));
    }
}
