package dev.cascadecleanup.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.cli.Commands;
import dev.cascadecleanup.internal.plan.PlaceholderOptions;
import dev.cascadecleanup.plan.Problem;
import groovy.lang.GroovyShell;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;
import picocli.CommandLine.Model.CommandSpec;

/** What the README and the pages under src/docs say of this project is so, as far as a program can tell. */
class ReadmeTest {

    /** Whoever has ten minutes reads all of it. */
    private static final int MOST_BYTES = 10 * 1024;

    private static final String OPTIONS = "| placeholder | default | meaning |";

    private final Page readme = Page.of(Page.README);
    private final Page commandLine = Page.of(Path.of("src", "docs", "command-line.md"));
    private final Pom pom = Pom.read(Path.of("pom.xml"));

    @TempDir
    private Path folder;

    static List<Page> pages() {
        return Page.all();
    }

    @Test
    void isShort() throws IOException {
        assertThat(Files.size(Page.README)).isLessThanOrEqualTo(MOST_BYTES);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(Page page) {
        for (String link : page.links()) {
            assertThat(link)
                    .as("addresses change; files of this project do not")
                    .doesNotContain("://");
            String[] parts = link.split("#", 2);
            Path directory = page.file().toAbsolutePath().getParent();
            Path target = parts[0].isEmpty()
                    ? page.file()
                    : directory.resolve(parts[0]).normalize();
            assertThat(target).as(page + ": " + link).exists();
            if (parts.length == 2) {
                assertThat(Page.of(target).anchors()).as(page + ": " + link).contains(parts[1]);
            }
        }
    }

    /** A page that nobody finds is not there. */
    @Test
    void leadsToEveryPage() {
        assertThat(readme.links())
                .containsAll(Page.all().stream()
                        .filter(page -> page.file().startsWith(Path.of("src", "docs")))
                        .map(page -> page.file().toString().replace('\\', '/'))
                        .toList());
    }

    /** The table has the placeholders that there are, and their defaults. */
    @Test
    void hasEveryOption() {
        Map<String, String> defaults = readme.table(OPTIONS).stream()
                .collect(Collectors.toMap(
                        row -> row.get(0).replace("`", ""),
                        row -> row.get(1).equals("empty") ? "" : row.get(1).replace("`", "")));
        assertThat(defaults.keySet()).containsExactlyInAnyOrderElementsOf(PlaceholderOptions.names());
        List<Problem> problems = new ArrayList<>();
        assertThat(PlaceholderOptions.read(CascadeOptions.defaults(), defaults, problems))
                .isEqualTo(CascadeOptions.defaults());
        assertThat(problems).isEmpty();
    }

    @Test
    void everyExitCodeIsExplained() throws IllegalAccessException {
        assertThat(commandLine.table("| code | meaning |").stream().map(row -> Integer.valueOf(row.get(0))))
                .containsExactlyElementsOf(Commands.exitCodes())
                .containsExactlyElementsOf(Commands.exitCodesInTheHelp());
        assertThat(commandLine.table("| verb | 0 | 1 | 3 |").stream()
                        .map(row -> row.get(0).replace("`", "")))
                .containsExactlyInAnyOrderElementsOf(Commands.verbs());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyCommandShownExists(Page page) {
        for (String command : page.commands("cascade-cleanup")) {
            String[] words = command.split("\\s+");
            CommandSpec verb = Commands.verb(words[1].replace(";", ""));
            assertThat(verb).as(page + ": " + command).isNotNull();
            for (MatchResult option : results("(?<=\\s)--?[a-z][a-z-]*", command.split("[|>;]")[0])) {
                assertThat(verb.optionsMap().keySet()).as(page + ": " + command).contains(option.group());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyMavenCommandShownExists(Page page) throws IOException {
        String build = Files.readString(Path.of("pom.xml"));
        List<String> all = new ArrayList<>(page.commands("mvn"));
        results("`(-[PD][^`]+)`", page.text()).forEach(result -> all.add(result.group(1)));
        for (String command : all) {
            results("-P(\\w+)", command)
                    .forEach(profile ->
                            assertThat(build).as(page + ": " + command).contains("<id>" + profile.group(1) + "</id>"));
            results("exec:exec@(\\w+)", command)
                    .forEach(execution -> assertThat(build)
                            .as(page + ": " + command)
                            .contains("<id>" + execution.group(1) + "</id>"));
            results("-D(benchmark\\.[\\w.-]+)", command)
                    .forEach(property ->
                            assertThat(build).as(page + ": " + command).contains("${" + property.group(1) + "}"));
        }
    }

    /** Those that are whole classes. */
    @ParameterizedTest
    @MethodSource("pages")
    void theClassesShownCompile(Page page) {
        page.blocks("java").stream()
                .filter(block -> block.startsWith("package ") && !block.contains("import org.springframework"))
                .forEach(block -> assertThat(Snippet.errors(block, folder))
                        .as(page + ":\n" + block)
                        .isEmpty());
    }

    @Test
    void theMavenBuildFilesAreWellFormedAndNameThisVersion() {
        List<String> files = blocks("xml");
        assertThat(files)
                .isNotEmpty()
                .allSatisfy(block -> assertThatCode(() -> DocumentBuilderFactory.newDefaultInstance()
                                .newDocumentBuilder()
                                .parse(new InputSource(new StringReader(block))))
                        .doesNotThrowAnyException());
        assertThat(files)
                .filteredOn(block -> block.contains(pom.artifactId()))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(block)
                        .contains(
                                "<groupId>" + pom.groupId() + "</groupId>",
                                "<artifactId>" + pom.artifactId() + "</artifactId>",
                                "<version>" + pom.version() + "</version>"));
    }

    /** As far as this can be told without Gradle. */
    @Test
    void theGradleOneIsAGroovyScriptAndNamesThisVersion() {
        String coordinates = pom.groupId() + ":" + pom.artifactId() + ":" + pom.version();
        assertThat(blocks("groovy"))
                .isNotEmpty()
                .allSatisfy(block ->
                        assertThatCode(() -> new GroovyShell().parse(block)).doesNotThrowAnyException())
                .allSatisfy(block -> assertThat(block).contains("'" + coordinates + ":core'"));
    }

    @Test
    void everyJarIsNamedWithThisVersion() {
        String jar = Pattern.quote(pom.artifactId()) + "-(\\d[\\w.-]*?)(?:-cli|-core)?\\.jar";
        for (Page page : Page.all()) {
            assertThat(results(jar, page.text()))
                    .as(page.toString())
                    .allSatisfy(name -> assertThat(name.group(1)).isEqualTo(pom.version()));
        }
    }

    private static List<String> blocks(String language) {
        return Page.all().stream()
                .flatMap(page -> page.blocks(language).stream())
                .toList();
    }

    private static List<MatchResult> results(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().toList();
    }
}
