package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many rows of each table the DELETE would take, by the look ahead.
 *
 * @param counted by table, the others have none; null if nobody has counted
 */
record Forecast(@Nullable Map<TableName, Long> counted) {

    /** Of a table that nobody can tell about. */
    static final long MANY = Long.MAX_VALUE;

    static final Forecast UNKNOWN = new Forecast(null);

    boolean isKnown() {
        return counted != null;
    }

    /** So many at least, and exactly so many where they are few; without a count as many as can be. */
    long rows(Table table) {
        return counted == null ? MANY : counted.getOrDefault(table.name(), 0L);
    }
}
