package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "1s, PT1S", " 10m , PT10M", "10 min, PT10M", "2H, PT2H", "0s, PT0S", "90s, PT1M30S"})
    void parses(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "s", "-1s", "1.5s", "1s 500ms", "1d", "PT1S", "1234567890123s"})
    void refusesWhatIsNoWholeNumberWithAUnit(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not a duration");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1ms", "1500ms", "1s", "90s", "10m", "2h", "0ms", "25h"})
    void formatsAsItParses(String text) {
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
    }
}
