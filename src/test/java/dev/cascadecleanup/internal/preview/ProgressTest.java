package dev.cascadecleanup.internal.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final List<String> said = new ArrayList<>();
    private final AtomicLong clock = new AtomicLong();
    private final Progress progress = new Progress(
            new Console() {
                @Override
                public void info(String message) {
                    said.add(message);
                }

                @Override
                public void warn(String message) {
                    said.add("warning: " + message);
                }
            },
            clock::get);

    @Test
    void saysTheTableAndTheRowsOnceInAWhile() {
        progress.at(new TableName("public", "posts"));
        progress.rows(10);
        pass(Progress.INTERVAL);
        progress.rows(20);
        assertThat(said).isEmpty();
        pass(Duration.ofMillis(1));
        progress.rows(30);
        progress.at(new TableName("public", "likes"));
        progress.rows(40);
        assertThat(said).containsExactly("preview: at posts, 30 rows so far");
        pass(Progress.INTERVAL.plusMillis(1));
        progress.rows(50);
        assertThat(said).hasSize(2).last().isEqualTo("preview: at likes, 50 rows so far");
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
