package dev.cascadecleanup.internal.proof.row;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** Combines the candidates of several columns, the best of each first. */
final class Proposals {

    private Proposals() {}

    /** At most this many combinations, in the order of how far down their candidates' lists they reach. */
    static List<Map<String, Cell>> combine(Map<String, List<Cell>> candidates, int most) {
        List<String> columns = List.copyOf(candidates.keySet());
        List<Map<String, Cell>> combinations = new ArrayList<>();
        if (candidates.values().stream().anyMatch(List::isEmpty)) {
            return combinations;
        }
        PriorityQueue<List<Integer>> open = new PriorityQueue<>(Comparator.<List<Integer>>comparingInt(
                places -> places.stream().mapToInt(Integer::intValue).sum()));
        Set<List<Integer>> seen = new HashSet<>();
        List<Integer> first = columns.stream().map(column -> 0).toList();
        open.add(first);
        seen.add(first);
        while (!open.isEmpty() && combinations.size() < most) {
            List<Integer> places = open.poll();
            Map<String, Cell> combination = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                List<Cell> cells = candidates.getOrDefault(columns.get(i), List.of());
                combination.put(columns.get(i), cells.get(places.get(i)));
                if (places.get(i) + 1 < cells.size()) {
                    List<Integer> next = new ArrayList<>(places);
                    next.set(i, places.get(i) + 1);
                    if (seen.add(List.copyOf(next))) {
                        open.add(next);
                    }
                }
            }
            combinations.add(combination);
        }
        return combinations;
    }
}
