package dev.cascadecleanup.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The embedded PostgreSQL servers, one per supported major version. The system property {@code cascade.test.postgres}
 * (such as {@code 18} or {@code 14,18}) limits them.
 */
public final class Postgres {

    private static final String SELECTION = "cascade.test.postgres";
    private static final String NONE = "none";
    private static final List<Integer> SUPPORTED = List.of(14, 15, 16, 17, 18);
    private static final Path RAM_DISK = Path.of("/dev/shm");
    private static final long RAM_DISK_SPACE = 4L << 30;
    private static final List<EmbeddedPostgres> STARTED = new CopyOnWriteArrayList<>();
    private static final NavigableMap<Integer, TestServer> SELECTED = select(System.getProperty(SELECTION, ""));

    private Postgres() {}

    /** The newest selected server, for tests that need PostgreSQL but not each of them. */
    public static TestServer newest() {
        return SELECTED.lastEntry().getValue();
    }

    /** The selected servers, oldest first. */
    public static List<TestServer> all() {
        return List.copyOf(SELECTED.values());
    }

    /** The ends of what is supported, as far as selected. */
    static List<TestServer> oldestAndNewest() {
        return Stream.of(SELECTED.firstEntry(), SELECTED.lastEntry())
                .filter(Objects::nonNull)
                .distinct()
                .map(Map.Entry::getValue)
                .toList();
    }

    /**
     * Stops the servers and removes their files. Tests need not: the JVM does it at its exit. Inside Maven's own JVM, though, the
     * classes for that are gone by then, and 50 MB would stay behind.
     */
    public static void stopAll() throws IOException {
        for (EmbeddedPostgres postgres : STARTED) {
            postgres.close();
        }
    }

    /** A server that no other test uses, of the newest version: for tests that restart it. */
    public static TestServer another() {
        int major = SELECTED.lastKey();
        return new TestServer("another PostgreSQL " + major, DatabaseKind.POSTGRESQL, () -> start(major));
    }

    static int newestMajor() {
        return SELECTED.lastKey();
    }

    /** A server of the newest version with PostgreSQL's own defaults, on disk and with fsync: where times are measured. */
    static TestServer asItComes() {
        int major = SELECTED.lastKey();
        return new TestServer(
                "PostgreSQL " + major,
                DatabaseKind.POSTGRESQL,
                () -> start(
                        major,
                        EmbeddedPostgres.builder()
                                .setServerConfig("fsync", "on") // the library turns it off
                                .setServerConfig("synchronous_commit", "on") // and this
                                .setServerConfig("max_connections", "100"))); // and has 300
    }

    private static NavigableMap<Integer, TestServer> select(String selection) {
        if (selection.equals(NONE)) {
            return new TreeMap<>();
        }
        List<Integer> majors = selection.isBlank()
                ? SUPPORTED
                : Stream.of(selection.split(","))
                        .map(String::strip)
                        .map(Integer::valueOf)
                        .toList();
        if (!SUPPORTED.containsAll(majors)) {
            throw new IllegalArgumentException(SELECTION + "=" + selection + ": expected some of " + SUPPORTED);
        }
        NavigableMap<Integer, TestServer> servers = new TreeMap<>();
        for (int major : majors) {
            servers.put(major, new TestServer("PostgreSQL " + major, DatabaseKind.POSTGRESQL, () -> start(major)));
        }
        return servers;
    }

    /** A test waits for no disk. */
    private static Endpoint start(int major) throws SQLException {
        try {
            return start(
                    major,
                    EmbeddedPostgres.builder()
                            .setDataDirectory(dataDirectory())
                            .setServerConfig("fsync", "off")
                            .setServerConfig("synchronous_commit", "on") // PostgreSQL's default; the library's is off
                            .setServerConfig("max_connections", "200")
                            .setServerConfig("max_prepared_transactions", "10")
                            .setServerConfig("max_locks_per_transaction", "512")
                            .setServerConfig("wal_level", "logical") // for publications
                            .setServerConfig("max_wal_senders", "5")
                            .setServerConfig(
                                    "autovacuum_naptime", "1h") // it would visit dozens of templates each minute
                            .setServerConfig("max_wal_size", "256MB"));
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for PostgreSQL " + major, e);
        }
    }

    /** Works as root too: the library then runs PostgreSQL in a user namespace of its own. It stops it when the JVM exits. */
    private static Endpoint start(int major, EmbeddedPostgres.Builder builder) throws SQLException {
        try {
            EmbeddedPostgres postgres = of(major, builder).start();
            STARTED.add(postgres);
            return Endpoint.connect("jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres", "postgres", "");
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL " + major + " did not start", e);
        }
    }

    /** One that somebody else starts and closes. */
    static EmbeddedPostgres.Builder builder(int major) {
        return of(major, EmbeddedPostgres.builder());
    }

    private static EmbeddedPostgres.Builder of(int major, EmbeddedPostgres.Builder builder) {
        return builder.setPgBinaryResolver(new PostgresBinaries(major))
                .setPGStartupWait(Duration.ofMinutes(1))
                .setLocaleConfig("locale", "C");
    }

    /** In memory where there is room: copying a template takes 50 ms there, and up to 600 ms on a busy disk. */
    static Path dataDirectory() throws IOException {
        boolean inMemory = Files.isWritable(RAM_DISK) && RAM_DISK.toFile().getUsableSpace() >= RAM_DISK_SPACE;
        return inMemory ? Files.createTempDirectory(RAM_DISK, "epg") : Files.createTempDirectory("epg");
    }
}
