package dev.cascadecleanup.testing;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The binaries of one PostgreSQL version, from the jar that the build put under target/. They are not on the class path,
 * because the archives of all versions have the same name there.
 */
record PostgresBinaries(int major) implements PgBinaryResolver {

    private static final Path DIRECTORY = Path.of("target", "postgres-binaries");

    @Override
    public InputStream getPgBinary(String system, String machineHardware) throws IOException {
        Path jar = DIRECTORY.resolve(major + ".jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar.toAbsolutePath()
                    + " is missing: run 'mvn generate-test-resources' in the project directory first");
        }
        try (ZipInputStream entries = new ZipInputStream(Files.newInputStream(jar))) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entry.getName().endsWith(".txz")) {
                    return new ByteArrayInputStream(entries.readAllBytes());
                }
            }
        }
        throw new IllegalStateException("no .txz in " + jar.toAbsolutePath());
    }
}
