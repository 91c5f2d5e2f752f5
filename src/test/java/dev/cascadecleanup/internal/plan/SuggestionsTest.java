package dev.cascadecleanup.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {

    private static final List<String> NAMES = List.of("notes.of_user", "notes.by_user", "logins.of_user");

    @Test
    void nearestIsASlipOfTheHandAway() {
        assertThat(Suggestions.nearest("notes.of_usr", NAMES)).contains("notes.of_user");
        assertThat(Suggestions.nearest("NOTES.OF_USER", NAMES)).contains("notes.of_user");
        assertThat(Suggestions.nearest("notse.by_user", NAMES)).contains("notes.by_user");
    }

    @Test
    void nothingIsNearToAnotherName() {
        assertThat(Suggestions.nearest("prescriptions.patient_id", NAMES)).isEmpty();
        assertThat(Suggestions.nearest("x", NAMES)).isEmpty();
        assertThat(Suggestions.nearest("notes.of_user", List.of())).isEmpty();
    }

    @Test
    void ofTwoAsNearTheFirstInOrder() {
        assertThat(Suggestions.nearest("cat", List.of("rat", "bat"))).contains("bat");
    }

    @Test
    void asAQuestion() {
        assertThat(Suggestions.didYouMean("user", List.of("users"))).isEqualTo("; did you mean users?");
        assertThat(Suggestions.didYouMean("accounts", List.of("users"))).isEmpty();
    }
}
