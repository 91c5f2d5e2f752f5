package dev.cascadecleanup.internal.preview;

import java.util.ArrayList;
import java.util.List;

/** What is counted of one table or one foreign key. */
final class Tally {

    long deleted;
    long detached;
    long refuses;
    long orderDecides;
    long leftBehind;
    long taken;
    /** Those of them that go over foreign keys of which nobody has said that such rows may. */
    long takenUndecided;
    /** Those of the undecided that are people themselves. */
    long peopleUndecided;

    private final List<RowReader.Id> deletedRows = new ArrayList<>();
    private final List<RowReader.Id> otherRows = new ArrayList<>();
    private final int samples;

    Tally(int samples) {
        this.samples = samples;
    }

    /** Whether a few more of the rows that go are wanted. */
    int wantsDeleted() {
        return samples - deletedRows.size();
    }

    /** Rows that go; of a foreign key, those that are taken. */
    void deletedRows(List<RowReader.Id> rows) {
        add(deletedRows, rows);
    }

    /** Rows that are detached or refuse. */
    void otherRows(List<RowReader.Id> rows) {
        add(otherRows, rows);
    }

    private void add(List<RowReader.Id> to, List<RowReader.Id> rows) {
        for (RowReader.Id row : rows) {
            if (to.size() < samples && !to.contains(row)) {
                to.add(row);
            }
        }
    }

    List<RowReader.Id> rows() {
        List<RowReader.Id> rows = new ArrayList<>(deletedRows);
        rows.addAll(otherRows);
        return rows;
    }

    /** Rows that are detached or refuse if there are any, else those that go. */
    List<RowReader.Id> worst() {
        return otherRows.isEmpty() ? deletedRows : otherRows;
    }

    boolean isEmpty() {
        return deleted + detached + refuses + orderDecides + leftBehind + taken == 0;
    }
}
