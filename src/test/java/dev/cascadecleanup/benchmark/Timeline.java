package dev.cascadecleanup.benchmark;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Requests with the time at which each was due and how long after that it was answered, in nanoseconds. */
final class Timeline {

    private static final int DIGITS = 3;

    private long[] due = new long[1 << 12];
    private long[] latency = new long[1 << 12];
    private int size;

    static Timeline merge(List<Timeline> timelines) {
        Timeline merged = new Timeline();
        for (Timeline timeline : timelines) {
            for (int i = 0; i < timeline.size; i++) {
                merged.add(timeline.due[i], timeline.latency[i]);
            }
        }
        return merged;
    }

    void add(long dueAt, long took) {
        if (size == due.length) {
            due = Arrays.copyOf(due, 2 * size);
            latency = Arrays.copyOf(latency, 2 * size);
        }
        due[size] = dueAt;
        latency[size++] = took;
    }

    int size() {
        return size;
    }

    /** Those that were under way at some time from {@code begin} to {@code end}. */
    Histogram during(long begin, long end) {
        Histogram histogram = new Histogram(DIGITS);
        for (int i = 0; i < size; i++) {
            if (due[i] <= end && due[i] + latency[i] >= begin) {
                histogram.recordValue(latency[i]);
            }
        }
        return histogram;
    }

    /** The longest latency of those that were due in each of so many equal parts of the time; 0 where none was. */
    long[] longest(long begin, long end, int parts) {
        long[] longest = new long[parts];
        for (int i = 0; i < size; i++) {
            if (due[i] >= begin && due[i] < end) {
                int part = (int) ((due[i] - begin) * parts / (end - begin));
                longest[part] = Math.max(longest[part], latency[i]);
            }
        }
        return longest;
    }
}
