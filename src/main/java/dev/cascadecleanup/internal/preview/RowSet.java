package dev.cascadecleanup.internal.preview;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows of one physical table that go, in the order in which they were found: pass by pass. Ten million of them take some 150 MB where
 * their ids fit into a {@code long}.
 */
final class RowSet {

    static final int NOT_THERE = -1;

    private static final int PAGE_BITS = 14;
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int FIRST_SLOTS = 64;

    private final RowIds ids;
    private final List<long[]> pages = new ArrayList<>();
    /** Open addressing: one more than the position of the row, 0 where there is none. */
    private int[] slots = new int[FIRST_SLOTS];

    private int size;
    /** Where the rows of each pass begin. */
    private final List<Integer> starts = new ArrayList<>();

    RowSet(RowIds ids) {
        this.ids = ids;
    }

    int size() {
        return size;
    }

    /** Adds a row that goes in this pass, which is not earlier than any before; false if it is there already. */
    boolean add(String id, int pass) {
        long code = ids.encode(id);
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

    /** The pass in which a row goes. */
    int pass(String id) {
        if (size == 0) {
            return NOT_THERE;
        }
        long code = ids.find(id);
        int position = code == RowIds.UNKNOWN ? -1 : slots[slot(code)] - 1;
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

    /** The ids at these positions. */
    List<String> range(int from, int to) {
        List<String> range = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            range.add(ids.decode(code(i)));
        }
        return range;
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
