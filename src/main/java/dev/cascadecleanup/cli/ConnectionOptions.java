package dev.cascadecleanup.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the database is. What is not given comes from Flyway's own settings. */
final class ConnectionOptions {

    @Option(
            names = "--url",
            paramLabel = "<url>",
            order = 1,
            description = "jdbc:postgresql://host:port/database, for CockroachDB too.")
    private String url;

    @Option(names = "--user", paramLabel = "<name>", order = 2, description = "Whom to connect as.")
    private String user;

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
    private String password;

    @Option(
            names = "--config",
            paramLabel = "<file>",
            order = 4,
            split = ",",
            description = {
                "Flyway settings, *.toml or *.conf, instead of flyway.toml, flyway.user.toml or flyway.conf here, in the home"
                        + " directory, or in conf/ next to this jar."
            })
    private List<Path> configuration;

    @Option(
            names = "--environment",
            paramLabel = "<name>",
            order = 5,
            description = "Of flyway.toml; else its flyway.environment, else default.")
    private String environment;

    /** No password: an option cannot hold a NUL. */
    private static final String ASK = "\0";

    String url() {
        return url;
    }

    String user() {
        return user;
    }

    /** As given on the command line, or null. */
    String password() {
        return asksForPassword() ? null : password;
    }

    boolean asksForPassword() {
        return ASK.equals(password);
    }

    List<Path> configuration() {
        return configuration;
    }

    String environment() {
        return environment;
    }
}
