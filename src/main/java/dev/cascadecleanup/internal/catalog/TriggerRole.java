package dev.cascadecleanup.internal.catalog;

/**
 * What one of the four triggers behind a foreign key is for. The triggers' names change with every swap and the functions
 * with the action; the role stays.
 */
public enum TriggerRole {
    CHECK_INSERT,
    CHECK_UPDATE,
    ON_DELETE,
    ON_UPDATE;

    /** The role of a trigger that calls this function, {@code RI_FKey_check_ins} or {@code RI_FKey_cascade_del}, say. */
    public static TriggerRole ofFunction(String function) {
        if (function.equals("RI_FKey_check_ins")) {
            return CHECK_INSERT;
        }
        if (function.equals("RI_FKey_check_upd")) {
            return CHECK_UPDATE;
        }
        return function.endsWith("_del") ? ON_DELETE : ON_UPDATE;
    }
}
