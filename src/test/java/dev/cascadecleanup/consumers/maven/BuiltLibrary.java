package dev.cascadecleanup.consumers.maven;

import java.io.File;
import java.util.List;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.repository.WorkspaceReader;
import org.eclipse.aether.repository.WorkspaceRepository;

/**
 * Gives the Maven runs of the consumers the jars that this build has made, straight from {@code target/}, as an IDE does for the
 * projects that it has open. So they need no {@code install}: what this build makes gets into nobody's local repository, and
 * everything else comes from the one that this build uses itself.
 *
 * <p>It runs inside Maven: nothing of the tests is on its class path.
 */
public final class BuiltLibrary implements WorkspaceReader {

    private final WorkspaceRepository repository = new WorkspaceRepository("library under test");
    private final File root = new File(System.getProperty("library.root"));
    private final String groupId = System.getProperty("library.groupId");
    private final String artifactId = System.getProperty("library.artifactId");
    private final String version = System.getProperty("library.version");

    @Override
    public WorkspaceRepository getRepository() {
        return repository;
    }

    @Override
    public File findArtifact(Artifact artifact) {
        if (!isLibrary(artifact) || !artifact.getVersion().equals(version)) {
            return null;
        }
        if (artifact.getExtension().equals("pom")) {
            return new File(root, "pom.xml");
        }
        String classifier = artifact.getClassifier().isEmpty() ? "" : "-" + artifact.getClassifier();
        File file = new File(root, "target/" + artifactId + "-" + version + classifier + "." + artifact.getExtension());
        return file.isFile() ? file : null;
    }

    @Override
    public List<String> findVersions(Artifact artifact) {
        return isLibrary(artifact) ? List.of(version) : List.of();
    }

    private boolean isLibrary(Artifact artifact) {
        return artifact.getGroupId().equals(groupId) && artifact.getArtifactId().equals(artifactId);
    }
}
