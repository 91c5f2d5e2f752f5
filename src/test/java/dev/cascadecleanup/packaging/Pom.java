package dev.cascadecleanup.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What a pom.xml without a parent says of the artifact. */
public final class Pom {

    private record Dependency(String artifactId, String scope) {}

    /** Scopes that do not reach whoever depends on the artifact. */
    private static final Set<String> OWN_SCOPES = Set.of("provided", "test");

    private final Element project;

    private Pom(Element project) {
        this.project = project;
    }

    public static Pom read(Path file) {
        try {
            return new Pom(DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException(file + " cannot be read", e);
        }
    }

    public String groupId() {
        return text(project, "groupId");
    }

    public String artifactId() {
        return text(project, "artifactId");
    }

    public String version() {
        return text(project, "version");
    }

    /** Whether there is text under this path of elements. */
    boolean has(String... path) {
        Element at = project;
        for (String name : path) {
            List<Element> found = children(at, name);
            if (found.isEmpty()) {
                return false;
            }
            at = found.get(0);
        }
        return !at.getTextContent().isBlank();
    }

    List<String> dependenciesThatUsersGet() {
        return dependencies().stream()
                .filter(dependency -> !OWN_SCOPES.contains(dependency.scope()))
                .map(Dependency::artifactId)
                .toList();
    }

    String scopeOf(String artifactId) {
        return dependencies().stream()
                .filter(dependency -> dependency.artifactId().equals(artifactId))
                .map(Dependency::scope)
                .findFirst()
                .orElseThrow();
    }

    private List<Dependency> dependencies() {
        return children(children(project, "dependencies").get(0), "dependency").stream()
                .map(dependency -> new Dependency(text(dependency, "artifactId"), text(dependency, "scope")))
                .toList();
    }

    /** The text of a direct child, or empty text. */
    private static String text(Element parent, String name) {
        return children(parent, name).stream()
                .map(Element::getTextContent)
                .findFirst()
                .orElse("")
                .strip();
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }
}
