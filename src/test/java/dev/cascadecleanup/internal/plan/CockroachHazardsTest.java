package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which versions a cascade of a session with a weaker isolation leaves rows behind (#150282, #169926). */
class CockroachHazardsTest {

    @ParameterizedTest
    @CsvSource({
        "220100, false",
        "230121, false",
        "230200, true",
        "230230, true",
        "240128, true",
        "240129, false",
        "240209, true",
        "240318, true",
        "240319, false",
        "250108, true",
        "250109, false",
        "250204, true",
        "250205, false",
        "250300, false",
        "250400, false",
        "260100, false"
    })
    void cascadesWithoutLocks(int version, boolean affected) {
        assertThat(CockroachHazards.cascadesWithoutLocks(version)).isEqualTo(affected);
    }
}
