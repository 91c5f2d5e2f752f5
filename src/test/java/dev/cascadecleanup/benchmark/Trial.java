package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One way, once, under load.
 *
 * @param way which
 * @param begin when the work began, in nanoseconds
 * @param end when it was done
 * @param timeline every request of the clients, also before and after
 * @param idle what somebody waited who asked the server for nothing
 * @param failures the requests that failed, by SQLSTATE
 * @param orphans what the attempts to insert rows without a user have shown
 * @param deadlocks those that the server has counted
 * @param peakHeap of this JVM during the work, in bytes
 * @param effort what the way itself has to say
 */
record Trial(
        Way way,
        long begin,
        long end,
        Timeline timeline,
        Timeline idle,
        Map<String, Integer> failures,
        OrphanProbe.Result orphans,
        long deadlocks,
        long peakHeap,
        Effort effort) {

    /**
     * Runs it.
     *
     * @param database a fresh copy of the database
     * @param window how long to do nothing, for the way that does nothing
     */
    static Trial run(Way way, TestDatabase database, Schema schema, Settings settings, Duration window)
            throws Exception {
        way.prepare(database, schema);
        if (!database.server().isCockroach()) {
            database.execute("CHECKPOINT");
        }
        HeapPeak heap = new HeapPeak();
        try (Load load = Load.start(database, schema, settings)) {
            Duration half = settings.leadIn().dividedBy(2);
            Clock.SYSTEM.sleepUntil(Clock.SYSTEM.now() + half.toNanos());
            heap.reset();
            Clock.SYSTEM.sleepUntil(Clock.SYSTEM.now() + half.toNanos());
            try (OrphanProbe probe = OrphanProbe.start(database, schema)) {
                long begin = Clock.SYSTEM.now();
                Effort effort = way.run(database, schema, window);
                long end = Clock.SYSTEM.now();
                OrphanProbe.Result orphans = probe.stop();
                long peakHeap = heap.bytes();
                Clock.SYSTEM.sleepUntil(end + settings.leadOut().toNanos());
                Timeline timeline = load.stop();
                return new Trial(
                        way,
                        begin,
                        end,
                        timeline,
                        load.idle(),
                        load.failures(),
                        orphans,
                        deadlocks(database),
                        peakHeap,
                        effort);
            }
        }
    }

    Duration wall() {
        return Duration.ofNanos(end - begin);
    }

    /** The latencies of the requests during the work. */
    Histogram latencies() {
        return timeline.during(begin, end);
    }

    /** The longest that the JVM or the machine held everybody up during the work. */
    long longestPause() {
        return idle.during(begin, end).getMaxValue();
    }

    /** In a line, for those who wait. */
    String describe() {
        Histogram latencies = latencies();
        return way.title() + ": " + Report.seconds(wall())
                + ", longest latency " + Report.millis(Duration.ofNanos(latencies.getMaxValue()))
                + ", p99.9 " + Report.millis(Duration.ofNanos(latencies.getValueAtPercentile(99.9)))
                + ", longest pause without a request " + Report.millis(Duration.ofNanos(longestPause()))
                + (failures.isEmpty() ? "" : ", failed " + failures)
                + (orphans.admitted() == 0 ? "" : ", orphans " + orphans.admitted());
    }

    private static long deadlocks(TestDatabase database) throws SQLException {
        return database.server().isCockroach()
                ? 0
                : database.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    }
}
