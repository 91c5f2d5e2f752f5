package dev.cascadecleanup.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import groovy.lang.GroovyShell;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** The build files that the README shows: of this project and this version, and without a slip. */
class ReadmeTest {

    private final String readme = read();
    private final Pom pom = Pom.read(Path.of("pom.xml"));

    private static String read() {
        try {
            return Files.readString(Path.of("README.md"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theMavenOnesAreWellFormed() {
        assertThat(blocks("xml"))
                .isNotEmpty()
                .allSatisfy(block -> assertThatCode(() -> DocumentBuilderFactory.newDefaultInstance()
                                .newDocumentBuilder()
                                .parse(new InputSource(new StringReader(block))))
                        .doesNotThrowAnyException());
    }

    /** As far as this can be told without Gradle. */
    @Test
    void theGradleOneIsAGroovyScript() {
        assertThat(blocks("groovy"))
                .isNotEmpty()
                .allSatisfy(block ->
                        assertThatCode(() -> new GroovyShell().parse(block)).doesNotThrowAnyException());
    }

    @Test
    void theyNameThisVersionOfThisProject() {
        String coordinates = pom.groupId() + ":" + pom.artifactId() + ":" + pom.version();
        assertThat(blocks("groovy")).allSatisfy(block -> assertThat(block).contains("'" + coordinates + ":core'"));
        assertThat(blocks("xml"))
                .allSatisfy(block -> assertThat(block)
                        .contains(
                                "<groupId>" + pom.groupId() + "</groupId>",
                                "<artifactId>" + pom.artifactId() + "</artifactId>",
                                "<version>" + pom.version() + "</version>"));
    }

    private List<String> blocks(String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(readme)
                .results()
                .map(block -> block.group(1))
                .toList();
    }
}
