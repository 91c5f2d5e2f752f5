package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.testing.ConnectionSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool that has nothing left. */
final class FailingDataSource implements ConnectionSource {

    private final AtomicInteger asked;

    FailingDataSource(AtomicInteger asked) {
        this.asked = asked;
    }

    @Override
    public Connection getConnection() throws SQLException {
        asked.incrementAndGet();
        throw new SQLException("no connection left", "08000");
    }
}
