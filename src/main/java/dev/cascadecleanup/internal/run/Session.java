package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.engine.Engine;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.engine.cockroach.CockroachEngine;
import dev.cascadecleanup.internal.engine.cockroach.CockroachLease;
import dev.cascadecleanup.internal.engine.postgres.PostgresAdvisoryLock;
import dev.cascadecleanup.internal.engine.postgres.PostgresEngine;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.journal.IndexJournal;
import dev.cascadecleanup.internal.journal.Journal;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection with what belongs to it for the time of one run.
 *
 * @param connection the connection that the work is done on; borrowed
 * @param monitor gives a second connection to watch the first with, or null
 * @param catalog its catalog
 * @param server its server
 * @param history Flyway's history table there
 * @param underFlyway whether Flyway runs this, and so holds its own lock meanwhile
 * @param console where to say things
 */
public record Session(
        Connection connection,
        @Nullable DataSource monitor,
        Catalog catalog,
        Server server,
        HistoryTable history,
        boolean underFlyway,
        Console console) {

    /** Work on the journal, or on Flyway's history, outside an engine's own transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** The same that returns nothing. */
    @FunctionalInterface
    public interface Action {
        void run() throws SQLException;
    }

    /** On PostgreSQL under the system's search path alone, so that no operator or type of an earlier schema is picked up. */
    public <T> T underSystemPath(Work<T> work) throws SQLException {
        return server.product() == Product.POSTGRESQL ? PostgresTransaction.write(connection, work::run) : work.run();
    }

    /**
     * The same for the journal.
     *
     * @throws CascadeException if the role lacks a privilege on it
     */
    <T> T guarded(Work<T> work) throws SQLException {
        try {
            return underSystemPath(work);
        } catch (SQLException e) {
            if (SqlStates.is(e, SqlStates.INSUFFICIENT_PRIVILEGE)) {
                String table = journal().table().quoted();
                throw new CascadeException(
                        "the role " + server.role() + " may not use the journal "
                                + journal().table() + " as it has to ("
                                + e.getMessage() + "). GRANT SELECT, INSERT, UPDATE ON TABLE " + table + " TO "
                                + Identifiers.quote(server.role()) + ", and USAGE on its schema, or run as its owner.",
                        e);
            }
            throw e;
        }
    }

    /** The same for what returns nothing. */
    void guarded(Action work) throws SQLException {
        guarded(() -> {
            work.run();
            return true;
        });
    }

    /** Whether a migration has converted something that no undo has taken back. */
    public boolean hasConverted() throws SQLException {
        return !guarded(() -> journal().active(history.schema(), history.table()))
                .isEmpty();
    }

    Journal journal() {
        return new Journal(connection, history.schema());
    }

    IndexJournal indexJournal() {
        return new IndexJournal(connection, history.schema(), history.table());
    }

    /** An engine that works under this lock. */
    Engine engine(CascadeOptions options, MigrationLock lock) throws SQLException {
        return lock instanceof CockroachLease lease
                ? new CockroachEngine(connection, monitor, server, options, console, lease)
                : new PostgresEngine(connection, server, options, console);
    }

    /** Flyway's own lock does not outlive a killed client, whose last statement goes on; this one does. */
    MigrationLock lock(CascadeOptions options) throws SQLException {
        return server.product() == Product.POSTGRESQL
                ? PostgresAdvisoryLock.acquire(connection, monitor, options.maxWait(), console)
                : CockroachLease.acquire(connection, monitor, history.schema(), options.maxWait(), console);
    }
}
