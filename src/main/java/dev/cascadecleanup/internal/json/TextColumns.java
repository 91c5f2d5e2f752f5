package dev.cascadecleanup.internal.json;

import java.util.ArrayList;
import java.util.List;

/** Text for people in columns. */
public final class TextColumns {

    /** Beyond this a column is not aligned any more, so that one long name does not push all others out of sight. */
    private static final int WIDEST = 80;

    private TextColumns() {}

    /** Rows of cells as lines whose cells begin below each other. */
    public static List<String> aligned(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = Math.min(row.get(i).length(), WIDEST);
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            line.append(cell);
            if (i < row.size() - 1) {
                line.append(" ".repeat(Math.max(0, widths.get(i) - cell.length()) + 2));
            }
        }
        return line.toString();
    }
}
