package dev.cascadecleanup.internal.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommentLinesTest {

    @Test
    void aShortOneIsOneLine() {
        assertThat(CommentLines.of("as it is")).containsExactly("-- as it is");
        assertThat(CommentLines.of("")).containsExactly("--");
        assertThat(CommentLines.of("  setting=true")).containsExactly("--   setting=true");
        assertThat(CommentLines.of("two\r\nlines")).containsExactly("-- two lines");
    }

    @Test
    void aLongOneIsBrokenAtBlanks() {
        List<String> lines = CommentLines.of("word ".repeat(100).strip());
        assertThat(lines)
                .hasSizeGreaterThan(3)
                .allSatisfy(line -> assertThat(line).startsWith("-- ").hasSizeLessThan(125));
        assertThat(String.join(" ", lines).replace("-- ", "").replaceAll(" +", " "))
                .isEqualTo("word ".repeat(100).strip());
    }

    /** Three names of 63 bytes with dots between, which is what a foreign key can be called. */
    @Test
    void aWordThatNoLineCanHold() {
        String name = "n".repeat(191);
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> {
            assertThat(CommentLines.of(name)).containsExactly("-- " + name);
            assertThat(CommentLines.of("[1/2] " + name + ": NO ACTION -> CASCADE"))
                    .containsExactly("-- [1/2]", "--     " + name + ":", "--     NO ACTION -> CASCADE");
            assertThat(CommentLines.of(name + ' ' + name)).containsExactly("-- " + name, "--     " + name);
            assertThat(CommentLines.of(" ".repeat(200) + name)).hasSize(1);
        });
    }
}
