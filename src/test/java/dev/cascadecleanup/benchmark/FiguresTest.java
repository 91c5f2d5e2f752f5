package dev.cascadecleanup.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private static final long MILLI = 1_000_000;

    @Test
    void onlyRequestsThatMetTheWorkCount() {
        Timeline timeline = new Timeline();
        timeline.add(0, 50); // answered before
        timeline.add(90, 20); // under way when it began
        timeline.add(150, 30);
        timeline.add(200, 70); // due when it ended
        timeline.add(201, 90);

        assertThat(timeline.during(100, 200).getTotalCount()).isEqualTo(3);
        assertThat(timeline.during(100, 200).getMaxValue()).isEqualTo(70);
    }

    @Test
    void theLongestOfEachPart() {
        Timeline timeline = new Timeline();
        timeline.add(5, 3);
        timeline.add(9, 8);
        timeline.add(25, 4);
        timeline.add(40, 100);

        assertThat(timeline.longest(0, 40, 4)).containsExactly(8, 0, 4, 0);
    }

    @Test
    void aTimelineGrows() {
        Timeline timeline = new Timeline();
        for (int i = 0; i < 100_000; i++) {
            timeline.add(i, 1);
        }

        assertThat(Timeline.merge(List.of(timeline, timeline)).size()).isEqualTo(200_000);
    }

    @Test
    void roundsAreTakenTogether() {
        Figures figures = Figures.of(List.of(trial(10, 1, 900), trial(20, 2, 3_000), trial(30, 3, 40)))
                .get(Way.V060);

        assertThat(figures.wall()).isEqualTo(Duration.ofMillis(20));
        assertThat(figures.longest().toMillis()).isEqualTo(900);
        assertThat(figures.longestOfAll().toMillis()).isBetween(3_000L, 3_003L);
        assertThat(figures.pause().toMillis()).isEqualTo(3);
        assertThat(figures.requests()).isEqualTo(1_000 + 1_000 + 1_000);
        assertThat(figures.slow()).isEqualTo(2);
        assertThat(figures.verySlow()).isEqualTo(1);
        assertThat(figures.p99()).isLessThan(Duration.ofMillis(5));
        assertThat(figures.failures()).containsExactly(Map.entry("40P01", 6));
        assertThat(figures.failed()).isEqualTo(6);
        assertThat(figures.deadlocks()).isEqualTo(6);
        assertThat(figures.admitted()).isEqualTo(3);
    }

    @Test
    void theReportNamesEveryWayAndTheRatios() {
        Map<Way, Figures> figures = Figures.of(List.of(trial(10, 1, 40), trial(Way.NO_MIGRATION, 10, 0, 20)));

        assertThat(Report.of(new Size(2, 10), 1, figures))
                .contains("| V060 ", "| no migration ", "V060 against no migration: longest 2.00");
    }

    @Test
    void sizes() {
        assertThat(Size.parseList("32x300000, 4x5000000"))
                .containsExactly(new Size(32, 300_000), new Size(4, 5_000_000));
        assertThat(Size.parseList("none")).isEmpty();
        assertThatThrownBy(() -> Size.parseList("32")).hasMessageContaining("32x300000");
    }

    private static Trial trial(long wallMillis, int failures, long longestMillis) {
        return trial(Way.V060, wallMillis, failures, longestMillis);
    }

    /** A thousand requests of two milliseconds, but for one. */
    private static Trial trial(Way way, long wallMillis, int failures, long longestMillis) {
        Timeline timeline = new Timeline();
        for (int i = 0; i < 999; i++) {
            timeline.add(0, 2 * MILLI);
        }
        timeline.add(0, longestMillis * MILLI);
        Timeline idle = new Timeline();
        idle.add(0, wallMillis * MILLI / 10);
        return new Trial(
                way,
                0,
                wallMillis * MILLI,
                timeline,
                idle,
                failures == 0 ? Map.of() : Map.of("40P01", failures),
                new OrphanProbe.Result(100, 1, Duration.ofMillis(1)),
                failures,
                1 << 20,
                Effort.NOTHING_TO_SAY);
    }
}
