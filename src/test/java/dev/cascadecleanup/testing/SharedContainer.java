package dev.cascadecleanup.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;

/**
 * One CockroachDB node for all JVMs of a build: the first starts it, the last removes it. On two cores three nodes at once do not get up
 * within any time-out. Who still needs it holds a shared lock on a file, which the system takes away from a JVM that is killed.
 */
final class SharedContainer {

    /** A slow machine with three JVMs on it; Testcontainers' own is one minute. */
    private static final Duration START = Duration.ofMinutes(6);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final ExposedPort SQL = ExposedPort.tcp(26257);
    private static final String USER = "root";
    /** More than a whole build fills, dropped databases included; taken as it is filled. */
    private static final String MEMORY = "3GiB";
    /**
     * The node is written in Go, whose collector takes a good part of its time by default: between two collections the heap may become five times
     * what it was, within this limit (which versions before v23.1 do not know).
     */
    private static final List<String> ENVIRONMENT = List.of("GOGC=400", "GOMEMLIMIT=4GiB");

    /**
     * What the vendor recommends for local tests (manual, Local Testing), as it does the store in memory, but for jobs.registry.interval.cancel = 180s, with which PAUSE and
     * RESUME JOB take minutes, and for what it leaves of old versions: whatever has been dropped is read with every look at the catalog
     * until it is gone, and a proof's transaction must not be older than that. Schema changes take half the time.
     */
    private static final List<String> SETTINGS = List.of(
            "SET CLUSTER SETTING kv.raft_log.disable_synchronization_unsafe = true",
            "SET CLUSTER SETTING kv.range_merge.queue_interval = '50ms'",
            "SET CLUSTER SETTING kv.range_split.by_load_merge_delay = '5s'",
            "SET CLUSTER SETTING jobs.registry.interval.gc = '30s'",
            "SET CLUSTER SETTING jobs.registry.interval.adopt = '1s'",
            "SET CLUSTER SETTING jobs.retention_time = '15s'",
            "SET CLUSTER SETTING sql.stats.automatic_collection.enabled = false",
            "SET CLUSTER SETTING timeseries.storage.enabled = false",
            "ALTER RANGE default CONFIGURE ZONE USING gc.ttlseconds = 60",
            "ALTER DATABASE system CONFIGURE ZONE USING gc.ttlseconds = 300");

    private final DockerImageName image;
    private final Path description;
    private final Path users;
    private final Path guard;

    private SharedContainer(DockerImageName image) {
        this.image = image;
        Path folder = Path.of(System.getProperty("cascade.run", "target/runs/alone"), "containers");
        String name = image.asCanonicalNameString().replaceAll("[^\\w.-]", "_");
        this.description = folder.resolve(name);
        this.users = folder.resolve(name + ".users");
        this.guard = folder.resolve(name + ".guard");
    }

    static SharedContainer of(DockerImageName image) {
        return new SharedContainer(image);
    }

    Endpoint endpoint() throws SQLException {
        try {
            Files.createDirectories(description.getParent());
            try (FileChannel channel = open(guard);
                    FileLock alone = channel.lock()) {
                use();
                List<String> known = Files.exists(description) ? Files.readAllLines(description) : List.of();
                if (known.isEmpty() || !isRunning(known.get(0))) {
                    known = start();
                    Files.write(description, known);
                }
                return Endpoint.connect(known.get(1), known.get(2), known.get(3));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the container of " + image + " cannot be shared", e);
        }
    }

    /** From now on, and until the end of this JVM. */
    @SuppressWarnings("resource") // the lock lasts as long as the channel
    private void use() throws IOException {
        FileChannel channel = open(users);
        FileLock shared = channel.lock(0, Long.MAX_VALUE, true);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> removeIfLast(channel, shared)));
    }

    private void removeIfLast(FileChannel channel, FileLock shared) {
        try (channel) {
            shared.release();
            try (FileLock alone = channel.tryLock()) {
                if (alone != null && Files.exists(description)) {
                    String id = Files.readAllLines(description).get(0);
                    Files.delete(description);
                    DockerClientFactory.lazyClient()
                            .removeContainerCmd(id)
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec();
                }
            }
        } catch (IOException | RuntimeException e) {
            System.err.println("a container of " + image + " may remain: " + e);
        }
    }

    private static boolean isRunning(String id) {
        try {
            return Boolean.TRUE.equals(DockerClientFactory.lazyClient()
                    .inspectContainerCmd(id)
                    .exec()
                    .getState()
                    .getRunning());
        } catch (NotFoundException e) {
            return false;
        }
    }

    /**
     * Its ID, URL, user and password. Not by Testcontainers' own class, which marks what it starts to be removed with the JVM that
     * happened to be the first.
     */
    private List<String> start() throws SQLException {
        DockerClient docker = DockerClientFactory.lazyClient();
        String id = docker.createContainerCmd(new RemoteDockerImage(image).get())
                .withCmd("start-single-node", "--insecure", "--store=type=mem,size=" + MEMORY)
                .withEnv(ENVIRONMENT)
                .withExposedPorts(SQL)
                .withHostConfig(HostConfig.newHostConfig().withPublishAllPorts(true))
                .exec()
                .getId();
        docker.startContainerCmd(id).exec();
        Ports.Binding[] bindings = docker.inspectContainerCmd(id)
                .exec()
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .get(SQL);
        String url = "jdbc:postgresql://" + DockerClientFactory.instance().dockerHostIpAddress() + ":"
                + bindings[0].getHostPortSpec() + "/defaultdb?sslmode=disable";
        set(url);
        return List.of(id, url, USER, "");
    }

    /** Asks until it answers; while it starts it answers once and breaks off again. */
    private static void set(String url) throws SQLException {
        long start = System.nanoTime();
        while (true) {
            try (Connection connection = Endpoint.dataSource(url, USER, "").getConnection();
                    Statement statement = connection.createStatement()) {
                for (String setting : SETTINGS) {
                    trySetting(statement, setting);
                }
                return;
            } catch (SQLException e) {
                if (System.nanoTime() - start > START.toNanos()) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        }
    }

    /** Versions rename and retire settings; the tests pass without, and take longer. */
    private static void trySetting(Statement statement, String setting) throws SQLException {
        try {
            statement.execute(setting);
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith("08")) {
                throw e;
            }
            System.err.println(setting + ": " + e.getMessage());
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
}
