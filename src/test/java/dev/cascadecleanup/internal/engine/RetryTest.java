package dev.cascadecleanup.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {

    private static final Duration SHORT = Duration.ofMillis(2);
    private static final Duration LONG = Duration.ofHours(1);

    private final List<Duration> pauses = new ArrayList<>();
    private int attempts;

    @ParameterizedTest
    @ValueSource(strings = {"55P03", "40P01", "40001", "57014"})
    void triesAgainAfterALostLock(String state) throws Exception {
        Retry.ofTimedStatements(SHORT, LONG).run("swap", losing(3, state), this::note);
        assertThat(attempts).isEqualTo(4);
        assertThat(pauses).hasSize(3);
    }

    /** Without a timeout of ours it was an operator who cancelled it, and means it. */
    @Test
    void aLongStatementThatWasCancelledIsNotTriedAgain() {
        assertGivenUpAtOnce(Retry.ofLongStatements(SHORT, LONG), "57014");
    }

    @ParameterizedTest
    @ValueSource(strings = {"23503", "42501", "57P01", "08006", "XX000"})
    void anyOtherErrorIsTheEnd(String state) {
        assertGivenUpAtOnce(Retry.ofTimedStatements(SHORT, LONG), state);
    }

    @Test
    void pausesGrowWithJitter() throws Exception {
        Retry.ofTimedStatements(SHORT, LONG).run("swap", losing(5, "55P03"), this::note);
        for (int i = 0; i < pauses.size(); i++) {
            long full = SHORT.toMillis() << i;
            assertThat(pauses.get(i)).isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
        }
    }

    @Test
    void whenTheTimeIsUpAllOfItIsTold() {
        Retry retry = Retry.ofTimedStatements(SHORT, Duration.ofMillis(20));
        assertThatThrownBy(() -> retry.run("swapping notes.of_user", losing(1_000, "55P03"), this::note))
                .isInstanceOf(SQLTimeoutException.class)
                .hasMessageContaining(
                        "swapping notes.of_user: no lock in " + attempts + " attempts within cascade_max_wait = 20ms")
                .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("55P03"))
                .cause()
                .hasMessage("attempt 1")
                .satisfies(first -> assertThat(first.getSuppressed()).isNotEmpty());
        assertThat(pauses).hasSize(attempts);
        assertThat(pauses.get(attempts - 1)).isZero();
    }

    @Test
    void notAllOfAThousandLossesAreKept() throws Exception {
        SQLException[] first = new SQLException[1];
        Retry.ofTimedStatements(Duration.ofMillis(1), LONG).run("swap", losing(8, "55P03"), (number, cause, pause) -> {
            if (number == 1) {
                first[0] = cause;
            }
        });
        assertThat(first[0].getSuppressed()).hasSize(5);
    }

    @Test
    void aChangedForeignKeyIsNotTriedAgain() {
        assertThatThrownBy(() -> Retry.ofTimedStatements(SHORT, LONG)
                        .run(
                                "swap",
                                () -> {
                                    attempts++;
                                    throw new ForeignKeyChangedException("notes.of_user", null);
                                },
                                this::note))
                .isInstanceOf(ForeignKeyChangedException.class);
        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void anInterruptEndsThePauseAndStays() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() ->
                        Retry.ofTimedStatements(LONG, LONG.multipliedBy(2)).run("swap", losing(1, "55P03"), this::note))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private void assertGivenUpAtOnce(Retry retry, String state) {
        assertThatThrownBy(() -> retry.run("swap", losing(1, state), this::note))
                .hasMessage("attempt 1")
                .hasNoCause();
        assertThat(attempts).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    private Retry.Attempt losing(int times, String state) {
        return () -> {
            if (++attempts <= times) {
                throw new SQLException("attempt " + attempts, state);
            }
        };
    }

    private void note(int attempt, SQLException cause, Duration pause) {
        assertThat(attempt).isEqualTo(attempts);
        pauses.add(pause);
    }
}
