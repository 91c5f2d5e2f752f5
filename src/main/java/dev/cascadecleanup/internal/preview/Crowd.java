package dev.cascadecleanup.internal.preview;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All people, some at a time: so many that few queries do, and so few that the rows that go with them fit into memory. */
final class Crowd {

    /** With those of one time together. */
    static final long MOST_ROWS = 2_000_000;

    private static final long MANY_ROWS = MOST_ROWS / 4;
    private static final int FIRST = 256;
    private static final int MOST = 4_096;

    private final List<Family> sources;
    private final RowReader reader;
    private final Map<Long, RowSet> people = new LinkedHashMap<>();
    private List<Long> heaps = List.of();
    private int heap;
    private int at;
    private int taken;
    private int size = FIRST;

    Crowd(List<Family> sources, RowReader reader) {
        this.sources = sources;
        this.reader = reader;
    }

    /** Somebody; before the first is asked for. */
    void add(RowReader.Id person) {
        Family family = sources.stream()
                .filter(source -> source.heaps().containsKey(person.heap()))
                .findFirst()
                .orElseThrow();
        people.computeIfAbsent(person.heap(), key -> new RowSet(reader.ids(family, false), false))
                .add(person.text(), 0, 0);
        heaps = List.copyOf(people.keySet());
    }

    boolean hasNext() {
        while (heap < heaps.size() && at >= rows().size()) {
            heap++;
            at = 0;
        }
        return heap < heaps.size();
    }

    private RowSet rows() {
        return Objects.requireNonNull(people.get(heaps.get(heap)));
    }

    /** Those that come next. */
    List<RowReader.Id> next() {
        long oid = heaps.get(heap);
        RowSet rows = rows();
        List<RowReader.Id> next = new ArrayList<>();
        rows.range(at, Math.min(rows.size(), at + size)).forEach(id -> next.add(new RowReader.Id(oid, id)));
        taken = next.size();
        at += taken;
        return next;
    }

    /** The last were too many. */
    void again() {
        at -= taken;
        size = Math.max(1, taken / 2);
    }

    /** So many rows went with the last. */
    void took(long rows) {
        if (rows < MANY_ROWS) {
            size = Math.min(MOST, size * 2);
        }
    }
}
