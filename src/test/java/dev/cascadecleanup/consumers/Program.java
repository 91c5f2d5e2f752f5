package dev.cascadecleanup.consumers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that runs in a process of its own. What it says stays under {@code target/it/output} for whoever looks. */
final class Program {

    private static final long LIMIT_MINUTES = 30;
    private static final Path OUTPUT = Path.of("target", "it", "output").toAbsolutePath();

    private final String name;
    private final Path directory;
    private final List<String> command;
    private final Map<String, String> environment = new HashMap<>();

    Program(String name, Path directory, List<String> command) {
        this.name = name;
        this.directory = directory;
        this.command = new ArrayList<>(command);
    }

    /** A Java program; the class path may name directories full of jars as {@code lib/*}. */
    static Program java(Path directory, String... arguments) {
        return java(Path.of(System.getProperty("java.home")), directory, arguments);
    }

    /** The same by another JDK. */
    static Program java(Path home, Path directory, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(home.resolve("bin").resolve("java").toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        return new Program("java", directory, command);
    }

    Program with(String... arguments) {
        command.addAll(List.of(arguments));
        return this;
    }

    Program environment(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    /** Starts it and waits for its end, not for ever. */
    Output run() {
        try {
            Files.createDirectories(OUTPUT);
            Path out = Files.createTempFile(OUTPUT, name, ".out");
            Path err = Files.createTempFile(OUTPUT, name, ".err");
            Process process = builder()
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(name + " has not ended within " + LIMIT_MINUTES + " minutes"
                        + System.lineSeparator() + Files.readString(out));
            }
            return new Output(name, process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " ran", e);
        }
    }

    /** For those who want to start it themselves. */
    ProcessBuilder builder() {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toAbsolutePath().toFile());
        // What configures this build's own Flyway or Spring, if anything does, is not meant for it.
        builder.environment()
                .keySet()
                .removeIf(variable -> variable.startsWith("FLYWAY_") || variable.startsWith("SPRING_"));
        builder.environment().putAll(environment);
        return builder;
    }
}
