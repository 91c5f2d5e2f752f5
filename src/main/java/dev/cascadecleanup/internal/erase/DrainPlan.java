package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Table;
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

    /** How many units a table has. */
    int units(Table table) {
        return (int) units.stream().filter(unit -> unit.table().equals(table)).count();
    }

    /** How many different tables there are to look at. */
    int tables() {
        return (int) units.stream().map(unit -> unit.table().oid()).distinct().count();
    }
}
