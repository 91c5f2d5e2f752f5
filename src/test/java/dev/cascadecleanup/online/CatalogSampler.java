package dev.cascadecleanup.online;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks at the catalog again and again: whether each table has a foreign key on its user column that is in force. */
final class CatalogSampler implements AutoCloseable {

    private final Set<String> tables;
    private final String query;
    private final Background<Void> loop;
    private final List<String> gaps = new ArrayList<>();
    private volatile boolean stopped;
    private volatile long samples;

    private CatalogSampler(TestDatabase database, Set<String> tables) throws SQLException {
        this.tables = tables;
        // On PostgreSQL a NOT VALID foreign key is in force for new rows. On CockroachDB one that is being added is not
        // yet.
        this.query = "SELECT t.relname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
                + " JOIN pg_class u ON u.oid = c.confrelid JOIN pg_attribute a ON a.attrelid = t.oid"
                + " WHERE c.contype = 'f' AND u.relname = 'users' AND a.attname = 'user_id' AND a.attnum = c.conkey[1]"
                + (database.server().isCockroach() ? " AND c.convalidated" : "")
                + (!database.server().isCockroach() && database.server().major() >= 18 ? " AND c.conenforced" : "");
        Connection connection = database.connect();
        this.loop = Background.start("catalog sampler", () -> run(connection));
    }

    static CatalogSampler start(TestDatabase database, String... tables) throws Exception {
        CatalogSampler sampler = new CatalogSampler(database, Set.of(tables));
        Until.isTrue("a first sample", () -> sampler.samples > 0 || sampler.loop.isDone());
        return sampler;
    }

    private Void run(Connection connection) throws SQLException {
        try (connection;
                PreparedStatement statement = connection.prepareStatement(query)) {
            while (!stopped) {
                Set<String> missing = new HashSet<>(tables);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        missing.remove(rows.getString(1));
                    }
                }
                if (!missing.isEmpty()) {
                    gaps.add("sample " + samples + ": " + missing);
                }
                samples++;
            }
        }
        return null;
    }

    /** The samples in which a table had none; to be read after {@link #close()}. */
    List<String> gaps() {
        return gaps;
    }

    @Override
    public String toString() {
        return samples + " samples of the catalog, " + gaps.size() + " with a gap";
    }

    @Override
    public void close() throws Exception {
        stopped = true;
        loop.join();
    }
}
