package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Table;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the cascades from the people outward, pass by pass, and keeps which rows go and when. Tables that nothing references are left
 * out: their rows take nothing along. Several DELETEs, each by itself, are followed side by side and told apart by their numbers.
 */
final class Walk {

    static final int CHUNK = 5_000;

    /** When rows go with one DELETE. */
    @FunctionalInterface
    interface Passes {
        /** The pass in which a row goes; {@link RowSet#NOT_THERE} if it stays. */
        int of(RowReader.Id row);
    }

    private final Product product;
    private final Model model;
    private final RowReader reader;
    private final Rules rules;
    private final Progress progress;
    private final int deletes;
    private final Map<Long, RowSet> gone = new LinkedHashMap<>();
    private final Map<Long, int[]> counts = new HashMap<>();
    private final Map<Family, Edge> entries = new HashMap<>();
    private final Map<Family, BitSet> uncertain = new HashMap<>();
    private long rows;
    private int passes;

    /** @param deletes how many DELETEs, each by itself */
    Walk(Product product, Model model, RowReader reader, Rules rules, Progress progress, int deletes) {
        this.deletes = deletes;
        this.product = product;
        this.model = model;
        this.reader = reader;
        this.rules = rules;
        this.progress = progress;
    }

    /** The people themselves: all in one DELETE, or each in one of its own. */
    void start(List<RowReader.Id> people, List<Family> sources) {
        for (Family family : sources) {
            for (int i = 0; i < people.size(); i++) {
                if (family.heaps().containsKey(people.get(i).heap())) {
                    add(family, people.get(i), isOne() ? 0 : i, 0);
                }
            }
        }
    }

    /** Whether there is one DELETE, whose number is 0. */
    boolean isOne() {
        return deletes == 1;
    }

    int deletes() {
        return deletes;
    }

    /** Goes on until nothing more goes, or until so many rows are found; 0 for no limit. */
    boolean run(long limit) throws SQLException {
        Map<Long, Integer> done = new HashMap<>();
        for (int pass = 1; ; pass++) {
            passes = pass;
            boolean any = false;
            for (Long heap : List.copyOf(gone.keySet())) {
                int from = done.getOrDefault(heap, 0);
                int to = Objects.requireNonNull(gone.get(heap)).countUpTo(pass - 1);
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
        Table table = edge.referenced().heap(heap);
        RowSet rowsOfHeap = Objects.requireNonNull(gone.get(heap));
        List<Edge> others = rules.isDelicate(edge.child()) ? rules.judged(edge.child()) : List.of();
        rules.lookUpDefaults(others, reader);
        for (int at = from; at < to; at += CHUNK) {
            Chunk chunk = rowsOfHeap.chunk(table, at, Math.min(to, at + CHUNK));
            reader.read(edge, table, chunk.ids(), true, others, List.of(), row -> {
                RowReader.Id child = row.child();
                for (int delete : chunk.deletes(row.referenced())) {
                    if (others.isEmpty() || goes(edge, others, row, delete, pass)) {
                        add(edge.child(), child, delete, pass);
                        entries.putIfAbsent(edge.child(), edge);
                    }
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
    private boolean goes(Edge edge, List<Edge> others, RowReader.Found row, int delete, int pass) throws SQLException {
        List<Part> parts = rules.parts(others, row, passes(delete), pass - 1);
        Set<Fate> fates = RowLife.of(product, parts, rules.columns(edge.child()), setters -> null);
        boolean may = fates.stream().anyMatch(fate -> fate instanceof Fate.Gone went && went.pass() <= pass);
        if (may && fates.stream().anyMatch(fate -> fate instanceof Fate.Kept)) {
            uncertain.computeIfAbsent(edge.child(), family -> new BitSet()).set(delete);
        }
        return may;
    }

    private void add(Family family, RowReader.Id row, int delete, int pass) {
        if (gone.computeIfAbsent(row.heap(), heap -> new RowSet(reader.ids(family, !isOne()), !isOne()))
                .add(row.text(), delete, pass)) {
            rows++;
            counts.computeIfAbsent(row.heap(), heap -> new int[deletes])[delete]++;
        }
    }

    /** When rows go with this DELETE. */
    Passes passes(int delete) {
        return row -> {
            RowSet set = gone.get(row.heap());
            return set == null ? RowSet.NOT_THERE : set.pass(row.text(), delete);
        };
    }

    /** The rows of a physical table that go, with any of the DELETEs; null if none does. */
    @Nullable
    RowSet of(long heap) {
        return gone.get(heap);
    }

    /** How many rows of a physical table go with this DELETE. */
    int count(long heap, int delete) {
        int[] count = counts.get(heap);
        return count == null ? 0 : count[delete];
    }

    /** How many rows of a family go with this DELETE. */
    long count(Family family, int delete) {
        long count = 0;
        for (long heap : family.heaps().keySet()) {
            count += count(heap, delete);
        }
        return count;
    }

    /** Whether rows go, with any of the DELETEs, that this foreign key can reference. */
    boolean touches(Edge edge) {
        return edge.referencedHeaps().stream().anyMatch(gone::containsKey);
    }

    /** Whether rows go with this DELETE that this foreign key can reference. */
    boolean touches(Edge edge, int delete) {
        return edge.referencedHeaps().stream().anyMatch(heap -> count(heap, delete) > 0);
    }

    /** Whether an order decides which of its rows go. */
    boolean isUncertain(Family family, int delete) {
        BitSet of = uncertain.get(family);
        return of != null && of.get(delete);
    }

    /** The foreign key over which the delete first came to a family; null at the people's own. */
    @Nullable
    Edge entry(Family family) {
        return entries.get(family);
    }

    List<Long> heaps() {
        return new ArrayList<>(gone.keySet());
    }

    /** How many cascades after another there can be at most. */
    int passes() {
        return passes;
    }

    /** How many rows were found. */
    long rows() {
        return rows;
    }
}
