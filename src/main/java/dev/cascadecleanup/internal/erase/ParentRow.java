package dev.cascadecleanup.internal.erase;

import java.util.List;

/**
 * The row of a person.
 *
 * @param values those of the primary key, as the server writes them, in its order
 */
record ParentRow(List<String> values) {

    ParentRow {
        values = List.copyOf(values);
    }

    /** The key in one piece. */
    String key() {
        return String.join(",", values);
    }
}
