package dev.cascadecleanup.benchmark;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * What all rounds of one way say together.
 *
 * @param way which
 * @param wall the median of the rounds
 * @param longest the median of the rounds' longest latencies: one hiccup of the machine in one round does not decide
 * @param longestOfAll the longest latency of all rounds
 * @param pause the longest of all rounds for which a thread was held up that asked for nothing: by the JVM or the machine
 * @param p999 99.9 of 100 requests of all rounds were faster
 * @param p99 99 of 100
 * @param requests how many there were during the work
 * @param slow those of 100 ms and more
 * @param verySlow those of 1 s and more
 * @param failures those that failed, by SQLSTATE
 * @param admitted orphans that were let in
 * @param unprotected time of tables without a foreign key, in an average round
 * @param deadlocks that the server counted
 * @param peakHeap the greatest, in bytes
 * @param statements the median of the statements' own time
 * @param attempts the attempts of all rounds, with the errors of those that failed
 */
record Figures(
        Way way,
        Duration wall,
        Duration longest,
        Duration longestOfAll,
        Duration pause,
        Duration p999,
        Duration p99,
        long requests,
        long slow,
        long verySlow,
        Map<String, Integer> failures,
        int admitted,
        Duration unprotected,
        long deadlocks,
        long peakHeap,
        Duration statements,
        String attempts) {

    private static final long SLOW = Duration.ofMillis(100).toNanos();
    private static final long VERY_SLOW = Duration.ofSeconds(1).toNanos();

    /** For each way those of its trials. */
    static Map<Way, Figures> of(List<Trial> trials) {
        Map<Way, Figures> figures = new LinkedHashMap<>();
        trials.stream()
                .map(Trial::way)
                .sorted()
                .forEach(way -> figures.computeIfAbsent(
                        way,
                        key -> of(
                                key,
                                trials.stream()
                                        .filter(trial -> trial.way() == key)
                                        .toList())));
        return figures;
    }

    private static Figures of(Way way, List<Trial> trials) {
        Histogram all = new Histogram(3);
        trials.forEach(trial -> all.add(trial.latencies()));
        Map<String, Integer> failures = new TreeMap<>();
        trials.forEach(trial -> trial.failures().forEach((state, count) -> failures.merge(state, count, Integer::sum)));
        TreeSet<String> errors = new TreeSet<>();
        trials.stream()
                .map(trial -> trial.effort().lastError())
                .filter(error -> error != null)
                .forEach(errors::add);
        int attempts =
                trials.stream().mapToInt(trial -> trial.effort().attempts()).sum();
        return new Figures(
                way,
                median(trials, trial -> trial.wall().toNanos()),
                median(trials, trial -> trial.latencies().getMaxValue()),
                Duration.ofNanos(all.getMaxValue()),
                Duration.ofNanos(
                        trials.stream().mapToLong(Trial::longestPause).max().orElse(0)),
                Duration.ofNanos(all.getValueAtPercentile(99.9)),
                Duration.ofNanos(all.getValueAtPercentile(99)),
                all.getTotalCount(),
                atLeast(all, SLOW),
                atLeast(all, VERY_SLOW),
                failures,
                trials.stream().mapToInt(trial -> trial.orphans().admitted()).sum(),
                Duration.ofNanos((long) trials.stream()
                        .mapToLong(trial -> trial.orphans().unprotected().toNanos())
                        .average()
                        .orElse(0)),
                trials.stream().mapToLong(Trial::deadlocks).sum(),
                trials.stream().mapToLong(Trial::peakHeap).max().orElse(0),
                median(trials, trial -> trial.effort().statements().toNanos()),
                attempts + (errors.isEmpty() ? "" : " (" + String.join(", ", errors) + ")"));
    }

    private static long atLeast(Histogram histogram, long limit) {
        return limit > histogram.getMaxValue() ? 0 : histogram.getCountBetweenValues(limit, histogram.getMaxValue());
    }

    /** The middle one; of an even number, the greater of the two in the middle. */
    static Duration median(List<Trial> trials, ToLongFunction<Trial> value) {
        long[] sorted = trials.stream().mapToLong(value).sorted().toArray();
        return Duration.ofNanos(sorted[sorted.length / 2]);
    }

    int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }
}
