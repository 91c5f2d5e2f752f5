package dev.cascadecleanup.consumers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A JDK of this machine: those that {@code cascade.test.jdks} names, comma-separated, and those in the usual places. */
record Jdk(Path home, int feature) {

    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)[^\"]*\"");
    private static final List<Path> USUAL = List.of(
            Path.of("/usr/lib/jvm"),
            Path.of("/Library/Java/JavaVirtualMachines"),
            Path.of(System.getProperty("user.home"), ".sdkman", "candidates", "java"),
            Path.of(System.getProperty("user.home"), ".jdks"));

    static Optional<Jdk> of(int feature) {
        Stream<Path> named = Stream.of(
                        System.getProperty("cascade.test.jdks", "").split(","))
                .filter(home -> !home.isBlank())
                .map(Path::of);
        // As the runners of some CI services have them: JAVA_HOME_25_X64.
        Stream<Path> variables = System.getenv().entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("JAVA_HOME_"))
                .map(Map.Entry::getValue)
                .map(Path::of);
        Stream<Path> usual =
                USUAL.stream().flatMap(Jdk::children).flatMap(home -> Stream.of(home, home.resolve("Contents/Home")));
        return Stream.of(Stream.of(Path.of(System.getProperty("java.home"))), named, variables, usual)
                .flatMap(homes -> homes)
                .flatMap(home -> read(home).stream())
                .filter(jdk -> jdk.feature() == feature)
                .findFirst();
    }

    private static Stream<Path> children(Path directory) {
        try (Stream<Path> children = Files.isDirectory(directory) ? Files.list(directory) : Stream.empty()) {
            return children.sorted().toList().stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static Optional<Jdk> read(Path home) {
        Path release = home.resolve("release");
        if (!Files.isReadable(release)
                || !Files.isExecutable(home.resolve("bin").resolve("java"))) {
            return Optional.empty();
        }
        try {
            Matcher version = VERSION.matcher(Files.readString(release));
            return version.find() ? Optional.of(new Jdk(home, Integer.parseInt(version.group(1)))) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
