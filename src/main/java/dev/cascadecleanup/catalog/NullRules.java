package dev.cascadecleanup.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What happens when a column of a foreign key is set to NULL. Not the same as whether a row may hold NULL: a NOT NULL that is NOT VALID
 * (PostgreSQL 18) forbids it from now on, while old rows may have it.
 *
 * @param forbidden the columns for which it fails for certain: NOT NULL, or a CHECK that says so
 * @param doubtful by column all that may fail, also of a forbidden one, which can be set to its default
 */
public record NullRules(Set<String> forbidden, Map<String, List<NullDoubt>> doubtful) {

    /** No column objects. */
    public static final NullRules NONE = new NullRules(Set.of(), Map.of());

    public NullRules {
        forbidden = Set.copyOf(forbidden);
        doubtful = Map.copyOf(doubtful);
    }

    /** Whether it may fail for one of these columns. */
    public boolean mayRefuse(Collection<String> columns) {
        return columns.stream().anyMatch(column -> forbidden.contains(column) || doubtful.containsKey(column));
    }
}
