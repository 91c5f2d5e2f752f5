package dev.cascadecleanup.online;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** Tries to insert rows of users that do not exist, as fast as it can, and counts how many get in. */
final class OrphanInserter implements AutoCloseable {

    private static final String FOREIGN_KEY_VIOLATION = "23503";
    /** Other ways for a statement to lose, which CockroachDB has during a schema change. */
    private static final Set<String> LOST = Set.of("40001", "40003", "XXUUU");

    private static final long FIRST_ID = 5_000_000;

    private final String table;
    private final Background<Void> loop;
    private volatile boolean stopped;
    private volatile long refused;
    private volatile long admitted;

    private OrphanInserter(TestDatabase database, String table) throws SQLException {
        this.table = table;
        Connection connection = database.connect();
        this.loop = Background.start("orphans of " + table, () -> run(connection));
    }

    static OrphanInserter start(TestDatabase database, String table) throws Exception {
        OrphanInserter inserter = new OrphanInserter(database, table);
        Until.isTrue(
                "an orphan of " + table + " is refused",
                () -> inserter.refused + inserter.admitted > 0 || inserter.loop.isDone());
        return inserter;
    }

    private Void run(Connection connection) throws SQLException {
        try (connection;
                Statement statement = connection.createStatement()) {
            for (long id = FIRST_ID; !stopped; id++) {
                try {
                    statement.execute("INSERT INTO " + table + " VALUES (" + id + ", -1, 'orphan')");
                    admitted++;
                } catch (SQLException e) {
                    if (FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                        refused++;
                    } else if (!LOST.contains(e.getSQLState())) {
                        throw e;
                    }
                }
            }
        }
        return null;
    }

    long admitted() {
        return admitted;
    }

    @Override
    public String toString() {
        return table + ": " + refused + " orphans refused, " + admitted + " admitted";
    }

    @Override
    public void close() throws Exception {
        stopped = true;
        loop.join();
    }
}
