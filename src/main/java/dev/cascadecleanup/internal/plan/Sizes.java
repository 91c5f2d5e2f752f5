package dev.cascadecleanup.internal.plan;

import java.util.Locale;

/** Sizes for people. */
public final class Sizes {

    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

    private Sizes() {}

    /** {@code 8 kB}, {@code 1.2 GB}. */
    public static String text(long bytes) {
        double size = bytes / 1024.0;
        int unit = 0;
        while (size >= 1000 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, size < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", size, UNITS[unit]);
    }
}
