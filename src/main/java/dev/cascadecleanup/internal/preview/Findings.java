package dev.cascadecleanup.internal.preview;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

/** What is found out about one DELETE. */
final class Findings {

    /** Of what no row was looked at there is one that says so. */
    private static final Tally NOTHING = new Tally(0);

    private final int samples;
    private final Map<Family, Tally> tables = new LinkedHashMap<>();
    private final Map<Edge, Tally> links = new IdentityHashMap<>();
    private final Map<Edge, String> reasons = new HashMap<>();
    private final Set<Edge> written = new HashSet<>();
    private final Set<String> notSeen = new LinkedHashSet<>();
    private final Set<String> undecided = new LinkedHashSet<>();

    /** @param samples how many rows to keep of each kind */
    Findings(int samples) {
        this.samples = samples;
    }

    /** To count in. */
    Tally tally(Family family) {
        return tables.computeIfAbsent(family, key -> new Tally(samples));
    }

    /** To count in. */
    Tally tally(Edge edge) {
        return links.computeIfAbsent(edge, key -> new Tally(samples));
    }

    /** As far as it was counted. */
    Tally of(Family family) {
        return tables.getOrDefault(family, NOTHING);
    }

    /** As far as it was counted. */
    Tally of(Edge edge) {
        return links.getOrDefault(edge, NOTHING);
    }

    Map<Family, Tally> tables() {
        return tables;
    }

    /** Why a foreign key refuses, where that is not simply that the row is still there. */
    void reason(Edge edge, String reason) {
        if (!reason.isEmpty()) {
            // Of several the same one each time, in whichever order the rows came.
            reasons.merge(edge, reason, BinaryOperator.minBy(Comparator.naturalOrder()));
        }
    }

    String reason(Edge edge) {
        return reasons.getOrDefault(edge, "");
    }

    /** There is a row of which it may set columns. */
    void written(Edge edge) {
        written.add(edge);
    }

    boolean isWritten(Edge edge) {
        return written.contains(edge);
    }

    void notSeen(String what) {
        notSeen.add(what);
    }

    Set<String> notSeen() {
        return notSeen;
    }

    void undecided(String what) {
        undecided.add(what);
    }

    /** What an order decides, beside what {@link Tally#orderDecides} counts. */
    Set<String> undecided() {
        return new TreeSet<>(undecided);
    }
}
