package dev.cascadecleanup.internal.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How the size of the steps follows the time that they take. */
class StepSizeTest {

    private static final Duration GOAL = Duration.ofMillis(200);

    private final StepSize size = new StepSize(GOAL);

    @Test
    void growsToFourTimesAtMostAndStaysBelowTheGoal() {
        int first = size.rows(1);
        size.took(first, 1, Duration.ofMillis(1));
        assertThat(size.rows(1)).isEqualTo(4 * first);
        size.took(4 * first, 1, Duration.ofMillis(100));
        assertThat(size.rows(1)).isBetween(5 * first, 6 * first);
        size.took(size.rows(1), 1, Duration.ofSeconds(1));
        assertThat(size.rows(1)).isLessThan(2 * first);
    }

    @Test
    void aRowThatTheServerAsksOthersAboutWeighsMore() {
        int light = size.rows(1);
        assertThat(size.rows(31)).isEqualTo(light / 31);
        size.took(size.rows(31), 31, Duration.ofMillis(400));
        assertThat(size.rows(1)).isLessThan(light / 2);
    }

    @Test
    void aSmallStepSaysLittle() {
        int before = size.rows(1);
        size.took(before / 10, 1, Duration.ofMillis(150));
        assertThat(size.rows(1)).isEqualTo(before);
    }

    @Test
    void aStepThatIsGivenUpIsMadeSmallerUntilThatIsNoUse() {
        int tries = 0;
        while (size.tooLong(11)) {
            tries++;
        }
        assertThat(tries).isBetween(2, 10);
        assertThat(size.rows(11)).isPositive().isLessThanOrEqualTo(10);
    }

    @Test
    void aRestFitsOnlyByWhatHasBeenSeen() {
        assertThat(size.fits(1)).as("nothing is known").isFalse();
        size.took(10_000, 1, Duration.ofMillis(100));
        assertThat(size.fits(13_000)).isTrue();
        assertThat(size.fits(15_000))
                .as("takes 150 ms, which is not clearly below")
                .isFalse();
    }
}
