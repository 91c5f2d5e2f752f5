package dev.cascadecleanup.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A Maven project that extends CascadeMigration as V067 and has the assertions in its own tests. */
class OwnVersionIT {

    @Test
    void itsOwnBuildPasses() {
        Output build =
                Consumers.maven(Consumers.copy("own-version"), "test").run().requireSuccess();
        assertThat(build.out()).containsPattern("Tests run: [1-9]\\d*, Failures: 0, Errors: 0, Skipped: 0");
    }
}
