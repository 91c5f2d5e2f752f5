package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.preview.LinkPreview;
import dev.cascadecleanup.preview.PeopleReport;
import dev.cascadecleanup.preview.PreviewOptions;
import dev.cascadecleanup.preview.PreviewReport;
import dev.cascadecleanup.preview.PreviewVerdict;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up the previews of many people. */
final class People {

    private static final long INTERVAL = Duration.ofSeconds(5).toNanos();

    private final TableName parent;
    private final PreviewOptions.After after;
    private final Map<PreviewVerdict, Long> verdicts = new EnumMap<>(PreviewVerdict.class);
    private final Map<String, Long> refusing = new TreeMap<>();
    private final Map<String, Long> taking = new TreeMap<>();
    private long total;
    private long looked;
    private long said = System.nanoTime();

    People(TableName parent, PreviewOptions.After after) {
        this.parent = parent;
        this.after = after;
    }

    void total(long people) {
        total = people;
    }

    void add(PreviewReport report) {
        looked++;
        verdicts.merge(report.verdict(), 1L, Long::sum);
        report.refusing().forEach(link -> refusing.merge(link.toString(), 1L, Long::sum));
        report.taking().stream()
                .filter(LinkPreview::takenCounts)
                .forEach(link -> taking.merge(link.toString(), 1L, Long::sum));
    }

    long looked() {
        return looked;
    }

    boolean isTimeToSay() {
        boolean time = System.nanoTime() - said > INTERVAL;
        said = time ? System.nanoTime() : said;
        return time;
    }

    PeopleReport report(String server, Duration elapsed) {
        return new PeopleReport(
                server, parent, after, total, looked, verdicts, byLink(refusing), byLink(taking), elapsed);
    }

    private static List<PeopleReport.ByLink> byLink(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(each -> new PeopleReport.ByLink(each.getKey(), each.getValue()))
                .sorted((a, b) -> Long.compare(b.people(), a.people()))
                .toList();
    }
}
