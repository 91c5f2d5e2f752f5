package dev.cascadecleanup.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Stalls are seen as all clients of a service would feel them, not as one that waits for each answer before it asks again. */
class OpenLoopTest {

    private static final long START = 1_000;
    private static final long INTERVAL = 10;
    private static final long SERVICE = 2;

    /** Stands still but for those who sleep and those who work. */
    private static final class TestClock implements Clock {

        private long now = START - 500;

        @Override
        public long now() {
            return now;
        }

        @Override
        public void sleepUntil(long time) {
            now = Math.max(now, time);
        }
    }

    private final TestClock clock = new TestClock();
    private final Timeline timeline = new Timeline();

    @Test
    void requestsOfAServerThatKeepsUpTakeTheirTime() {
        new OpenLoop(clock, START, INTERVAL).run(() -> START + 1_000, number -> clock.now += SERVICE, timeline);

        assertThat(timeline.size()).isEqualTo(100);
        assertThat(timeline.during(START, START + 1_000).getMaxValue()).isEqualTo(SERVICE);
    }

    @Test
    void aStallCountsForEveryRequestThatWasDueMeanwhile() {
        long stall = 200;
        OpenLoop loop = new OpenLoop(clock, START, INTERVAL);

        loop.run(() -> START + 1_000, number -> clock.now += number == 10 ? stall : SERVICE, timeline);

        Histogram latencies = timeline.during(START, START + 1_000);
        assertThat(timeline.size()).isEqualTo(100);
        assertThat(latencies.getMaxValue()).isEqualTo(stall);
        // Each waited 10 less and took 2 more: 192, 184, ... until none is late.
        assertThat(latencies.getCountBetweenValues(100, stall)).isEqualTo(13);
        assertThat(latencies.getCountBetweenValues(SERVICE + 1, stall)).isEqualTo(25);
    }

    @Test
    void whatIsDueBeforeTheEndIsMadeAlsoWhenItIsLate() {
        long end = START + 100;
        new OpenLoop(clock, START, INTERVAL)
                .run(() -> end, number -> clock.now += number == 0 ? 5_000 : SERVICE, timeline);

        assertThat(timeline.size()).isEqualTo(10);
    }
}
