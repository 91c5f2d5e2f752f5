package dev.cascadecleanup.packaging;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command line's jar in a process of its own. */
final class CliProcess implements AutoCloseable {

    /** How it ended. */
    record Result(int code, String out, String err) {}

    private static final long MOST_SECONDS = 600;

    private final Process process;
    private final Path out;
    private final BufferedReader err;
    private final StringBuilder errSoFar = new StringBuilder();

    private CliProcess(Process process, Path out) {
        this.process = process;
        this.out = out;
        this.err = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts it.
     *
     * @param folder where; its home too, so that no settings of this machine count
     */
    static CliProcess start(Path jar, Path folder, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        // A build in the background of a shell ignores Ctrl-C, and so would its children.
        command.addAll(List.of("env", "--default-signal=INT"));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + folder,
                "-jar",
                jar.toAbsolutePath().toString()));
        command.addAll(Arrays.asList(arguments));
        Path out = Files.createTempFile(folder, "out", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(out.toFile());
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.startsWith("FLYWAY_") || name.startsWith("PG") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new CliProcess(process, out);
    }

    static Result run(Path jar, Path folder, Map<String, String> environment, String... arguments) throws Exception {
        try (CliProcess process = start(jar, folder, environment, arguments)) {
            return process.end();
        }
    }

    /** Reads standard error up to the line with this text. */
    void awaitError(String text) throws IOException {
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            errSoFar.append(line).append('\n');
            if (line.contains(text)) {
                return;
            }
        }
        throw new IllegalStateException("it ended without '" + text + "': " + errSoFar);
    }

    void interrupt() throws Exception {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    Result end() throws Exception {
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            errSoFar.append(line).append('\n');
        }
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it does not end: " + errSoFar);
        }
        return new Result(process.exitValue(), Files.readString(out), errSoFar.toString());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
