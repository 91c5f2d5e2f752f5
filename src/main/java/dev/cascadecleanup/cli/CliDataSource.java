package dev.cascadecleanup.cli;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** Connects when it is asked to, with the password from wherever there is one, and says in one line why it cannot. */
final class CliDataSource implements DataSource {

    /** It would print what it cannot read of a URL. Held here, so that its level stays. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    private static final String URL_PREFIX = "jdbc:postgresql:";
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/?]*)(?:/[^?]*)?(\\?.*)?");
    private static final String CONNECT_TIMEOUT_SECONDS = "10";
    private static final String CONNECTION_REFUSED_BY_SERVER = "08004";
    private static final String INVALID_PASSWORD = "28P01";
    private static final String AUTHORIZATION_CLASS = "28";
    private static final String CONNECTION_CLASS = "08";
    private static final String NO_SUCH_DATABASE = "3D000";

    private final String url;
    private final Properties properties;
    private final Terminal terminal;
    private final Interruption interruption;
    private final boolean readOnly;

    /**
     * @param properties of the driver; the password among them if it is known
     * @param readOnly whether every statement runs in a read-only transaction
     */
    CliDataSource(String url, Properties properties, Terminal terminal, Interruption interruption, boolean readOnly) {
        if (!url.startsWith(URL_PREFIX)) {
            throw new CliException("the URL " + new JdbcUrl(url).shown()
                    + " names neither PostgreSQL nor CockroachDB; both begin with " + URL_PREFIX
                    + "//. Check --url, or Flyway's own");
        }
        DRIVER.setLevel(Level.OFF);
        this.url = url;
        this.properties = properties;
        this.terminal = terminal;
        this.interruption = interruption;
        this.readOnly = readOnly;
        properties.putIfAbsent("ApplicationName", CascadeCommand.NAME);
        properties.putIfAbsent("connectTimeout", CONNECT_TIMEOUT_SECONDS);
    }

    /** The same for another database of the server. */
    CliDataSource of(String database) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw new CliException("the URL names no host; say jdbc:postgresql://host/database");
        }
        String parameters = matcher.group(2) == null ? "" : matcher.group(2);
        return new CliDataSource(
                matcher.group(1) + "/" + database + parameters, properties, terminal, interruption, readOnly);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = connect();
        interruption.watch(connection);
        return readOnly ? ReadOnlyConnection.around(connection) : connection;
    }

    private Connection connect() {
        try {
            return new Driver().connect(url, properties);
        } catch (SQLException e) {
            if (wantsPassword(e) && terminal.person().isPresent()) {
                askForPassword();
                return connectWithPassword();
            }
            throw unreachable(e);
        }
    }

    private Connection connectWithPassword() {
        try {
            return new Driver().connect(url, properties);
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    /** Asks for the password now. */
    void askForPassword() {
        char[] password = terminal.person()
                .orElseThrow(() ->
                        new CliException("nobody can be asked for the password here; set CASCADE_CLEANUP_PASSWORD"))
                .secret("Password of " + properties.getProperty("user", System.getProperty("user.name")) + ": ");
        if (password == null) {
            throw new CliException("no password was typed; set CASCADE_CLEANUP_PASSWORD, or use .pgpass");
        }
        properties.setProperty("password", new String(password));
    }

    private boolean wantsPassword(SQLException e) {
        return !properties.containsKey("password")
                && (INVALID_PASSWORD.equals(e.getSQLState())
                        || (CONNECTION_REFUSED_BY_SERVER.equals(e.getSQLState())
                                && String.valueOf(e.getMessage()).contains("password")));
    }

    private CliException unreachable(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String next;
        if (wantsPassword(e)) {
            next = "Give the password in CASCADE_CLEANUP_PASSWORD, FLYWAY_PASSWORD or .pgpass";
        } else if (state.startsWith(AUTHORIZATION_CLASS)) {
            next = "Check --user and the password";
        } else if (state.equals(NO_SUCH_DATABASE)) {
            next = "Check the database in the URL";
        } else if (state.startsWith(CONNECTION_CLASS)) {
            next = "Check that the server runs and that host and port are right";
        } else {
            next = "Check the URL";
        }
        JdbcUrl shown = new JdbcUrl(url);
        String message = String.valueOf(e.getMessage());
        String reason = shown.withoutSecrets(message, properties)
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("\\.? Check that .*|\\.$", "");
        // A stack trace would show the driver's own words.
        SQLException cause = shown.isSecretIn(e, properties) ? null : e;
        return new CliException("cannot connect to " + shown.shown() + ": " + reason + ". " + next, cause);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        // There is nothing to log.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        properties.setProperty("loginTimeout", Integer.toString(seconds));
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
