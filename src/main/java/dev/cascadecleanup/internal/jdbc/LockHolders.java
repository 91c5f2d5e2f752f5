package dev.cascadecleanup.internal.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Says who holds what a look has waited for in vain: on PostgreSQL only ACCESS EXCLUSIVE keeps somebody from reading (manual, 13.3.1). */
final class LockHolders {

    private static final int MOST_NAMED = 5;

    private LockHolders() {}

    /** Work that is given up behind a lock. */
    static <T> T named(Connection connection, Transactions.Work<T> work) throws SQLException {
        try {
            return work.run();
        } catch (SQLException e) {
            if (SqlStates.is(e, SqlStates.LOCK_NOT_AVAILABLE)) {
                throw new SQLException(words(connection, e), SqlStates.LOCK_NOT_AVAILABLE, e);
            }
            throw e;
        }
    }

    private static String words(Connection connection, SQLException cause) {
        String what =
                "gave up waiting for a table that somebody has locked; end it or wait until it has ended, and run again";
        try {
            List<String> holders = PostgresTransaction.lookWithoutNames(connection, () -> holders(connection));
            return what + (holders.isEmpty() ? "" : ". ACCESS EXCLUSIVE: " + String.join("; ", holders));
        } catch (SQLException e) {
            cause.addSuppressed(e);
            return what;
        }
    }

    /** Also who waits for it: everybody else queues behind. An index is opened, too, by whoever plans a query of its table. */
    private static List<String> holders(Connection connection) throws SQLException {
        return Sql.query(connection, """
                SELECT n.nspname, c.relname, t.relname AS of, l.granted, l.pid, a.usename, a.application_name, a.state,
                       extract(epoch FROM clock_timestamp() - a.xact_start)::numeric(20, 1)::text AS seconds
                FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid
                LEFT JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND c.relpersistence <> 't'
                AND c.relkind IN ('r', 'p', 'm', 'f', 'i', 'I')
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND l.pid IS DISTINCT FROM pg_backend_pid()
                ORDER BY i.indrelid IS NOT NULL, a.xact_start, c.oid LIMIT ?
                """, LockHolders::describe, MOST_NAMED);
    }

    private static String describe(ResultSet row) throws SQLException {
        String table =
                Identifiers.display(row.getString("nspname")) + '.' + Identifiers.display(row.getString("relname"));
        if (row.getString("of") != null) {
            table += ", an index of " + Identifiers.display(row.getString("of")) + ',';
        }
        String how = row.getBoolean("granted") ? " is held by " : " is waited for by ";
        if (row.getObject("pid") == null) {
            return table + how + "a prepared transaction (pg_prepared_xacts)";
        }
        return table + how + "pid " + row.getInt("pid")
                + (row.getString("usename") == null
                        ? ""
                        : " (" + row.getString("usename") + ", " + row.getString("application_name") + ", "
                                + row.getString("state") + ", in a transaction for " + row.getString("seconds")
                                + " s)");
    }
}
