package dev.cascadecleanup.testing;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.Driver;

/**
 * The server that {@code cascade.test.url} names, if it is set: any PostgreSQL or CockroachDB, with a user
 * ({@code cascade.test.user} and {@code cascade.test.password}, or in the URL) that may create databases. Nothing in the
 * database of the URL is touched. What is not a system property may be in the environment, as {@code CASCADE_TEST_PASSWORD}.
 */
final class ServerByUrl {

    private static final String PROPERTY = "cascade.test.url";
    private static final Pattern URL = Pattern.compile("jdbc:postgresql://([^/?]+)/[^?]*(\\?.*)?");
    private static final Pattern CREDENTIAL = Pattern.compile("(?<=[?&])(user|password)=[^&]*(&|$)");
    private static final String CONNECTION_EXCEPTION_CLASS = "08";

    private static final Optional<TestServer> SERVER =
            Optional.ofNullable(set(PROPERTY, null)).map(ServerByUrl::find);

    private ServerByUrl() {}

    static Optional<TestServer> server() {
        return SERVER;
    }

    /** Connects at once, because only the server itself knows which of the two databases it is. */
    private static TestServer find(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    PROPERTY + "=" + url + ": expected jdbc:postgresql://host:port/database");
        }
        Properties parsed = Driver.parseURL(url, null);
        String user = set("cascade.test.user", parsed.getProperty("user"));
        String password = set("cascade.test.password", parsed.getProperty("password", ""));
        if (user == null) {
            throw new IllegalArgumentException(PROPERTY + " is set, cascade.test.user is not");
        }
        String address = matcher.group(1);
        try {
            Endpoint endpoint = Endpoint.connect(withoutCredentials(url), user, password);
            String name = endpoint.kind().displayName() + " " + endpoint.major() + " by URL " + address;
            TestServer server = new TestServer(name, endpoint.kind(), () -> endpoint);
            Runtime.getRuntime().addShutdownHook(new Thread(server::dropTemplates));
            return server;
        } catch (SQLException e) {
            return new TestServer("server by URL " + address, null, () -> {
                if (e.getSQLState().startsWith(CONNECTION_EXCEPTION_CLASS)) {
                    throw new UnreachableServerException(e.getMessage(), e);
                }
                throw e;
            });
        }
    }

    private static String set(String property, String otherwise) {
        String variable = property.replace('.', '_').toUpperCase(Locale.ROOT);
        String value = System.getProperty(property, System.getenv().getOrDefault(variable, ""));
        return value.isEmpty() ? otherwise : value;
    }

    /** In the URL they would win over those that a test passes beside it. */
    private static String withoutCredentials(String url) {
        return CREDENTIAL.matcher(url).replaceAll("").replaceAll("[?&]$", "");
    }
}
