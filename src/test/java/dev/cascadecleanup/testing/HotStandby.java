package dev.cascadecleanup.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * A PostgreSQL of its own with a hot standby that streams from it. A commit on the primary returns when the standby has applied it
 * (synchronous_commit = remote_apply), so that nobody has to wait for anything.
 */
public final class HotStandby implements AutoCloseable {

    /** What a base backup leaves out (manual, 26.3.4). */
    private static final List<String> LEFT_OUT =
            List.of("postmaster.pid", "postmaster.opts", "pg_wal", "pg_replslot", "epg-lock");

    private final Path directory;
    private final Path standbyDirectory;
    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres standby;
    private final TestServer server;

    private HotStandby(int major) throws IOException, SQLException {
        directory = Postgres.dataDirectory();
        standbyDirectory = Postgres.dataDirectory();
        primary = Postgres.builder(major)
                .setDataDirectory(directory)
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "remote_apply")
                .setServerConfig("synchronous_standby_names", "*")
                .start();
        server = new TestServer("PostgreSQL " + major + " with a standby", DatabaseKind.POSTGRESQL, () -> endpoint());
        copy();
        standby = Postgres.builder(major)
                .setDataDirectory(standbyDirectory)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .start();
    }

    /** Of the newest version. */
    public static HotStandby start() throws IOException, SQLException {
        return new HotStandby(Postgres.newestMajor());
    }

    /** The primary. */
    public TestServer primary() {
        return server;
    }

    private Endpoint endpoint() throws SQLException {
        return Endpoint.connect(url(primary), "postgres", "");
    }

    private static String url(EmbeddedPostgres postgres) {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres";
    }

    /** The URL of the same database on the standby. */
    public String urlOf(TestDatabase database) throws SQLException {
        return Endpoint.connect(url(standby), "postgres", "").urlOf(database.name());
    }

    /** The same database on the standby. */
    public DataSource dataSource(TestDatabase database) throws SQLException {
        return Endpoint.dataSource(urlOf(database), "postgres", "");
    }

    /** There is no pg_basebackup among the embedded binaries. */
    private void copy() throws IOException, SQLException {
        try (Connection connection =
                        Endpoint.dataSource(url(primary), "postgres", "").getConnection();
                Statement statement = connection.createStatement()) {
            boolean renamed = connection.getMetaData().getDatabaseMajorVersion() >= 15;
            statement.execute(
                    renamed ? "SELECT pg_backup_start('copy', true)" : "SELECT pg_start_backup('copy', true, false)");
            copyFiles();
            try (ResultSet row = statement.executeQuery(
                    renamed
                            ? "SELECT labelfile FROM pg_backup_stop(false)"
                            : "SELECT labelfile FROM pg_stop_backup(false, false)")) {
                row.next();
                Files.writeString(standbyDirectory.resolve("backup_label"), row.getString(1));
            }
        }
        Files.createFile(standbyDirectory.resolve("standby.signal"));
        Files.writeString(
                standbyDirectory.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost user=postgres port=" + primary.getPort() + "'\n",
                StandardOpenOption.APPEND);
    }

    private void copyFiles() throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!folder.equals(directory)) {
                    Files.createDirectory(target(folder));
                }
                if (isLeftOut(folder)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!isLeftOut(file)) {
                    Files.copy(file, target(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        Files.createDirectories(standbyDirectory.resolve("pg_wal/archive_status"));
    }

    private Path target(Path file) {
        return standbyDirectory.resolve(directory.relativize(file).toString());
    }

    private static boolean isLeftOut(Path file) {
        return LEFT_OUT.contains(file.getFileName().toString());
    }

    /** The standby first: the primary would wait for it. */
    @Override
    public void close() throws IOException {
        standby.close();
        primary.close();
        try (Stream<Path> files = Files.walk(standbyDirectory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
