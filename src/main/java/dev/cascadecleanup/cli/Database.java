package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeCleanup;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Puts together what the command line, the environment and Flyway's settings say, and opens the facade on it. */
final class Database {

    /** Whether statements may write. */
    enum Access {
        READ_ONLY,
        READ_WRITE
    }

    private static final String PASSWORD_VARIABLE = "CASCADE_CLEANUP_PASSWORD";

    private final CascadeCommand command;
    private final ConnectionOptions connection;
    private final PlaceholderFlags options;

    Database(CascadeCommand command, ConnectionOptions connection, PlaceholderFlags options) {
        this.command = command;
        this.connection = connection;
        this.options = options;
    }

    /** @throws CliException if there is no URL, or a setting cannot be understood */
    CascadeCleanup open(Access access) {
        FlywaySettings.Found settings = settings();
        CascadeCleanup cleanup = CascadeCleanup.of(settings.flyway().dataSource(dataSource(settings, access)))
                .withConsole(new StderrConsole(command.terminal().err(), command.output()));
        return cleanup.withOptions(options.over(cleanup.options()));
    }

    /** Connections to it, without anything that Flyway's settings say about schemas and options. */
    CliDataSource dataSource(Access access) {
        return dataSource(settings(), access);
    }

    private FlywaySettings.Found settings() {
        return new FlywaySettings(command.terminal(), command.output()).load(connection);
    }

    private CliDataSource dataSource(FlywaySettings.Found settings, Access access) {
        String url = connection.url() != null ? connection.url() : settings.url();
        if (url == null) {
            throw new CliException(
                    settings.environments().isEmpty()
                            ? "no database is given; say --url jdbc:postgresql://host/database, or run this where flyway.toml or"
                                    + " flyway.conf is"
                            : "no database is given: flyway.toml has no environment default, but "
                                    + String.join(", ", settings.environments()) + "; choose with --environment "
                                    + settings.environments().get(0));
        }
        warnOfVisiblePassword();
        CliDataSource dataSource = new CliDataSource(
                url, properties(settings), command.terminal(), command.interruption(), access == Access.READ_ONLY);
        if (connection.asksForPassword()) {
            dataSource.askForPassword();
        }
        return dataSource;
    }

    private Properties properties(FlywaySettings.Found settings) {
        Properties properties = new Properties();
        properties.putAll(settings.jdbcProperties());
        String user = connection.user() != null ? connection.user() : settings.user();
        if (user != null) {
            properties.setProperty("user", user);
        }
        String password = password(settings);
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    private @Nullable String password(FlywaySettings.Found settings) {
        if (connection.password() != null) {
            return connection.password();
        }
        String password = command.terminal().environment().get(PASSWORD_VARIABLE);
        // One for another user, or of another server, is none.
        return password != null
                ? password
                : connection.url() == null && connection.user() == null
                        ? settings.password()
                        : command.terminal().environment().get("FLYWAY_PASSWORD");
    }

    private void warnOfVisiblePassword() {
        if (connection.password() != null
                || (connection.url() != null && new JdbcUrl(connection.url()).hasPassword())) {
            command.terminal()
                    .err()
                    .println(
                            "warning: a password on the command line is there for everyone on this machine to see (ps);"
                                    + " rather set " + PASSWORD_VARIABLE + " or use .pgpass");
        }
    }
}
