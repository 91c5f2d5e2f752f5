package dev.cascadecleanup.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.report.Outcome.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedTestsTest {

    private static final String BEGIN = "20260102-030405";
    private static final Instant BEFORE = Instant.parse("2026-01-02T03:04:04Z");
    private static final Instant AFTER = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    private Path outcomes;
    private Path reports;

    @BeforeEach
    void create() throws IOException {
        outcomes = Files.createDirectory(directory.resolve("run"));
        reports = Files.createDirectory(directory.resolve("reports"));
        Files.createDirectory(outcomes.resolve("containers"));
    }

    @Test
    void nothingFailedOrNothingRan() throws IOException {
        outcome(Kind.PASSED);
        report("TEST-a.Fine.xml", "failures=\"0\" errors=\"0\"", AFTER);
        check("goals: [test]");
        Files.delete(reports.resolve("TEST-a.Fine.xml"));
        Files.delete(reports);
        check();
    }

    @Test
    void aFailureIsFoundInEither() throws IOException {
        outcome(Kind.FAILED);
        assertFails("SomeTest.some");
        Files.delete(outcomes.resolve("1.tsv"));
        for (String count : new String[] {"failures=\"1\" errors=\"0\"", "errors=\"12\" failures=\"0\""}) {
            report("TEST-a.Broken.xml", count, AFTER);
            assertFails("a.Broken");
        }
    }

    @Test
    void whatSomeEarlierRunReportedDoesNotCount() throws IOException {
        report("TEST-a.Broken.xml", "failures=\"1\"", BEFORE);
        check("goals: [test]");
        check();
    }

    private void assertFails(String name) {
        assertThatThrownBy(() -> check("goals: [test]")).hasMessageContaining(name);
        assertThatThrownBy(() -> check("goals: [clean, package]")).hasMessageContaining(name);
        assertThatThrownBy(() -> check("goals: [test, failsafe:verify]")).hasMessageContaining(name);
        assertThatCode(() -> check("goals: [clean, verify]")).doesNotThrowAnyException();
        assertThatCode(() -> check("goals: [install]")).doesNotThrowAnyException();
        assertThatThrownBy(this::check).hasMessageContaining(name);
    }

    private void check(String... goals) throws IOException {
        String[] arguments = {outcomes.toString(), reports.toString(), BEGIN, goals.length == 0 ? "" : goals[0]};
        FailedTests.check(arguments, new PrintStream(OutputStream.nullOutputStream()));
    }

    private void outcome(Kind kind) throws IOException {
        Files.writeString(outcomes.resolve("1.tsv"), new Outcome(kind, 17, "13", "", "SomeTest.some", "").line());
    }

    private void report(String name, String counts, Instant written) throws IOException {
        Path report = reports.resolve(name);
        Files.writeString(report, "<?xml version=\"1.0\"?>\n<testsuite name=\"x\" " + counts + ">\n</testsuite>");
        Files.setLastModifiedTime(report, FileTime.from(written));
        assertThat(report).exists();
    }
}
