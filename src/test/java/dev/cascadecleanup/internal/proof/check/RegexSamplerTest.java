package dev.cascadecleanup.internal.proof.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexSamplerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^[A-Z]{2}-[0-9]{3,5}$",
                "^(foo|bar)+$",
                "^\\d{5}(-\\d{4})?$",
                "^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[.][A-Za-z]{2,}$",
                "^[^\\s@]+$",
                "^\\+?[1-9]\\d{1,14}$",
                "^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$",
                "^#[0-9a-fA-F]{6}$",
                "^https?://.+$",
                "^a*?b{2}c?$",
                "^[]a]+$",
                "^\\$[a-z]$"
            })
    void writesWhatMatches(String pattern) {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(RegexSampler.sample(pattern, seed, 3)).matches(Pattern.compile(pattern));
        }
    }

    @Test
    void knowsCharacterClasses() {
        assertThat(RegexSampler.sample("^[[:alpha:]][[:alnum:]_]{3}[[:digit:]]$", 1, 1))
                .matches("[a-zA-Z][a-zA-Z0-9_]{3}[0-9]");
    }

    @Test
    void differsFromSeedToSeed() {
        assertThat(RegexSampler.sample("^[a-z]{12}$", 1, 1)).isNotEqualTo(RegexSampler.sample("^[a-z]{12}$", 2, 1));
    }

    @Test
    void givesUpOnWhatItDoesNotUnderstand() {
        assertThat(RegexSampler.sample("^(a", 1, 1)).isNull();
        assertThat(RegexSampler.sample("^[a", 1, 1)).isNull();
    }

    @Test
    void givesUpOnWhatWouldTakeTooLong() {
        assertThat(RegexSampler.sample("^((((a{250}){250}){250}){250})$", 1, 1)).isNull();
        assertThat(RegexSampler.sample("^((((){250}){250}){250}){250}$", 1, 1)).isNull();
        assertThat(RegexSampler.sample("(".repeat(50_000) + "a" + ")".repeat(50_000), 1, 1))
                .isNull();
    }
}
