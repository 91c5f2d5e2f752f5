package dev.cascadecleanup.consumers;

import dev.cascadecleanup.consumers.maven.BuiltLibrary;
import dev.cascadecleanup.packaging.Pom;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The projects under {@code src/it}: they use the library as strangers do, by its coordinates, and get the jars that this build has
 * made. Each is copied to {@code target/it} and built there by a Maven of its own, the same one that runs this build.
 */
final class Consumers {

    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Path TARGET = ROOT.resolve("target");
    /** Each JVM of the tests has its own, so that none reads what another is just writing. */
    private static final Path EXTENSION = TARGET.resolve("it")
            .resolve("maven-extension")
            .resolve(String.valueOf(ProcessHandle.current().pid()));

    private static final Pom POM = Pom.read(ROOT.resolve("pom.xml"));

    private Consumers() {}

    /** A fresh copy of a project's sources; what was built there before stays. */
    static Path copy(String project) {
        return copy(
                ROOT.resolve("src").resolve("it").resolve(project),
                TARGET.resolve("it").resolve(project));
    }

    /** A copy of this project without its tests. */
    static Path copyOfThisProject() throws IOException {
        Path copy = TARGET.resolve("it").resolve("this");
        delete(copy.resolve("src")); // what has been renamed since is in no jar
        copy(ROOT.resolve("src").resolve("main"), copy.resolve("src").resolve("main"));
        Files.copy(ROOT.resolve("pom.xml"), copy.resolve("pom.xml"), StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }

    private static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Path copy(Path source, Path copy) {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jar that this build has made. */
    static Path jar(String classifier) {
        return TARGET.resolve(POM.artifactId() + "-" + POM.version() + classifier + ".jar");
    }

    /** A Maven that finds the library under its coordinates, with these further arguments. */
    static Program maven(Path project, String... arguments) {
        Map<String, String> ours = mavenOfThisBuild();
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        String home = ours.get("home");
        List<String> command = new ArrayList<>();
        command.add((home == null ? "" : home + "/bin/") + (windows ? "mvn.cmd" : "mvn"));
        command.addAll(List.of(
                "--batch-mode",
                "--no-transfer-progress",
                "-Dstyle.color=never",
                "-Dmaven.ext.class.path=" + extension(),
                "-Dlibrary.root=" + ROOT,
                "-Dlibrary.groupId=" + POM.groupId(),
                "-Dlibrary.artifactId=" + POM.artifactId(),
                "-Dlibrary.version=" + POM.version()));
        if (ours.containsKey("repository")) {
            command.add("-Dmaven.repo.local=" + ours.get("repository"));
        }
        if (ours.containsKey("settings") && Files.exists(Path.of(ours.get("settings")))) {
            command.addAll(List.of("--settings", ours.get("settings")));
        }
        if ("true".equals(ours.get("offline"))) {
            command.add("--offline");
        }
        ours.forEach((name, value) -> {
            if (name.contains(".")) {
                // Prefixed, because under their own names they would overrule what Spring Boot manages.
                command.add("-Dour." + name + "=" + value);
            }
        });
        command.addAll(List.of(arguments));
        return new Program("maven", project, command)
                .environment(Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "MAVEN_OPTS",
                        "-XX:TieredStopAtLevel=1 " + System.getenv().getOrDefault("MAVEN_OPTS", "")));
    }

    /** A property of the pom that it passes on. */
    static String property(String name) {
        return Objects.requireNonNull(mavenOfThisBuild().get(name), name);
    }

    /** What the pom passes on: lines such as {@code home=/usr/share/maven}, and versions for the projects, with a dot in their names. */
    private static Map<String, String> mavenOfThisBuild() {
        return System.getProperty("cascade.maven", "")
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("[\\w.-]+=.+"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1)));
    }

    /** A class path for Maven itself, of one class. */
    private static Path extension() {
        String type = BuiltLibrary.class.getName().replace('.', '/') + ".class";
        copyResource("/" + type, EXTENSION.resolve(type));
        copyResource(
                "/maven-extension/META-INF/plexus/components.xml", EXTENSION.resolve("META-INF/plexus/components.xml"));
        return EXTENSION;
    }

    private static void copyResource(String resource, Path to) {
        try (InputStream in = Consumers.class.getResourceAsStream(resource)) {
            Files.createDirectories(to.getParent());
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
