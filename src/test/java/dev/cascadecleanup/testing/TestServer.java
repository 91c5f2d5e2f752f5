package dev.cascadecleanup.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database server on which tests make databases. It is started (or connected to) when it is first needed, once per JVM,
 * and stays up until the JVM exits.
 */
public final class TestServer {

    /** Starts or finds the server; throws {@link UnreachableServerException} where this machine does not have it. */
    @FunctionalInterface
    interface Opening {
        Endpoint open() throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(TestServer.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);
    private static final int MOST_LOOKS = 500;

    private final String displayName;
    private final DatabaseKind kind;
    private final Opening opening;
    private final Map<String, TestDatabase> templates = new HashMap<>();

    private Endpoint endpoint;
    private IdleConnections connections;
    private RuntimeException openingFailure;

    TestServer(String displayName, DatabaseKind kind, Opening opening) {
        this.displayName = displayName;
        this.kind = kind;
        this.opening = opening;
    }

    /** Such as "PostgreSQL 18". */
    public String displayName() {
        return displayName;
    }

    /** Which of the two databases this is. */
    public DatabaseKind kind() {
        return kind;
    }

    public boolean isCockroach() {
        return kind == DatabaseKind.COCKROACHDB;
    }

    /** The major version: 14 to 18 for PostgreSQL, the year (21 for v21.1) for CockroachDB. */
    public int major() {
        return endpoint().major();
    }

    /** Skips the test unless this is PostgreSQL of at least this major version. */
    public void assumeMajorAtLeast(int postgresMajor) {
        Assumptions.assumeTrue(
                !isCockroach() && major() >= postgresMajor,
                () -> "needs PostgreSQL " + postgresMajor + " or later, not " + displayName);
    }

    /** Skips the test on CockroachDB. */
    public void assumePostgres() {
        Assumptions.assumeTrue(!isCockroach(), () -> "needs PostgreSQL, not " + displayName);
    }

    /** Skips the test on PostgreSQL. */
    public void assumeCockroach() {
        Assumptions.assumeTrue(isCockroach(), () -> "needs CockroachDB, not " + displayName);
    }

    /** Makes an empty database under a random name; closing it drops it. */
    public TestDatabase createDatabase() throws SQLException {
        return create("");
    }

    /**
     * Makes a copy of a PostgreSQL database to which nobody is connected, in some 50 ms for a schema of 60 tables.
     *
     * @throws UnsupportedOperationException on CockroachDB, which has no template databases; {@link #databaseOf} works on both
     */
    public TestDatabase createDatabaseFrom(TestDatabase template) throws SQLException {
        if (isCockroach()) {
            throw new UnsupportedOperationException("CockroachDB cannot copy a database; use databaseOf(key, build)");
        }
        template.disconnect();
        endSessions(template.name());
        return create(" TEMPLATE " + template.name());
    }

    /**
     * Makes a database with the contents that {@code build} gives it. On PostgreSQL {@code build} runs once per server and
     * key, and every call returns a copy of its result, so that a schema of sixty migrations costs no more than an empty
     * one; on CockroachDB it runs each time. It must leave no connection open.
     *
     * @param key names the contents; equal keys must mean equal builds
     */
    public TestDatabase databaseOf(String key, DatabaseBuild build) throws SQLException {
        return isCockroach() ? built(build) : createDatabaseFrom(template(key, build));
    }

    private synchronized TestDatabase template(String key, DatabaseBuild build) throws SQLException {
        TestDatabase template = templates.get(key);
        if (template == null) {
            template = built(build);
            templates.put(key, template);
        }
        return template;
    }

    private TestDatabase built(DatabaseBuild build) throws SQLException {
        TestDatabase database = createDatabase();
        try {
            build.build(database);
            return database;
        } catch (Throwable e) {
            try (database) { // a failure to drop it is to come second
                throw e;
            }
        }
    }

    private TestDatabase create(String options) throws SQLException {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        // In place of logging each page, as every version before 15 does anyway.
        String copying = isCockroach() || major() < 15 ? "" : " STRATEGY FILE_COPY";
        execute("CREATE DATABASE " + name + options + copying);
        return new TestDatabase(this, name);
    }

    /**
     * Ends whoever is connected to a PostgreSQL database, and returns when they are gone. CREATE DATABASE and DROP DATABASE do that too, but
     * look again only after 100 ms, and a session outlives its connection by some milliseconds.
     */
    void endSessions(String database) throws SQLException {
        connections().with(connection -> {
            for (int look = 0; look < MOST_LOOKS && isConnectedTo(connection, database); look++) {
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
            return null;
        });
    }

    private static boolean isConnectedTo(Connection connection, String database) throws SQLException {
        return !TestDatabase.rows(
                        connection,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?",
                        database)
                .isEmpty();
    }

    /** For servers that outlive the JVM. */
    synchronized void dropTemplates() {
        try {
            for (TestDatabase template : templates.values()) {
                template.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("test databases remain on " + displayName, e);
        }
    }

    /** Runs a statement in the database that belongs to the server itself. */
    void execute(String sql) throws SQLException {
        connections().with(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    /** The names of PostgreSQL's prepared transactions in this database, as literals. */
    List<String> preparedTransactions(String database) throws SQLException {
        List<List<Object>> rows = connections()
                .with(connection -> TestDatabase.rows(
                        connection, "SELECT quote_literal(gid) FROM pg_prepared_xacts WHERE database = ?", database));
        return rows.stream().map(row -> (String) row.get(0)).toList();
    }

    private synchronized IdleConnections connections() {
        if (connections == null) {
            connections = new IdleConnections(endpoint().dataSource(), isCockroach());
        }
        return connections;
    }

    /** What a server by URL is, is not known while it does not answer: its kind is null then, and it may be any. */
    boolean mayBeOneOf(List<DatabaseKind> kinds) {
        return kind == null || kinds.contains(kind);
    }

    void assumeReachable() {
        try {
            endpoint();
        } catch (UnreachableServerException e) {
            Assumptions.abort(displayName + " is not reachable: " + e.getMessage());
        }
    }

    /** The outcome is remembered either way: a server that did not start once must not cost every class its time-out. */
    synchronized Endpoint endpoint() {
        if (openingFailure != null) {
            throw openingFailure;
        }
        if (endpoint == null) {
            try {
                endpoint = opening.open();
            } catch (SQLException e) {
                openingFailure = new IllegalStateException(displayName + " cannot be used", e);
                throw openingFailure;
            } catch (UnreachableServerException e) {
                LOG.warn("{} is not reachable, its tests are skipped: {}", displayName, e.getMessage());
                openingFailure = e;
                throw e;
            } catch (RuntimeException e) {
                openingFailure = e;
                throw e;
            }
        }
        return endpoint;
    }

    @Override
    public String toString() {
        return displayName;
    }
}
