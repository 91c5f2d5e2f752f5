package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows the cascades from the people outward, pass by pass, and keeps which rows go and when. Tables that nothing references are left
 * out: their rows take nothing along.
 */
final class Walk {

    static final int CHUNK = 5_000;

    private final Product product;
    private final Model model;
    private final RowReader reader;
    private final Rules rules;
    private final Progress progress;
    private final Map<Long, RowSet> gone = new LinkedHashMap<>();
    private final Map<Family, Edge> entries = new HashMap<>();
    private final Set<Family> uncertain = new HashSet<>();
    private long rows;

    Walk(Product product, Model model, RowReader reader, Rules rules, Progress progress) {
        this.product = product;
        this.model = model;
        this.reader = reader;
        this.rules = rules;
        this.progress = progress;
    }

    /** The people themselves. */
    void start(List<RowReader.Id> people, List<Family> sources) {
        for (Family family : sources) {
            for (RowReader.Id person : people) {
                if (family.heaps().containsKey(person.heap())) {
                    add(family, person, 0);
                }
            }
        }
    }

    /** Goes on until nothing more goes, or until so many rows are found; 0 for no limit. */
    boolean run(long limit) throws SQLException {
        Map<Long, Integer> done = new HashMap<>();
        for (int pass = 1; ; pass++) {
            boolean any = false;
            for (Long heap : List.copyOf(gone.keySet())) {
                int from = done.getOrDefault(heap, 0);
                int to = gone.get(heap).countUpTo(pass - 1);
                done.put(heap, to);
                for (Edge edge : to > from ? model.on(heap) : List.<Edge>of()) {
                    if (edge.cascades() && rules.isInner(edge.child())) {
                        any = true;
                        if (!follow(edge, heap, from, to, pass, limit)) {
                            return false;
                        }
                    }
                }
            }
            if (!any) {
                return true;
            }
        }
    }

    private boolean follow(Edge edge, long heap, int from, int to, int pass, long limit) throws SQLException {
        progress.at(edge.child().root().name());
        Table table = edge.referenced().heaps().get(heap);
        List<Edge> others = rules.isDelicate(edge.child()) ? rules.judged(edge.child()) : List.of();
        for (int at = from; at < to; at += CHUNK) {
            List<String> ids = gone.get(heap).range(at, Math.min(to, at + CHUNK));
            reader.read(edge, table, ids, true, others, List.of(), row -> {
                RowReader.Id child = row.child();
                if (others.isEmpty() || goes(edge, others, row, pass)) {
                    add(edge.child(), child, pass);
                    entries.putIfAbsent(edge.child(), edge);
                }
            });
            progress.rows(rows);
            if (limit > 0 && rows >= limit) {
                return false;
            }
        }
        return true;
    }

    /** Whether a row still references what went, when its turn comes: an earlier SET NULL may have cleared the column. */
    private boolean goes(Edge edge, List<Edge> others, RowReader.Found row, int pass) throws SQLException {
        List<Part> parts = rules.parts(others, row, this, pass - 1);
        Set<Fate> fates = RowLife.of(product, parts, rules.columns(edge.child()), setters -> null);
        boolean may = fates.stream().anyMatch(fate -> fate instanceof Fate.Gone went && went.pass() <= pass);
        if (may && fates.stream().anyMatch(fate -> fate instanceof Fate.Kept)) {
            uncertain.add(edge.child());
        }
        return may;
    }

    private void add(Family family, RowReader.Id row, int pass) {
        if (gone.computeIfAbsent(row.heap(), heap -> new RowSet(reader.ids(family)))
                .add(row.text(), pass)) {
            rows++;
        }
    }

    /** The pass in which a row goes; {@link RowSet#NOT_THERE} if it stays. */
    int pass(RowReader.Id row) {
        RowSet set = gone.get(row.heap());
        return set == null ? RowSet.NOT_THERE : set.pass(row.text());
    }

    int pass(long heap, String id) {
        return gone.get(heap).pass(id);
    }

    /** The rows of a physical table that go; null if none does. */
    RowSet of(long heap) {
        return gone.get(heap);
    }

    /** How many rows of a family go. */
    long count(Family family) {
        return family.heaps().keySet().stream()
                .map(gone::get)
                .filter(set -> set != null)
                .mapToLong(RowSet::size)
                .sum();
    }

    /** Whether rows go that this foreign key can reference. */
    boolean touches(Edge edge) {
        return edge.referencedHeaps().stream().anyMatch(gone::containsKey);
    }

    /** Whether an order decides which of its rows go. */
    boolean isUncertain(Family family) {
        return uncertain.contains(family);
    }

    /** The foreign key over which the delete first came to a family; null at the people's own. */
    Edge entry(Family family) {
        return entries.get(family);
    }

    List<Long> heaps() {
        return new ArrayList<>(gone.keySet());
    }

    /** How many rows were found. */
    long rows() {
        return rows;
    }
}
