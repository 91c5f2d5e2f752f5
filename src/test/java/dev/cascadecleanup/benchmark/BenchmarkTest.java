package dev.cascadecleanup.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.Postgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark runs: in small, for a few seconds, so that its figures mean nothing. */
class BenchmarkTest {

    private static final List<Way> WAYS = List.of(
            Way.V060,
            Way.NO_MIGRATION,
            Way.ONE_TRANSACTION,
            Way.UNDO,
            Way.VALIDATE_ALONE,
            Way.READER,
            Way.ERASE,
            Way.DELETE_AT_ONCE,
            Way.NO_ERASURE);
    private static final Settings SMALL = new Settings(
            List.of(new Size(3, 500)),
            1,
            WAYS,
            200,
            3,
            50,
            Duration.ofMillis(200),
            Duration.ofMillis(50),
            List.of(3),
            List.of(4),
            null);

    private static final String PERSON_ROWS = "benchmark.person-rows";

    @TempDir
    private Path directory;

    @BeforeAll
    static void aLightPersonIsDeletedThreeTimes() {
        System.setProperty(PERSON_ROWS, "10000");
    }

    @AfterAll
    static void forget() {
        System.clearProperty(PERSON_ROWS);
    }

    @Test
    void writesFiguresAndAPicture() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Settings settings = SMALL.in(directory);

        Benchmark.run(Postgres.newest(), settings, new PrintStream(printed, true, StandardCharsets.UTF_8));

        String results = Files.readString(directory.resolve("results.md"));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(results.lines().toList());
        for (Way way : WAYS) {
            assertThat(results).contains("| " + way.title() + " ");
        }
        assertThat(results)
                .contains(
                        "V060 against no migration: longest",
                        "its VALIDATE scans, added up",
                        "erase in steps: longest transaction",
                        "erase in steps against no erasure: wall",
                        "erase in steps against the one DELETE: wall",
                        "the same scans in a trial of their own took",
                        "| 3 ",
                        "| 4 ");
        assertThat(Files.readString(directory.resolve("latency-3x500.svg"))).contains("<svg", "<line");
    }
}
