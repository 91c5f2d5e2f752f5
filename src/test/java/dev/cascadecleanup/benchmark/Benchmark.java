package dev.cascadecleanup.benchmark;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.testing.BenchmarkServer;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * What clients feel while foreign keys are converted, measured: every way on a fresh copy of the same database, in turn, in several
 * rounds. See {@link Settings} for what can be set; the README has the command.
 */
public final class Benchmark {

    /** For the first measurement of the floor, when V060 has not run yet. */
    private static final Duration FIRST_WINDOW = Duration.ofSeconds(5);

    private static final Size WARM_UP = new Size(8, 1_000);
    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger LIBRARY = Logger.getLogger(CascadeCleanup.class.getName());

    private final TestServer server;
    private final Settings settings;
    private final PrintStream out;
    private final StringBuilder results = new StringBuilder();

    private Benchmark(TestServer server, Settings settings, PrintStream out) {
        this.server = server;
        this.settings = settings;
        this.out = out;
    }

    public static void main(String[] args) throws Exception {
        LIBRARY.setLevel(Level.WARNING);
        try {
            run(BenchmarkServer.open(), Settings.of(System.getProperties()), System.out);
        } finally {
            Postgres.stopAll();
        }
    }

    static void run(TestServer server, Settings settings, PrintStream out) throws Exception {
        new Benchmark(server, settings, out).run();
    }

    private void run() throws Exception {
        say(server.displayName() + ", " + Runtime.getRuntime().availableProcessors() + " processors, "
                + settings.clients() + " clients with " + settings.rate() + " requests a second each, "
                + settings.users() + " users; " + serverSettings() + "; Java "
                + Runtime.version().feature() + jvmOptions() + "\n");
        if (settings.sizes().stream().anyMatch(size -> size.rows() > WARM_UP.rows())) {
            progress("warming up");
            try (TestDatabase template = server.createDatabase()) {
                Schema schema = new Schema(WARM_UP, settings.users());
                schema.create(template);
                for (Way way : ways()) {
                    trial(way, template, schema, Duration.ofMillis(100));
                }
            }
        }
        for (Size size : settings.sizes()) {
            measure(size);
        }
        measureGrowth();
        measureWideSchemas();
        out.println("written to " + settings.directory());
    }

    private void measure(Size size) throws Exception {
        Schema schema = new Schema(size, settings.users());
        List<Trial> trials = new ArrayList<>();
        try (TestDatabase template = server.createDatabase()) {
            if (!server.isCockroach()) {
                progress("building " + size);
                schema.create(template);
            }
            Duration window = FIRST_WINDOW;
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Way way : inTurn(round)) {
                    Trial trial = trial(way, template, schema, window);
                    trials.add(trial);
                    window = way.setsTheWindow() ? trial.wall() : window;
                    progress("round " + round + ", " + trial.describe());
                }
            }
        }
        say(Report.of(size, settings.rounds(), Figures.of(trials)));
        Picture.write(
                settings.directory().resolve("latency-" + size.tables() + "x" + size.rows() + ".svg"),
                "Client latency while "
                        + (settings.ways().contains(Way.ERASE)
                                ? "a heavy person is deleted"
                                : "foreign keys are converted")
                        + " (" + size + ", " + server.displayName() + ")",
                shown(trials));
    }

    /** Each round begins with another way, so that none has always the same place. */
    private List<Way> inTurn(int round) {
        List<Way> ways = new ArrayList<>(ways());
        Collections.rotate(ways, 1 - round);
        return ways;
    }

    private List<Way> ways() {
        return settings.ways().stream()
                .filter(way -> way.runsOnCockroach() || !server.isCockroach())
                .toList();
    }

    private Trial trial(Way way, TestDatabase template, Schema schema, Duration window) throws Exception {
        try (TestDatabase database =
                server.isCockroach() ? server.createDatabase() : server.createDatabaseFrom(template)) {
            if (server.isCockroach()) {
                schema.create(database);
            }
            return Trial.run(way, database, schema, settings, window);
        }
    }

    /** Of each way that a picture can show the round whose longest latency is the median. */
    private static List<Trial> shown(List<Trial> trials) {
        List<Trial> shown = new ArrayList<>();
        for (Way way : Picture.ways()) {
            List<Trial> ofWay = trials.stream()
                    .filter(trial -> trial.way() == way)
                    .sorted(Comparator.comparing(trial -> trial.latencies().getMaxValue()))
                    .toList();
            if (!ofWay.isEmpty()) {
                shown.add(ofWay.get(ofWay.size() / 2));
            }
        }
        return shown;
    }

    private void measureGrowth() throws Exception {
        if (settings.foreignKeys().isEmpty()) {
            return;
        }
        progress("warming up");
        CatalogGrowth.measure(server, settings.foreignKeys().get(0));
        List<List<String>> lines = new ArrayList<>();
        for (int foreignKeys : settings.foreignKeys()) {
            progress("measuring with " + foreignKeys + " foreign keys");
            lines.add(CatalogGrowth.measure(server, foreignKeys));
        }
        say("### The library's own costs\n\n" + Report.table(CatalogGrowth.COLUMNS, lines));
    }

    private void measureWideSchemas() throws Exception {
        if (settings.tables().isEmpty()) {
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        for (int tables : settings.tables()) {
            progress("measuring with " + tables + " tables");
            lines.add(WideSchemaCost.measure(server, tables));
        }
        say("### Looking at schemas of many tables\n\n" + Report.table(WideSchemaCost.COLUMNS, lines));
    }

    /** None of the properties: there may be a password among them. */
    private static String jvmOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-X"))
                .map(" "::concat)
                .collect(Collectors.joining());
    }

    /** What somebody has set, on purpose or for the embedded server. */
    private String serverSettings() throws Exception {
        if (server.isCockroach()) {
            return "default settings";
        }
        try (TestDatabase database = server.createDatabase()) {
            List<List<Object>> set = database.rows("""
                    SELECT name, current_setting(name) FROM pg_settings
                    WHERE source IN ('configuration file', 'command line') AND boot_val IS DISTINCT FROM setting
                      AND name !~ '^(lc_|port$|default_text|log_|data_dir|timezone|TimeZone|DateStyle|dynamic_shared)|_file$'
                    ORDER BY name""");
            return set.isEmpty()
                    ? "default settings"
                    : set.stream().map(row -> row.get(0) + "=" + row.get(1)).collect(Collectors.joining(", "));
        }
    }

    private void progress(String text) {
        out.println("... " + text);
    }

    /** Also to the file, at once: a long run may be ended early. */
    private void say(String text) throws Exception {
        out.println(text);
        results.append(text).append('\n');
        Files.createDirectories(settings.directory());
        Files.writeString(settings.directory().resolve("results.md"), results);
    }
}
