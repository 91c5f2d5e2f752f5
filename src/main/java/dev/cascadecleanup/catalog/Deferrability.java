package dev.cascadecleanup.catalog;

/** Whether and when the check of a constraint may wait for the end of the transaction (PostgreSQL manual, CREATE TABLE). */
public enum Deferrability {
    NOT_DEFERRABLE("NOT DEFERRABLE"),
    INITIALLY_IMMEDIATE("DEFERRABLE INITIALLY IMMEDIATE"),
    INITIALLY_DEFERRED("DEFERRABLE INITIALLY DEFERRED");

    private final String sql;

    Deferrability(String sql) {
        this.sql = sql;
    }

    /** The clause as SQL. */
    public String sql() {
        return sql;
    }

    public static Deferrability of(boolean deferrable, boolean initiallyDeferred) {
        if (!deferrable) {
            return NOT_DEFERRABLE;
        }
        return initiallyDeferred ? INITIALLY_DEFERRED : INITIALLY_IMMEDIATE;
    }
}
