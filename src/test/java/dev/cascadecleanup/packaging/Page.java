package dev.cascadecleanup.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The README or a page under {@code src/docs}.
 *
 * @param file where it is
 * @param text all of it
 */
record Page(Path file, String text) {

    static final Path README = Path.of("README.md");

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern INLINE = Pattern.compile("`([^`\n]+)`");

    static Page of(Path file) {
        try {
            return new Page(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that there are: the README, its pages, and those that a forge shows. */
    static List<Page> all() {
        return Stream.of(Stream.of(README), in(Path.of("src", "docs")), in(Path.of(".github")))
                .flatMap(pages -> pages)
                .map(Page::of)
                .toList();
    }

    private static Stream<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The code blocks in this language; without a name, in none. */
    List<String> blocks(String language) {
        return Pattern.compile("^```" + language + "\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private String prose() {
        return Pattern.compile("^```.*?^```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(text)
                .replaceAll("");
    }

    /** What it links to, pictures included, as written. */
    List<String> links() {
        return LINK.matcher(prose()).results().map(link -> link.group(1)).toList();
    }

    /** The names by which links reach its headings, as GitHub makes them. */
    List<String> anchors() {
        return prose().lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }

    /** The rows of the table that begins with this head, without head and line. */
    List<List<String>> table(String head) {
        List<String> lines = text.lines().dropWhile(line -> !line.equals(head)).toList();
        if (lines.isEmpty()) {
            throw new AssertionError(file + " has no table " + head);
        }
        return lines.stream()
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Stream.of(line.substring(1, line.lastIndexOf('|')).split("(?<!\\\\)\\|", -1))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    /** Every line of code that begins with this program, in a block or in a sentence, without its prompt and its comment. */
    List<String> commands(String program) {
        List<String> lines = new ArrayList<>();
        for (String language : List.of("", "yaml", "bash", "sh")) {
            blocks(language).forEach(block -> block.lines().forEach(lines::add));
        }
        INLINE.matcher(prose()).results().map(code -> code.group(1)).forEach(lines::add);
        return lines.stream()
                .map(line -> line.strip().replaceFirst("^[$-] ", "").replaceFirst("\\s#.*", ""))
                .filter(line -> line.startsWith(program + " "))
                .toList();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
