package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many cascades one DELETE of a parent row can need on CockroachDB: it runs one for each foreign key of each table in which a
 * cascade has changed rows, so that a table that can be come to in two ways counts twice, and all below it. Counted up to a limit.
 */
final class CascadeCount {

    private final Map<Long, List<Link>> byReferenced;
    private final int limit;
    private final Map<Long, Integer> known = new HashMap<>();
    private final Set<Long> above = new HashSet<>();
    private boolean endless;
    private final int count;

    private CascadeCount(Reach reach, int limit) {
        this.limit = limit;
        this.byReferenced = reach.links().stream()
                .collect(Collectors.groupingBy(
                        link -> link.foreignKey().referencedTable().oid()));
        this.count = below(reach.parent().oid());
    }

    /** @param limit up to which it is counted */
    static CascadeCount of(Reach reach, int limit) {
        return new CascadeCount(reach, limit);
    }

    /** Whether cascades lead back to a table, so that the rows decide how many there are. */
    boolean endless() {
        return endless;
    }

    boolean exceedsLimit() {
        return count > limit;
    }

    private int below(long table) {
        if (!above.add(table)) {
            endless = true;
            return 0;
        }
        Integer before = known.get(table);
        int sum = 0;
        if (before == null) {
            for (Link link : byReferenced.getOrDefault(table, List.of())) {
                int more = switch (link.effect()) {
                    case DELETED -> 1 + below(link.foreignKey().table().oid());
                    case SET_NULL, SET_DEFAULT -> 1;
                    case CHECKED, LEFT_BEHIND -> 0;
                };
                sum = Math.min(sum + more, limit + 1);
            }
            known.put(table, sum);
        } else {
            sum = before;
        }
        above.remove(table);
        return sum;
    }
}
