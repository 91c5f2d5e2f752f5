package dev.cascadecleanup.internal.journal;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.plan.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A table of ours: whether it is there, and whether a role may use it. */
record JournalAccess(Connection connection, TableName table) {

    /** Whether it is there. */
    boolean exists() throws SQLException {
        if (connection.getAutoCommit()) {
            return resolves();
        }
        return Sql.queryFirst(connection, """
                SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND c.relkind = 'r'
                """, row -> row.getLong(1), table.schema(), table.name())
                .isPresent();
    }

    /**
     * The same outside a transaction, as on CockroachDB, which takes up to half a second for a name in pg_class and a millisecond
     * for this. Inside one the error would be its end.
     */
    private boolean resolves() throws SQLException {
        try {
            Sql.forEach(connection, "SELECT " + Identifiers.literal(table.quoted()) + "::regclass", row -> {});
            return true;
        } catch (SQLException e) {
            if (!SqlStates.isUndefined(e)) {
                throw e;
            }
            return false;
        }
    }

    /** What the role lacks to keep the journal, on PostgreSQL. */
    List<Problem> missingPrivileges(String role) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        Sql.forEach(
                connection,
                """
                SELECT has_schema_privilege(n.oid, 'USAGE') AS usable, c.oid IS NOT NULL OR has_schema_privilege(n.oid, 'CREATE') AS creatable,
                       c.oid IS NULL OR (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                                         AND has_table_privilege(c.oid, 'UPDATE')) AS writable
                FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = ? AND c.relkind = 'r'
                WHERE n.nspname = ?
                """,
                row -> {
                    String onSchema = " ON SCHEMA " + Identifiers.quote(table.schema());
                    check(problems, row.getBoolean("usable"), role, "USAGE", onSchema);
                    check(problems, row.getBoolean("creatable"), role, "CREATE", onSchema);
                    check(
                            problems,
                            row.getBoolean("writable"),
                            role,
                            "SELECT, INSERT, UPDATE",
                            " ON TABLE " + table.quoted());
                },
                table.name(),
                table.schema());
        return problems;
    }

    private void check(List<Problem> problems, boolean granted, String role, String privilege, String object) {
        if (!granted) {
            problems.add(new Problem(
                    "the role " + role + " lacks " + privilege + object + ", which the journal " + table + " needs",
                    "GRANT " + privilege + object + " TO " + Identifiers.quote(role)));
        }
    }
}
