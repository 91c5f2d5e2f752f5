package dev.cascadecleanup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work that takes longer than a second says so. */
class ProgressTest {

    private final CountDownLatch written = new CountDownLatch(1);
    private final StringWriter err = new StringWriter() {
        @Override
        public void write(String text) {
            super.write(text);
            written.countDown();
        }

        @Override
        public void write(String text, int offset, int length) {
            super.write(text, offset, length);
            written.countDown();
        }
    };

    @Test
    void aLineInAFile() throws Exception {
        Progress progress = Progress.of("reading", terminal(false), false);
        assertThat(written.await(5, TimeUnit.MINUTES)).isTrue();
        progress.close();
        assertThat(err.toString().strip()).isEqualTo("reading ...");
    }

    @Test
    void aLineThatGoesAwayOnATerminal() throws Exception {
        Progress progress = Progress.of("reading", terminal(true), false);
        assertThat(written.await(5, TimeUnit.MINUTES)).isTrue();
        progress.close();
        assertThat(err.toString()).containsPattern("reading \\.\\.\\. \\d+ s").endsWith("\r\u001b[K");
    }

    @Test
    void nothingWhenQuietOrQuick() {
        Progress.of("reading", terminal(true), true).close();
        Progress.of("reading", terminal(true), false).close();
        assertThat(err.toString()).isEmpty();
    }

    private Terminal terminal(boolean ansi) {
        PrintWriter writer = new PrintWriter(err, true);
        return new Terminal(writer, writer, Map.of(), Optional.empty(), ansi);
    }
}
