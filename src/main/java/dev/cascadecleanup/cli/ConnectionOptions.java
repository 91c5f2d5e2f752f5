package dev.cascadecleanup.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the database is. What is not given comes from Flyway's own settings. */
final class ConnectionOptions {

    @Option(
            names = "--url",
            paramLabel = "<url>",
            order = 1,
            description = "jdbc:postgresql://host:port/database, for CockroachDB too.")
    private @Nullable String url;

    @Option(names = "--user", paramLabel = "<name>", order = 2, description = "Whom to connect as.")
    private @Nullable String user;

    @Option(
            names = "--password",
            paramLabel = "<password>",
            order = 3,
            arity = "0..1",
            fallbackValue = ASK,
            description = {
                "Without a value: ask for it. With one, ps shows it to everyone on this machine: rather use"
                        + " CASCADE_CLEANUP_PASSWORD, FLYWAY_PASSWORD, or the pgpass file (PGPASSFILE)."
            })
    private @Nullable String password;

    @Option(
            names = "--config",
            paramLabel = "<file>",
            order = 4,
            split = ",",
            description = {
                "Flyway settings, *.toml or *.conf, instead of flyway.toml, flyway.user.toml or flyway.conf here, in the home"
                        + " directory, or in conf/ next to this jar."
            })
    private @Nullable List<Path> configuration;

    @Option(
            names = "--environment",
            paramLabel = "<name>",
            order = 5,
            description = "Of flyway.toml; else its flyway.environment, else default.")
    private @Nullable String environment;

    /** No password: an option cannot hold a NUL. */
    private static final String ASK = "\0";

    @Nullable
    String url() {
        return url;
    }

    @Nullable
    String user() {
        return user;
    }

    /** As given on the command line, or null. */
    @Nullable
    String password() {
        return asksForPassword() ? null : password;
    }

    boolean asksForPassword() {
        return ASK.equals(password);
    }

    @Nullable
    List<Path> configuration() {
        return configuration;
    }

    @Nullable
    String environment() {
        return environment;
    }
}
