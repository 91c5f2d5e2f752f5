package dev.cascadecleanup.internal.jdbc;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;

/** What a server's error means where its own words do not tell. */
public final class SqlErrors {

    /** What to do about a pooler that gives each transaction to another session. */
    public static final String POOLER_REMEDY =
            "Connect to the server directly, or to the pooler in session mode, and run again";

    private static final String PREPARED_STATEMENT_UNKNOWN = "26000";
    private static final String PREPARED_STATEMENT_EXISTS = "42P05";
    private static final Set<String> OF_A_POOLER = Set.of(PREPARED_STATEMENT_UNKNOWN, PREPARED_STATEMENT_EXISTS);

    private SqlErrors() {}

    /** The error in words, without a full stop. */
    public static String describe(SQLException e) {
        if (OF_A_POOLER.contains(String.valueOf(e.getSQLState()))) {
            return words(e)
                    + ". A pooler in transaction mode is between here and the server, and gives a statement to"
                    + " another session than the one that has prepared it. " + POOLER_REMEDY;
        }
        return words(e);
    }

    private static String words(SQLException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }
}
