package dev.cascadecleanup.consumers;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A web application in a process of its own. */
final class Application implements AutoCloseable {

    private static final Pattern SERVING = Pattern.compile("Tomcat started on port (\\d+)");
    private static final int LIMIT_SECONDS = 600;

    private final Process process;
    private final StringBuffer log = new StringBuffer();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    private Application(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "log of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts it; it may still be on its way when this returns. */
    static Application start(Program program) throws IOException {
        return new Application(program.builder().redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.append(line).append(System.lineSeparator());
                Matcher serving = SERVING.matcher(line);
                if (serving.find()) {
                    port.complete(Integer.valueOf(serving.group(1)));
                }
            }
        } catch (IOException e) {
            log.append(e);
        }
        port.completeExceptionally(new AssertionError("the application has ended"));
    }

    /** Waits until it serves, and sends it a DELETE; the status that it answers. */
    int delete(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
                .DELETE()
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private int port() throws InterruptedException {
        try {
            return port.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("it does not serve:" + System.lineSeparator() + log, e);
        }
    }

    String log() {
        return log.toString();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
