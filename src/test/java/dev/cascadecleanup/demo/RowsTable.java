package dev.cascadecleanup.demo;

import dev.cascadecleanup.realschemas.Contents;
import java.io.PrintStream;

/** How many rows of each user were and are in each table. */
record RowsTable(Contents erased, Contents erasedAfter, Contents other, Contents otherAfter) {

    private static final String TOTAL = "total";

    void print(PrintStream out) {
        int width =
                erased.rows().keySet().stream().mapToInt(String::length).max().orElseThrow();
        String row = "   %-" + width + "s  %7s %6s  %7s %6s%n";
        out.printf("   %-" + width + "s  %14s  %14s%n", "", "deleted user", "other user");
        out.printf(row, "table", "before", "after", "before", "after");
        for (String table : erased.rows().keySet()) {
            out.printf(
                    row,
                    table,
                    erased.count(table),
                    erasedAfter.count(table),
                    other.count(table),
                    otherAfter.count(table));
        }
        out.printf(row, TOTAL, erased.count(), erasedAfter.count(), other.count(), otherAfter.count());
    }
}
