package dev.cascadecleanup.testing;

import java.sql.SQLException;

/** Fills a new database, for {@link TestServer#databaseOf}. */
@FunctionalInterface
public interface DatabaseBuild {

    void build(TestDatabase database) throws SQLException;
}
