package dev.cascadecleanup.internal.erase;

import java.util.List;

/**
 * What to take apart, from the leaves up.
 *
 * @param units in this order
 * @param left tables that are left to the one DELETE, each with the reason
 */
record DrainPlan(List<DrainUnit> units, List<String> left) {

    DrainPlan {
        units = List.copyOf(units);
        left = List.copyOf(left);
    }

    /** How many different tables there are to look at. */
    int tables() {
        return (int) units.stream().map(unit -> unit.table().oid()).distinct().count();
    }
}
