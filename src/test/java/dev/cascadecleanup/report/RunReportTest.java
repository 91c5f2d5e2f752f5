package dev.cascadecleanup.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.report.Outcome.Kind;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunReportTest {

    private static final String PAGE = """
            # Supported versions

            Words.

            | | PostgreSQL 17 | PostgreSQL 18 |
            |---|---|---|
            | Flyway 13.12, Java 17 | build | build |
            | Flyway 10, Java 17 | matrix | build |
            | Flyway 13.12, Java 25 | matrix | matrix |

            ## Next

            | Flyway 9, Java 17 | build | build | build |
            """;
    private static final List<String> SELECTED = List.of("PostgreSQL 17", "PostgreSQL 18");

    private final SupportedVersions table = SupportedVersions.read(PAGE);

    @Test
    void aBuildKeepsTheTable() {
        assertThat(broken(
                        false,
                        passed(17, "13.12.0", "PostgreSQL 17"),
                        passed(17, "13.12.0", "PostgreSQL 18"),
                        passed(17, "10.22.0", "PostgreSQL 18")))
                .isEmpty();
    }

    @Test
    void aPromiseOfEveryBuildIsBroken() {
        assertThat(broken(false, passed(17, "13.12.0", "PostgreSQL 17"), passed(17, "13.12.0", "PostgreSQL 18")))
                .containsExactly("Flyway 10, Java 17, PostgreSQL 18: build");
    }

    @Test
    void aFailureOrASkipKeepsNothing() {
        assertThat(broken(
                        false,
                        passed(17, "13.12.0", "PostgreSQL 17"),
                        outcome(Kind.FAILED, 17, "13.12.0", "PostgreSQL 18"),
                        outcome(Kind.SKIPPED, 17, "10.22.0", "PostgreSQL 18")))
                .containsExactly(
                        "Flyway 13.12, Java 17, PostgreSQL 18: build", "Flyway 10, Java 17, PostgreSQL 18: build");
    }

    @Test
    void theProfileAnswersForItsOwn() {
        assertThat(broken(
                        true,
                        passed(17, "13.12.0", "PostgreSQL 17"),
                        passed(17, "13.12.0", "PostgreSQL 18"),
                        passed(17, "10.22.0", "PostgreSQL 18"),
                        passed(25, "13.12.0", "PostgreSQL 17")))
                .containsExactly(
                        "Flyway 10, Java 17, PostgreSQL 17: matrix", "Flyway 13.12, Java 25, PostgreSQL 18: matrix");
    }

    @Test
    void thePageOfThisProjectCanBeRead() throws Exception {
        assertThat(SupportedVersions.read(Files.readString(SupportedVersions.PAGE))
                        .cells())
                .hasSizeGreaterThan(30);
    }

    @Test
    void saysWhatRanAndWhatDidNot() {
        List<String> report = RunReport.of(List.of(
                passed(17, "13.12.0", "PostgreSQL 18"),
                passed(17, "13.12.0", ""),
                outcome(Kind.FAILED, 17, "13.12.0", ""),
                outcome(Kind.SKIPPED, 17, "13.12.0", "CockroachDB"),
                new Outcome(Kind.NOTE, 17, "13.12.0", "", "ShopIT.starts", "Spring Boot 4")));
        assertThat(report)
                .containsSubsequence(
                        "Java 17, Flyway 13.12.0: 2 passed, 1 FAILED",
                        "  PostgreSQL 18: 1 passed",
                        "ShopIT.starts: Spring Boot 4",
                        "because: 1 test, SomeTest.some");
    }

    @Test
    void anOutcomeSurvivesItsLine() {
        Outcome outcome = passed(17, "13.12.0", "PostgreSQL 18");
        assertThat(Outcome.parse(outcome.line())).isEqualTo(outcome);
        assertThat(new Outcome(Kind.SKIPPED, 17, "13", "", "t", "two\tlines\nof text").line())
                .isEqualTo("SKIPPED\t17\t13\t\tt\ttwo lines of text");
    }

    private List<String> broken(boolean matrix, Outcome... outcomes) {
        return table.due(List.of(outcomes), matrix, SELECTED).stream()
                .filter(cell -> !cell.isKeptBy(List.of(outcomes)))
                .map(Object::toString)
                .toList();
    }

    private static Outcome passed(int java, String flyway, String server) {
        return outcome(Kind.PASSED, java, flyway, server);
    }

    private static Outcome outcome(Kind kind, int java, String flyway, String server) {
        return new Outcome(kind, java, flyway, server, "SomeTest.some", kind == Kind.SKIPPED ? "because" : "");
    }
}
