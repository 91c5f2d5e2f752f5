package dev.cascadecleanup.cli;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/**
 * What Ctrl-C does: the statement that runs is cancelled and the connections are closed, so that the server rolls back what is open;
 * then the command gets a moment to say where things stand.
 */
final class Interruption {

    private static final long SECONDS_FOR_LAST_WORDS = 5;

    private final PrintWriter err;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean interrupted;

    Interruption(PrintWriter err) {
        this.err = err;
    }

    /** Of the process, by a signal: also runs at an ordinary exit, and then has nothing to do. */
    void interrupted() {
        if (finished.getCount() == 0) {
            return;
        }
        interrupted = true;
        err.println();
        connections.removeIf(Interruption::isClosed);
        if (connections.isEmpty()) {
            err.println("interrupted: nothing was under way on the server");
        } else {
            endConnections();
        }
        err.flush();
        // Without this the JVM would end with the command's own code, or with 143 after SIGTERM.
        Runtime.getRuntime().halt(ExitCodes.INTERRUPTED);
    }

    private void endConnections() {
        err.println("interrupted: cancelling what the server is doing for us");
        connections.forEach(Interruption::end);
        try {
            if (!finished.await(SECONDS_FOR_LAST_WORDS, TimeUnit.SECONDS)) {
                err.println("The command did not end in time. The server rolls back what was open when it notices.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isInterrupted() {
        return interrupted;
    }

    void finished() {
        finished.countDown();
    }

    void watch(Connection connection) {
        connections.removeIf(Interruption::isClosed);
        connections.add(connection);
    }

    /** Cancelled first: a server that waits for a lock does not look whether its client is still there. */
    private static void end(Connection connection) {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            // It is closed next, which is the same, only later.
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // The end of the process closes it.
        }
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }
}
