package dev.cascadecleanup.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes figures down, as Markdown, which a terminal can show too. */
final class Report {

    private static final List<String> COLUMNS = List.of(
            "way",
            "wall",
            "longest",
            "of all rounds",
            "pause",
            "p99.9",
            "p99",
            "requests",
            "> 100 ms",
            "> 1 s",
            "failed",
            "orphans let in",
            "deadlocks",
            "peak heap");
    private static final Duration PER_FOREIGN_KEY = Duration.ofMillis(15);

    private Report() {}

    /** One line for each way, and what follows from them. */
    static String of(Size size, int rounds, Map<Way, Figures> figures) {
        StringBuilder text =
                new StringBuilder("### " + size + ", " + rounds + (rounds == 1 ? " round" : " rounds") + "\n\n");
        List<List<String>> lines = new ArrayList<>();
        figures.values().forEach(each -> lines.add(line(each)));
        text.append(table(COLUMNS, lines)).append('\n');
        figures.values().forEach(each -> text.append(remarks(each)));
        ratios(size, figures).forEach(line -> text.append("- ").append(line).append('\n'));
        return text.toString();
    }

    private static List<String> line(Figures figures) {
        return List.of(
                figures.way().title(),
                seconds(figures.wall()),
                millis(figures.longest()),
                millis(figures.longestOfAll()),
                millis(figures.pause()),
                millis(figures.p999()),
                millis(figures.p99()),
                String.valueOf(figures.requests()),
                String.valueOf(figures.slow()),
                String.valueOf(figures.verySlow()),
                String.valueOf(figures.failed()),
                figures.admitted() == 0 ? "0" : figures.admitted() + " (" + millis(figures.unprotected()) + ")",
                String.valueOf(figures.deadlocks()),
                (figures.peakHeap() >> 20) + " MB");
    }

    private static String remarks(Figures figures) {
        String begin = "- " + figures.way().title() + ": ";
        return (figures.failures().isEmpty() ? "" : begin + "requests failed with " + figures.failures() + "\n")
                + (figures.way() == Way.ONE_TRANSACTION ? begin + figures.attempts() + " attempts\n" : "");
    }

    private static List<String> ratios(Size size, Map<Way, Figures> figures) {
        List<String> lines = new ArrayList<>(erasure(figures));
        lines.addAll(against(figures, Way.INDEXES, Way.NO_MIGRATION, Way.READER, Way.V060));
        lines.addAll(against(figures, Way.V060, Way.NO_MIGRATION, Way.DROP_ADD, Way.ONE_TRANSACTION));
        Figures v060 = figures.get(Way.V060);
        if (v060 == null) {
            return lines;
        }
        if (!v060.statements().isZero()) {
            Figures scans = figures.get(Way.VALIDATE_ALONE);
            Duration bound = v060.statements()
                    .multipliedBy(110)
                    .dividedBy(100)
                    .plus(PER_FOREIGN_KEY.multipliedBy(size.tables()));
            lines.add("V060 took " + seconds(v060.wall()) + ", its VALIDATE scans, added up, "
                    + seconds(v060.statements())
                    + "; these and 10 % and 15 ms for each foreign key are " + seconds(bound)
                    + (scans == null
                            ? ""
                            : "; the same scans in a trial of their own took " + seconds(scans.statements())));
        }
        return lines;
    }

    private static List<String> against(Map<Way, Figures> figures, Way way, Way... others) {
        List<String> lines = new ArrayList<>();
        Figures figure = figures.get(way);
        for (Way each : others) {
            Figures other = figures.get(each);
            if (figure != null && other != null) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%s against %s: longest %s, p99.9 %s, p99 %s",
                        way.title(),
                        each.title(),
                        ratio(figure.longest(), other.longest()),
                        ratio(figure.p999(), other.p999()),
                        ratio(figure.p99(), other.p99())));
            }
        }
        return lines;
    }

    private static List<String> erasure(Map<Way, Figures> figures) {
        Figures erase = figures.get(Way.ERASE);
        if (erase == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("erase in steps: longest transaction " + millis(erase.statements()));
        for (Way way : List.of(Way.NO_ERASURE, Way.DELETE_AT_ONCE)) {
            Figures other = figures.get(way);
            if (other != null) {
                lines.add(String.format(
                        Locale.ROOT,
                        "erase in steps against %s: wall %s, longest %s, p99.9 %s, p99 %s",
                        way.title(),
                        ratio(erase.wall(), other.wall()),
                        ratio(erase.longest(), other.longest()),
                        ratio(erase.p999(), other.p999()),
                        ratio(erase.p99(), other.p99())));
            }
        }
        return lines;
    }

    /** A table in Markdown, its columns as wide as they must be. */
    static String table(List<String> columns, List<List<String>> lines) {
        int[] widths = columns.stream().mapToInt(String::length).toArray();
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder(row(columns, widths));
        text.append('|');
        for (int i = 0; i < widths.length; i++) {
            text.append("-".repeat(widths[i] + 1)).append(i == 0 ? "-|" : ":|");
        }
        text.append('\n');
        lines.forEach(line -> text.append(row(line, widths)));
        return text.toString();
    }

    private static String row(List<String> cells, int[] widths) {
        StringBuilder text = new StringBuilder("|");
        for (int i = 0; i < widths.length; i++) {
            text.append(String.format(
                    Locale.ROOT, i == 0 ? " %-" + widths[i] + "s |" : " %" + widths[i] + "s |", cells.get(i)));
        }
        return text.append('\n').toString();
    }

    static String millis(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
    }

    private static String ratio(Duration duration, Duration other) {
        return String.format(Locale.ROOT, "%.2f", (double) duration.toNanos() / other.toNanos());
    }
}
