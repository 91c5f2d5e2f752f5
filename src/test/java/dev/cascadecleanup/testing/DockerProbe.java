package dev.cascadecleanup.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;
import org.testcontainers.utility.DockerImageName;

/**
 * Finds out within a minute, on a machine with nothing to do at once, whether Testcontainers could run an image. Testcontainers itself takes its time over the same
 * question: its {@code isDockerAvailable()} pulls a helper image, and against a daemon that cannot pull it gave up after
 * seven minutes.
 */
final class DockerProbe {

    private static final int LIMIT_SECONDS = 60;

    private final DockerImageName image;
    private volatile String step;

    private DockerProbe(DockerImageName image) {
        this.image = image;
    }

    /** @throws UnreachableServerException with the reason, if the image cannot be run here */
    static void require(DockerImageName image) {
        new DockerProbe(image).runBounded();
    }

    private void runBounded() {
        FutureTask<Void> probe = new FutureTask<>(this::run, null);
        Thread thread = new Thread(probe, "docker-probe");
        thread.setDaemon(true); // not every wait of the Docker client can be interrupted
        thread.start();
        try {
            probe.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            probe.cancel(true);
            throw new UnreachableServerException(step + ": no success within " + LIMIT_SECONDS + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error; // a broken class path, not a missing Docker
            }
            throw new UnreachableServerException(
                    step + ": " + String.valueOf(e.getCause().getMessage()).strip(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + step, e);
        }
    }

    private void run() {
        step = "looking for a Docker daemon";
        TransportConfig config = DockerClientFactory.instance().getTransportConfig();
        DockerClient docker = DockerClientProviderStrategy.getClientForConfig(config);

        step = "looking for the image " + image;
        if (!isLocal(docker)) {
            step = "pulling the image " + image + ", which is not local";
            requirePullable(docker);
        }

        step = "starting the helper container testcontainers/ryuk (not needed with TESTCONTAINERS_RYUK_DISABLED=true)";
        DockerClientFactory.instance().client();
    }

    private boolean isLocal(DockerClient docker) {
        try {
            docker.inspectImageCmd(image.asCanonicalNameString()).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** The daemon says "Pulling from" once it has the manifest. The pull itself may take longer, and Testcontainers does it. */
    private void requirePullable(DockerClient docker) {
        ManifestSeen manifestSeen = new ManifestSeen();
        try {
            docker.pullImageCmd(image.getUnversionedPart())
                    .withTag(image.getVersionPart())
                    .exec(manifestSeen)
                    .awaitCompletion();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!manifestSeen.seen) {
            throw new IllegalStateException("the registry did not offer it");
        }
    }

    private static final class ManifestSeen extends ResultCallback.Adapter<PullResponseItem> {

        private volatile boolean seen;

        @Override
        public void onNext(PullResponseItem item) {
            if (item.getStatus() != null && item.getStatus().startsWith("Pulling from")) {
                seen = true;
                try {
                    close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
