package dev.cascadecleanup.testing;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.cockroachdb.CockroachContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * CockroachDB nodes in containers, one for each image that {@code cascade.test.cockroach.image} names, comma-separated; {@code none}
 * leaves them out.
 */
final class CockroachInDocker {

    private static final String OFFICIAL_IMAGE = "cockroachdb/cockroach";
    private static final List<TestServer> SERVERS = Stream.of(
                    System.getProperty("cascade.test.cockroach.image", OFFICIAL_IMAGE + ":v25.2.2")
                            .split(","))
            .map(String::strip)
            .filter(image -> !image.equals("none"))
            .map(image -> DockerImageName.parse(image).asCompatibleSubstituteFor(OFFICIAL_IMAGE))
            .map(image -> new TestServer(
                    "CockroachDB " + image.getVersionPart() + " (container)",
                    DatabaseKind.COCKROACHDB,
                    () -> start(image)))
            .toList();

    private CockroachInDocker() {}

    static List<TestServer> servers() {
        return SERVERS;
    }

    @SuppressWarnings("resource") // Testcontainers removes the container when the JVM exits
    private static Endpoint start(DockerImageName image) throws SQLException {
        DockerProbe.require(image);
        CockroachContainer container = new CockroachContainer(image);
        container.start();
        return Endpoint.connect(container.getJdbcUrl(), container.getUsername(), container.getPassword());
    }
}
