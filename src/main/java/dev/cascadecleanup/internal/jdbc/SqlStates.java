package dev.cascadecleanup.internal.jdbc;

import java.sql.SQLException;
import java.util.Set;

/** The SQLSTATEs that decide something here (PostgreSQL manual, appendix A; CockroachDB uses the same codes). */
public final class SqlStates {

    public static final String FOREIGN_KEY_VIOLATION = "23503";
    public static final String RESTRICT_VIOLATION = "23001";
    public static final String CHECK_VIOLATION = "23514";
    public static final String LOCK_NOT_AVAILABLE = "55P03";
    public static final String QUERY_CANCELED = "57014";
    public static final String DEADLOCK_DETECTED = "40P01";
    public static final String SERIALIZATION_FAILURE = "40001";
    public static final String STATEMENT_COMPLETION_UNKNOWN = "40003";
    public static final String FEATURE_NOT_SUPPORTED = "0A000";
    public static final String OBJECT_NOT_IN_PREREQUISITE_STATE = "55000";
    public static final String DUPLICATE_OBJECT = "42710";
    public static final String UNDEFINED_OBJECT = "42704";
    public static final String INSUFFICIENT_PRIVILEGE = "42501";
    public static final String UNDEFINED_TABLE = "42P01";
    public static final String UNDEFINED_COLUMN = "42703";
    public static final String UNDEFINED_SCHEMA = "3F000";
    public static final String UNIQUE_VIOLATION = "23505";
    public static final String NOT_NULL_VIOLATION = "23502";
    public static final String CONNECTION_DOES_NOT_EXIST = "08003";
    /** CockroachDB's "internal or uncategorised", sent among others when a schema change's job was cancelled. */
    public static final String COCKROACH_UNCATEGORISED = "XXUUU";

    private static final Set<String> GONE =
            Set.of(UNDEFINED_TABLE, UNDEFINED_COLUMN, UNDEFINED_OBJECT, UNDEFINED_SCHEMA);
    private static final Set<String> LOST_A_LOCK = Set.of(LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED, SERIALIZATION_FAILURE);

    private SqlStates() {}

    /** Whether the statement lost against another session, so that the same statement may succeed later. */
    public static boolean isLockConflict(SQLException e) {
        return LOST_A_LOCK.contains(String.valueOf(e.getSQLState()));
    }

    /** Whether the statement took longer than it may, or lost against another session. */
    public static boolean isGivenUp(SQLException e) {
        return is(e, QUERY_CANCELED) || isLockConflict(e);
    }

    /** Whether a name in the statement means nothing any more. */
    public static boolean isUndefined(SQLException e) {
        return GONE.contains(String.valueOf(e.getSQLState()));
    }

    /** Whether the exception carries this SQLSTATE. */
    public static boolean is(SQLException e, String state) {
        return state.equals(e.getSQLState());
    }

    /** Whether the connection itself is gone (class 08, or the server ended the session: 57P01 to 57P05, 25P03, 25P04). */
    public static boolean isConnectionLost(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || state.startsWith("57P") || state.equals("25P03") || state.equals("25P04");
    }
}
