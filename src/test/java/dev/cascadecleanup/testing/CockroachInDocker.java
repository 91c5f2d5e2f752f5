package dev.cascadecleanup.testing;

import java.sql.SQLException;
import org.testcontainers.cockroachdb.CockroachContainer;
import org.testcontainers.utility.DockerImageName;

/** A CockroachDB node in a container, of the image that {@code cascade.test.cockroach.image} names. */
final class CockroachInDocker {

    private static final String OFFICIAL_IMAGE = "cockroachdb/cockroach";
    private static final DockerImageName IMAGE = DockerImageName.parse(
                    System.getProperty("cascade.test.cockroach.image", OFFICIAL_IMAGE + ":v25.2.2"))
            .asCompatibleSubstituteFor(OFFICIAL_IMAGE);

    private static final TestServer SERVER = new TestServer(
            "CockroachDB " + IMAGE.getVersionPart() + " (container)", DatabaseKind.COCKROACHDB, CockroachInDocker::start);

    private CockroachInDocker() {}

    static TestServer server() {
        return SERVER;
    }

    @SuppressWarnings("resource") // Testcontainers removes the container when the JVM exits
    private static Endpoint start() throws SQLException {
        DockerProbe.require(IMAGE);
        CockroachContainer container = new CockroachContainer(IMAGE);
        container.start();
        return Endpoint.connect(container.getJdbcUrl(), container.getUsername(), container.getPassword());
    }
}
