package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.internal.engine.postgres.QueryText;
import dev.cascadecleanup.internal.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A transaction that is open on some client session of CockroachDB.
 *
 * @param id its ID
 * @param sessionId the session's ID, as CANCEL SESSION takes it
 * @param seconds how long it has been open
 * @param session who that is
 */
record OpenTransaction(String id, String sessionId, long seconds, String session) {

    /**
     * Those that have been open for this long. For roles with admin or VIEWACTIVITY; fails for others, and on servers that close
     * {@code crdb_internal}. Which tables a transaction has used is not to be had.
     */
    static List<OpenTransaction> olderThan(Connection connection, Duration age, String exceptSession)
            throws SQLException {
        Map<String, String> sessions = new HashMap<>();
        Sql.query(
                connection,
                """
                SELECT session_id, user_name, client_address, application_name, active_queries, last_active_query
                FROM crdb_internal.cluster_sessions
                """,
                row -> sessions.put(
                        row.getString("session_id"),
                        describeSession(
                                row.getString("user_name"),
                                row.getString("application_name"),
                                row.getString("client_address"),
                                row.getString("active_queries"),
                                row.getString("last_active_query"))));
        List<OpenTransaction> transactions = new ArrayList<>();
        Sql.forEach(connection, """
                SELECT id, session_id, extract(epoch FROM (now() AT TIME ZONE 'UTC') - start)::int8 AS seconds
                FROM crdb_internal.cluster_transactions
                """, row -> {
            OpenTransaction transaction = new OpenTransaction(
                    row.getString("id"),
                    row.getString("session_id"),
                    row.getLong("seconds"),
                    sessions.getOrDefault(row.getString("session_id"), ""));
            if (transaction.seconds() >= age.toSeconds() && !exceptSession.equals(transaction.sessionId())) {
                transactions.add(transaction);
            }
        });
        return transactions;
    }

    /** For messages. */
    public String describe() {
        return "the transaction of session " + sessionId + session + ", open for " + seconds + " s";
    }

    private static String describeSession(String user, String application, String address, String active, String last) {
        String query = active == null || active.isEmpty() ? last : active;
        return " (" + user + (application == null || application.isEmpty() ? "" : ", " + application) + ", " + address
                + (query == null || query.isEmpty() ? "" : ", " + QueryText.excerpt(query)) + ")";
    }
}
