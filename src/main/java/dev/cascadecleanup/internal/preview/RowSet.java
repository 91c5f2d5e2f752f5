package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one physical table that go, in the order in which they were found: pass by pass. Ten million of them take some 150 MB where
 * their ids fit into a {@code long}. A row may go with several DELETEs, and is then there for each of them.
 */
final class RowSet {

    static final int NOT_THERE = -1;

    /** As many DELETEs can be told apart. */
    static final int MOST_DELETES = 1 << 15;

    /** The bits below are those of an id: a {@code ctid} has 48, and a number that stands for a text no more. */
    private static final int DELETE_SHIFT = 48;

    private static final long ID_MASK = (1L << DELETE_SHIFT) - 1;

    private static final int PAGE_BITS = 14;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int FIRST_SLOTS = 64;

    private final RowIds ids;
    private final boolean several;
    private final List<long[]> pages = new ArrayList<>();
    /** Open addressing: one more than the position of the row, 0 where there is none. */
    private int[] slots = new int[FIRST_SLOTS];

    private int size;
    /** Where the rows of each pass begin. */
    private final List<Integer> starts = new ArrayList<>();

    /** @param several whether of several DELETEs; ids must fit into 48 bits then */
    RowSet(RowIds ids, boolean several) {
        this.ids = ids;
        this.several = several;
    }

    int size() {
        return size;
    }

    /** Adds a row that goes in this pass, which is not earlier than any before; false if it is there already. */
    boolean add(String id, int delete, int pass) {
        long code = ids.encode(id) | (long) delete << DELETE_SHIFT;
        int slot = slot(code);
        if (slots[slot] != 0) {
            return false;
        }
        while (starts.size() <= pass) {
            starts.add(size);
        }
        if (size >> PAGE_BITS == pages.size()) {
            pages.add(new long[PAGE]);
        }
        pages.get(size >> PAGE_BITS)[size & PAGE - 1] = code;
        slots[slot] = ++size;
        if (size > slots.length / 3 * 2) {
            grow();
        }
        return true;
    }

    /** The pass in which a row goes with this DELETE. */
    int pass(String id, int delete) {
        if (size == 0) {
            return NOT_THERE;
        }
        long code = ids.find(id);
        int position = code == RowIds.UNKNOWN ? -1 : slots[slot(code | (long) delete << DELETE_SHIFT)] - 1;
        if (position < 0) {
            return NOT_THERE;
        }
        int pass = starts.size() - 1;
        while (starts.get(pass) > position) {
            pass--;
        }
        return pass;
    }

    int countUpTo(int pass) {
        return pass + 1 < starts.size() ? starts.get(pass + 1) : size;
    }

    int startOf(int pass) {
        return pass < starts.size() ? starts.get(pass) : size;
    }

    /** The ids at these positions; of several DELETEs one may be there twice. */
    List<String> range(int from, int to) {
        List<String> range = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            range.add(id(i));
        }
        return range;
    }

    /** The rows at these positions. */
    Chunk chunk(Table heap, int from, int to) {
        if (!several) {
            return new Chunk(heap, range(from, to), Map.of());
        }
        Map<String, int[]> deletes = new LinkedHashMap<>();
        for (int i = from; i < to; i++) {
            int delete = (int) (code(i) >>> DELETE_SHIFT);
            deletes.merge(id(i), new int[] {delete}, (some, one) -> {
                int[] more = Arrays.copyOf(some, some.length + 1);
                more[some.length] = one[0];
                return more;
            });
        }
        return new Chunk(heap, List.copyOf(deletes.keySet()), deletes);
    }

    private String id(int position) {
        return ids.decode(several ? code(position) & ID_MASK : code(position));
    }

    private long code(int position) {
        return pages.get(position >> PAGE_BITS)[position & PAGE - 1];
    }

    private int slot(long code) {
        int slot = hash(code) & slots.length - 1;
        while (slots[slot] != 0 && code(slots[slot] - 1) != code) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        for (int i = 0; i < size; i++) {
            slots[slot(code(i))] = i + 1;
        }
    }

    private static int hash(long code) {
        long mixed = code * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32 ^ mixed);
    }
}
