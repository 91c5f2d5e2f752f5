package dev.cascadecleanup.testing;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.utility.DockerImageName;

/**
 * CockroachDB nodes in containers, one for each image that {@code cascade.test.cockroach.image} names, comma-separated; {@code none}
 * leaves them out. The JVMs of a build share them.
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

    private static Endpoint start(DockerImageName image) throws SQLException {
        DockerProbe.require(image);
        return SharedContainer.of(image).endpoint();
    }
}
