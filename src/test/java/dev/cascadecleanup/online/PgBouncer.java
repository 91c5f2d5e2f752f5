package dev.cascadecleanup.online;

import dev.cascadecleanup.testing.TestDatabase;
import java.io.File;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** A PgBouncer of this machine in front of a test database. */
final class PgBouncer implements AutoCloseable {

    private final Process process;
    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();

    private PgBouncer(Process process, TestDatabase database, int port) {
        this.process = process;
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName(database.name());
        dataSource.setUser(database.user());
        dataSource.setPrepareThreshold(0); // as PgBouncer's manual asks for
    }

    /** The program, if it is installed. */
    static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(directory -> Path.of(directory, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one. @param mode session or transaction */
    static PgBouncer start(TestDatabase database, String mode) throws Exception {
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setUrl(database.jdbcUrl());
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path directory = Files.createTempDirectory("pgbouncer");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path configuration = directory.resolve("pgbouncer.ini");
        Files.writeString(configuration, """
                [databases]
                * = host=127.0.0.1 port=%d user=%s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = %s
                server_round_robin = 1
                ignore_startup_parameters = extra_float_digits
                """.formatted(server.getPortNumbers()[0], database.user(), port, mode));
        List<String> command = new ArrayList<>(List.of(program().orElseThrow().toString()));
        if (System.getProperty("user.name").equals("root")) {
            // It refuses to run as root.
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(configuration.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        PgBouncer bouncer = new PgBouncer(process, database, port);
        Until.isTrue("pgbouncer answers: " + directory, bouncer::answers);
        return bouncer;
    }

    private boolean answers() {
        try (Connection connection = dataSource.getConnection()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Makes it open that many sessions, which take turns from then on. */
    void open(int sessions) throws SQLException {
        List<Connection> atOnce = new ArrayList<>();
        try {
            for (int i = 0; i < sessions; i++) {
                Connection connection = dataSource.getConnection();
                atOnce.add(connection);
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SELECT 1");
                }
            }
        } finally {
            for (Connection connection : atOnce) {
                connection.rollback(); // without which PgBouncer would close the session
                connection.close();
            }
        }
    }

    PGSimpleDataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        process.waitFor();
    }
}
