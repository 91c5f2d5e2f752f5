package dev.cascadecleanup.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How big the database is.
 *
 * @param tables the number of tables that reference users
 * @param rows the rows of each
 */
record Size(int tables, int rows) {

    /** Such as {@code 32x300000,4x5000000}, or {@code none}. */
    static List<Size> parseList(String text) {
        return text.equals("none")
                ? List.of()
                : Stream.of(text.split(",")).map(String::strip).map(Size::parse).toList();
    }

    private static Size parse(String text) {
        String[] parts = text.split("x");
        if (parts.length != 2) {
            throw new IllegalArgumentException("not a size: '" + text + "'; write tables x rows, such as 32x300000");
        }
        return new Size(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d tables of %,d rows", tables, rows);
    }
}
