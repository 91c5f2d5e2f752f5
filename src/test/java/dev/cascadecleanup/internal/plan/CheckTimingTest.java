package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.plan.Depths;
import dev.cascadecleanup.plan.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckTimingTest {

    @ParameterizedTest
    @CsvSource({
        "1, 1, SAFE",
        "2, 1, SAFE",
        "1, 2, ORDER_DEPENDENT",
        "0, 1, ORDER_DEPENDENT",
        "1, 3, REFUSES",
        "0, 7, REFUSES"
    })
    void passByPassAtExactDepths(int referenced, int referencing, Verdict verdict) {
        assertThat(CheckTiming.PASS_BY_PASS.verdict(Depths.of(referenced), Depths.of(referencing)))
                .isEqualTo(verdict);
        assertThat(CheckTiming.AFTER_ALL_CASCADES.verdict(Depths.of(referenced), Depths.of(referencing)))
                .isEqualTo(Verdict.SAFE);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2, 1, 2, ORDER_DEPENDENT",
        "1, 1, 1, 3, DEPENDS_ON_DATA",
        "2, 9, 1, 2, SAFE",
        "1, 2, 4, 5, REFUSES",
        "1, 2147483647, 4, 5, DEPENDS_ON_DATA",
        "1, 1, 1, 2147483647, DEPENDS_ON_DATA",
        "1, 1, 2147483647, 2147483647, REFUSES"
    })
    void passByPassInRanges(int from, int to, int childFrom, int childTo, Verdict verdict) {
        assertThat(CheckTiming.PASS_BY_PASS.verdict(new Depths(from, to), new Depths(childFrom, childTo)))
                .isEqualTo(verdict);
    }
}
