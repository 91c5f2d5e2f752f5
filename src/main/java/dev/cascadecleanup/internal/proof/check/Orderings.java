package dev.cascadecleanup.internal.proof.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Columns that are compared with each other: {@code starts_at < ends_at}. What bounds one of them bounds the others too. */
final class Orderings {

    private record Pair(String smaller, String greater, boolean strict) {}

    private final List<Pair> pairs = new ArrayList<>();

    void add(String smaller, String greater, boolean strict) {
        pairs.add(new Pair(smaller, greater, strict));
    }

    /** Passes bounds on, and gives each column its place. As many rounds as there are pairs reach the end of the longest chain. */
    void apply(Map<String, Facts> facts) {
        Map<String, Integer> below = new HashMap<>();
        Map<String, Integer> above = new HashMap<>();
        for (int round = 0; round < pairs.size(); round++) {
            for (Pair pair : pairs) {
                int step = pair.strict() ? 1 : 0;
                below.merge(pair.greater(), below.getOrDefault(pair.smaller(), 0) + step, Math::max);
                above.merge(pair.smaller(), above.getOrDefault(pair.greater(), 0) + step, Math::max);
                Facts smaller = of(facts, pair.smaller());
                Facts greater = of(facts, pair.greater());
                passOn(smaller.lower(), greater.lower());
                passOn(greater.upper(), smaller.upper());
            }
        }
        for (Pair pair : pairs) {
            for (String column : List.of(pair.smaller(), pair.greater())) {
                of(facts, column).order(new Facts.Order(below.getOrDefault(column, 0), above.getOrDefault(column, 0)));
            }
        }
    }

    /** A comparison is a fact about either column. */
    private static Facts of(Map<String, Facts> facts, String column) {
        return facts.computeIfAbsent(column, name -> new Facts());
    }

    private static void passOn(List<Facts.Bound> from, List<Facts.Bound> to) {
        from.stream().filter(bound -> !to.contains(bound)).forEach(to::add);
    }
}
