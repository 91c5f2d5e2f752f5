package dev.cascadecleanup.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Whoever builds the same sources gets the same jars, byte for byte. */
class ReproducibleIT {

    @Test
    @EnabledIfSystemProperty(named = "cascade.matrix", matches = "true", disabledReason = "part of mvn verify -Pmatrix")
    void anotherBuildElsewhereMakesTheSameJars() throws IOException {
        Path again = Consumers.copyOfThisProject();
        Consumers.maven(again, "-Dmaven.test.skip=true", "clean", "package")
                .environment(Map.of("MAVEN_OPTS", "-Duser.timezone=Pacific/Auckland -Duser.language=tr"))
                .run()
                .requireSuccess();
        SortedMap<String, String> ours = hashes(Path.of("target"));
        assertThat(ours).hasSizeGreaterThanOrEqualTo(4);
        assertThat(hashes(again.resolve("target"))).isEqualTo(ours);
    }

    private static SortedMap<String, String> hashes(Path target) throws IOException {
        SortedMap<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.list(target)) {
            files.filter(file -> file.getFileName().toString().matches("flyway-cascade-cleanup-.*\\.jar"))
                    .forEach(file -> hashes.put(file.getFileName().toString(), sha256(file)));
        }
        return hashes;
    }

    private static String sha256(Path file) {
        try {
            return new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)))
                    .toString(16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
