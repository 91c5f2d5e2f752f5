package dev.cascadecleanup.benchmark;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What is to be run, from system properties that begin with {@code benchmark.}
 *
 * @param sizes the databases, one after the other
 * @param rounds how often each way is run on each of them
 * @param ways the ways, in the order of the first round
 * @param users the rows of users
 * @param clients the number of connections that put load on the server
 * @param rate the requests of each of them in a second
 * @param leadIn how long the clients are there before the work begins, to warm up the server
 * @param leadOut how long they stay after it
 * @param foreignKeys for how many foreign keys catalog reading, planning and a run with nothing to do are measured
 * @param tables of how many tables the schemas are on which an audit, a plan and a proof are measured
 * @param directory where the results go
 */
record Settings(
        List<Size> sizes,
        int rounds,
        List<Way> ways,
        int users,
        int clients,
        int rate,
        Duration leadIn,
        Duration leadOut,
        List<Integer> foreignKeys,
        List<Integer> tables,
        Path directory) {

    /** The properties that are not set, or empty, have the values of the issue; {@code none} is no size at all. */
    static Settings of(Properties properties) {
        return new Settings(
                Size.parseList(text(properties, "benchmark.sizes", "32x300000")),
                number(properties, "benchmark.rounds", 3),
                Stream.of(text(properties, "benchmark.ways", Way.usual()).split(","))
                        .map(Settings::way)
                        .toList(),
                number(properties, "benchmark.users", 100_000),
                number(properties, "benchmark.clients", 6),
                number(properties, "benchmark.rate", 100),
                Duration.ofSeconds(number(properties, "benchmark.lead-in", 5)),
                Duration.ofSeconds(number(properties, "benchmark.lead-out", 1)),
                numbers(properties, "benchmark.foreign-keys"),
                numbers(properties, "benchmark.tables"),
                Path.of(text(properties, "benchmark.directory", "target/benchmark")));
    }

    /** The same with the results somewhere else. */
    Settings in(Path other) {
        return new Settings(sizes, rounds, ways, users, clients, rate, leadIn, leadOut, foreignKeys, tables, other);
    }

    private static List<Integer> numbers(Properties properties, String name) {
        return Stream.of(text(properties, name, "").split(","))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(Integer::valueOf)
                .toList();
    }

    private static int number(Properties properties, String name, int otherwise) {
        return Integer.parseInt(text(properties, name, String.valueOf(otherwise)));
    }

    private static String text(Properties properties, String name, String otherwise) {
        String text = properties.getProperty(name, "");
        return text.isBlank() ? otherwise : text;
    }

    private static Way way(String text) {
        return Way.valueOf(text.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
