package dev.cascadecleanup.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every message that somebody can get stands in src/docs/troubleshooting.md, with what to do; and nothing that nobody can get. */
class TroubleshootingTest {

    private static final Pattern ROW = Pattern.compile("^\\| (`.*?) \\| ", Pattern.MULTILINE);
    private static final Pattern ENTRY = Pattern.compile("`([^`]+)`");

    private final SourceStrings source = SourceStrings.read();
    private final List<String> entries = ROW.matcher(
                    Page.of(Path.of("src", "docs", "troubleshooting.md")).text())
            .results()
            .flatMap(row -> ENTRY.matcher(row.group(1)).results())
            .map(entry -> entry.group(1))
            .toList();

    @Test
    void everyMessageIsThere() {
        assertThat(source.messages()).hasSizeGreaterThan(100);
        assertThat(source.messages().stream()
                        .filter(message -> entries.stream().noneMatch(entry -> isIn(entry, message.text()))))
                .as("messages without a row in troubleshooting.md")
                .isEmpty();
    }

    @Test
    void everyRowIsAboutSomethingThatIsSaid() {
        assertThat(entries).hasSizeGreaterThan(100);
        assertThat(entries.stream().filter(entry -> source.all().stream().noneMatch(text -> isIn(entry, text))))
                .as("rows about something that the source does not say")
                .isEmpty();
    }

    /** Whether the parts of an entry, between its dots, stand in the text in this order. */
    private static boolean isIn(String entry, String text) {
        int from = 0;
        for (String part : entry.split("\\.\\.\\.")) {
            int at = text.indexOf(part.strip(), from);
            if (at < 0) {
                return false;
            }
            from = at + part.strip().length();
        }
        return true;
    }
}
