package dev.cascadecleanup.internal.engine;

import java.sql.SQLException;

/**
 * What only one run in a database holds at a time. Flyway's own lock does not protect the work: a killed client's last statement
 * goes on while that lock is free, and on CockroachDB two instances have held it at once.
 */
public interface MigrationLock extends AutoCloseable {

    /**
     * Makes sure that this run still holds the lock. Called before every statement that changes something.
     *
     * @throws SQLException if the lock was lost, or the server cannot be asked
     */
    void ensureHeld() throws SQLException;

    /** Gives the lock back. Never fails: where the connection is gone the server gives it back by itself. */
    @Override
    void close();
}
