package dev.cascadecleanup.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Where a running server is, and what it is. The URL names some database of the server, and neither user nor password. */
record Endpoint(String url, String user, String password, DatabaseKind kind, int major) {

    private static final Pattern VERSION = Pattern.compile("(PostgreSQL|CockroachDB)\\D+(\\d+).*");

    /** Connects once, to see that the server answers and which one it is. */
    static Endpoint connect(String url, String user, String password) throws SQLException {
        try (Connection connection = dataSource(url, user, password).getConnection();
                Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("SELECT version()")) {
            version.next();
            Matcher matcher = VERSION.matcher(version.getString(1));
            if (!matcher.matches()) {
                throw new IllegalStateException(
                        url + " is neither PostgreSQL nor CockroachDB: " + version.getString(1));
            }
            DatabaseKind kind =
                    matcher.group(1).equals("PostgreSQL") ? DatabaseKind.POSTGRESQL : DatabaseKind.COCKROACHDB;
            return new Endpoint(url, user, password, kind, Integer.parseInt(matcher.group(2)));
        }
    }

    /** The URL of another database of the same server, with the same options; its sessions carry its name. */
    String urlOf(String database) {
        int databaseStart = url.indexOf('/', "jdbc:postgresql://".length()) + 1;
        int options = url.indexOf('?');
        return url.substring(0, databaseStart)
                + database
                + (options < 0 ? "?" : url.substring(options) + "&")
                + "ApplicationName="
                + database;
    }

    DataSource dataSource() {
        return dataSource(url, user, password);
    }

    static DataSource dataSource(String url, String user, String password) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }
}
