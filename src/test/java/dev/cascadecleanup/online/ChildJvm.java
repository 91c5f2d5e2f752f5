package dev.cascadecleanup.online;

import dev.cascadecleanup.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A real process that migrates, and that can be killed or frozen: the other end of {@link ChildMain}. */
final class ChildJvm implements AutoCloseable {

    static final String EVENT = "@@";

    /** What the child says. */
    record Event(String kind, String text) {}

    private final Process process;
    private final PrintStream commands;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private boolean ready;

    private ChildJvm(Process process) {
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Background.start("events of " + process.pid(), this::read);
    }

    /** Starts it with these further options of the JVM; it may still be on its way when this returns. */
    static ChildJvm start(String... jvmOptions) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ChildMain.class.getName()));
        return new ChildJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private Void read() throws IOException {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(EVENT)) {
                    String[] fields = line.substring(EVENT.length()).split("\t", 2);
                    events.add(new Event(fields[0], fields[1]));
                }
            }
        }
        return null;
    }

    /** Tells it to work, once it is ready; the work is MIGRATE, UNDO, REPEAT or ERASE. It stops before and after certain statements. */
    void tell(String work, TestDatabase database, boolean transactionalLock, Pattern stopAt)
            throws InterruptedException {
        awaitReady();
        commands.println(String.join(
                "\t",
                work,
                database.jdbcUrl(),
                database.user(),
                String.valueOf(transactionalLock),
                stopAt == null ? "" : stopAt.pattern()));
    }

    /** Returns when it has started. */
    void awaitReady() throws InterruptedException {
        if (!ready) {
            expect("READY");
            ready = true;
        }
    }

    /** Lets it go on from where it stopped. */
    void go() {
        commands.println("GO");
    }

    /** The next thing that it says. */
    Event next() throws InterruptedException {
        Event event = events.poll(5, TimeUnit.MINUTES);
        if (event == null) {
            throw new AssertionError("the child process has said nothing for five minutes");
        }
        return event;
    }

    /** Whether there is something to hear from {@link #next}. */
    boolean hasSaidSomething() {
        return !events.isEmpty();
    }

    void expect(String kind) throws InterruptedException {
        Event event = next();
        if (!event.kind().equals(kind)) {
            throw new AssertionError("expected " + kind + " of the child process, not " + event);
        }
    }

    /**
     * Lets it go on to one of its statements.
     *
     * @param number which, from 1
     * @return the statement, which is not yet sent; null if the work came to its end before
     */
    String goTo(int number) throws InterruptedException {
        for (int i = 1; ; i++) {
            Event event = next();
            if (event.kind().equals("DONE")) {
                return null;
            }
            if (!event.kind().equals("BEFORE")) {
                throw new AssertionError("expected BEFORE of the child process, not " + event);
            }
            if (i == number) {
                return event.text();
            }
            go();
            expect("AFTER");
            go();
        }
    }

    /** Ends it as kill -9 does; returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Closes its connections without a word, which is the same to the server; it can be told to work again after that. */
    void cut() throws InterruptedException {
        commands.println("CUT");
        for (Event event = next(); !event.kind().equals("FAILED"); event = next()) {
            if (event.kind().equals("DONE")) {
                throw new AssertionError("the work of the child process was already done");
            }
            // What it comes by on its way out: nothing of it reaches the server.
            go();
        }
    }

    /** Freezes it, whatever it is doing. */
    void freeze() throws Exception {
        signal("STOP");
        Until.isTrue(
                "frozen",
                () -> Files.readString(Path.of("/proc/" + process.pid() + "/stat"))
                        .replaceFirst(".*\\) ", "")
                        .startsWith("T"));
    }

    /** Lets a frozen process go on. */
    void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        int status = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("kill -" + name + " answered " + status);
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
