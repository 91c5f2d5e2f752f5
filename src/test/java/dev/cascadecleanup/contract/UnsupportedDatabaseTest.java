package dev.cascadecleanup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.testing.LogCapture;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;

/** H2, which many services run their tests on: refused with the way out, or skipped where that was asked for. */
class UnsupportedDatabaseTest {

    private static FluentConfiguration h2(Map<String, String> placeholders) {
        return Flyway.configure()
                .dataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DB_CLOSE_DELAY=-1", "sa", "")
                .locations("classpath:db/migration")
                .placeholders(placeholders);
    }

    @Test
    void fails() {
        FluentConfiguration configuration = h2(Map.of());
        assertThatThrownBy(() -> configuration.load().migrate())
                .rootCause()
                .isInstanceOf(CascadeException.class)
                .hasMessageContainingAll("H2", "cascade_unsupported", "skip");
        assertThatThrownBy(() -> CascadeCleanup.of(configuration).plan())
                .isInstanceOf(CascadeException.class)
                .hasMessageContaining("H2");
    }

    @Test
    void isSkippedWhenAskedFor() {
        FluentConfiguration configuration = h2(Map.of("cascade_unsupported", "skip"));
        try (LogCapture log = LogCapture.open()) {
            assertThat(configuration.load().migrate().success).isTrue();
            assertThat(log.messages("WARN")).anySatisfy(line -> assertThat(line).contains("skipped", "H2"));
        }
        assertThat(configuration.load().info().pending()).isEmpty();
    }
}
