package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two sessions of a database of their own, which want the same lock. */
public abstract class TwoSessions {

    protected final TestServer server;
    protected final RecordingConsole console = new RecordingConsole();
    protected final ExecutorService threads = Executors.newCachedThreadPool();
    protected TestDatabase database;
    protected Connection first;
    protected Connection second;

    protected TwoSessions(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void connect() throws Exception {
        database = server.createDatabase();
        first = database.connect();
        second = database.connect();
    }

    @AfterEach
    void disconnect() throws Exception {
        threads.shutdownNow();
        first.close();
        second.close();
        database.close();
    }
}
