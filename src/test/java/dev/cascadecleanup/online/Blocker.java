package dev.cascadecleanup.online;

import dev.cascadecleanup.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Somebody else's transaction, which stays open until this is closed. */
final class Blocker implements AutoCloseable {

    private final TestDatabase database;
    private final Connection connection;
    private final int pid;
    private Background<Void> running;

    private Blocker(TestDatabase database) throws SQLException {
        this.database = database;
        this.connection = database.connect();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            pid = row.getInt(1);
        }
    }

    /** One that has done this and is idle now. */
    static Blocker idleAfter(TestDatabase database, String sql) throws SQLException {
        Blocker blocker = new Blocker(database);
        blocker.execute(sql);
        return blocker;
    }

    /** One that is still at it, and will not end by itself. */
    static Blocker busyWith(TestDatabase database, String sql) throws Exception {
        Blocker blocker = new Blocker(database);
        blocker.running = Background.start("blocker", () -> {
            blocker.execute(sql);
            return null;
        });
        Until.isTrue(
                "busy with " + sql,
                () -> database.<Boolean>value(
                                "SELECT wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = ?", blocker.pid)
                        == Boolean.TRUE);
        return blocker;
    }

    int pid() {
        return pid;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws Exception {
        if (running != null) {
            database.rows("SELECT pg_cancel_backend(?)", pid);
            running.failure();
        }
        connection.rollback();
        connection.close();
    }
}
