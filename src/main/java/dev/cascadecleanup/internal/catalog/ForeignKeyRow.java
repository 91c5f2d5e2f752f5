package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import java.util.ArrayList;
import java.util.List;

/** One row of {@code pg_constraint}, before its column numbers and table OIDs have been turned into names. */
record ForeignKeyRow(
        long oid,
        String name,
        long tableOid,
        long referencedOid,
        List<Integer> columns,
        List<Integer> referencedColumns,
        MatchType match,
        ReferentialAction onDelete,
        List<Integer> onDeleteColumns,
        ReferentialAction onUpdate,
        Deferrability deferrability,
        boolean validated,
        boolean enforced,
        boolean temporal,
        String comment) {

    /** The numbers of an array or an int2vector in text form: {@code {1,2}} or {@code 1 2}. */
    static List<Integer> numbers(String text) {
        if (text == null) {
            return List.of();
        }
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split("[{}, ]+")) {
            if (!part.isEmpty()) {
                numbers.add(Integer.valueOf(part));
            }
        }
        return List.copyOf(numbers);
    }
}
