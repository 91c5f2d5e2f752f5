package dev.cascadecleanup.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.internal.catalog.NullChecks.Effect;
import org.junit.jupiter.api.Test;

class NullChecksTest {

    @Test
    void aTextMayBeAsLongAsItLikes() {
        String schema = "it''s {\"a.*\": 1} ".repeat(20_000);
        assertThat(NullChecks.of("user_id", "CHECK (((data)::text <> '" + schema + "'::text))"))
                .isEqualTo(Effect.NONE);
        assertThat(NullChecks.of("user_id", "CHECK (f('" + schema + "', t.*))")).isEqualTo(Effect.MAY_FAIL);
    }

    @Test
    void theRowAsAWholeIsNoText() {
        assertThat(NullChecks.isOfWholeRow("f(t.*)")).isTrue();
        assertThat(NullChecks.isOfWholeRow("(name ~ 'a.*'::text)")).isFalse();
    }
}
