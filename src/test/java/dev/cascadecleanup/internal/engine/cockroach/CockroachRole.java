package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.internal.journal.Journal;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A role with just the privileges that a conversion of trips needs. */
final class CockroachRole implements AutoCloseable {

    private final CockroachFixture fixture;
    private final String name;

    CockroachRole(CockroachFixture fixture) throws SQLException {
        this.fixture = fixture;
        this.name = "role_" + fixture.database.name();
        fixture.execute(
                "CREATE USER " + name,
                "GRANT CONNECT ON DATABASE " + fixture.database.name() + " TO " + name,
                "GRANT CREATE, SELECT ON TABLE trips TO " + name,
                "GRANT SELECT ON TABLE users TO " + name,
                "GRANT ALL ON TABLE " + Journal.TABLE_NAME + " TO " + name);
    }

    DataSource dataSource() {
        return fixture.database.dataSource(name, "");
    }

    @Override
    public void close() throws SQLException {
        fixture.execute(
                "REVOKE ALL ON DATABASE " + fixture.database.name() + " FROM " + name,
                "REVOKE ALL ON TABLE trips, users, " + Journal.TABLE_NAME + " FROM " + name,
                "DROP USER " + name);
    }
}
