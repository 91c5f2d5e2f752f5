package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.engine.ForeignKeyChangedException;
import dev.cascadecleanup.internal.engine.Retry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Tries until the locks are there, and says of every attempt that lost who was in the way. */
final class LockAttempts {

    /** A step that compares nothing with what was read before. */
    @FunctionalInterface
    interface Step {
        void run() throws SQLException;
    }

    private final BlockingSessions blockingSessions;
    private final CascadeOptions options;
    private final Console console;

    LockAttempts(Connection connection, CascadeOptions options, Console console) {
        this.blockingSessions = new BlockingSessions(connection);
        this.options = options;
        this.console = console;
    }

    /** Under a statement_timeout of ours. */
    void timed(Table table, Table referenced, String what, Step step) throws SQLException {
        withoutComparison(
                Retry.ofTimedStatements(options.lockTimeout(), options.maxWait()), table, referenced, what, step);
    }

    /** Under no statement_timeout. */
    void untimed(Table table, Table referenced, String what, Step step) throws SQLException {
        withoutComparison(
                Retry.ofLongStatements(options.lockTimeout(), options.maxWait()), table, referenced, what, step);
    }

    /** Under a statement_timeout of ours; the attempt may find that the foreign key is not what it was. */
    void comparing(Table table, Table referenced, String what, Retry.Attempt attempt)
            throws SQLException, ForeignKeyChangedException {
        run(Retry.ofTimedStatements(options.lockTimeout(), options.maxWait()), table, referenced, what, attempt);
    }

    /** A session that has held a lock for longer than an attempt may take will not let go within this one. */
    void warnOfLongHolders(Table table, Table referenced, String what) throws SQLException {
        List<String> holders = blockingSessions.holding(table, referenced, options.lockTimeout());
        if (!holders.isEmpty()) {
            console.warn(what + " will have to wait for " + String.join("; ", holders));
        }
    }

    private void withoutComparison(Retry retry, Table table, Table referenced, String what, Step step)
            throws SQLException {
        try {
            run(retry, table, referenced, what, step::run);
        } catch (ForeignKeyChangedException e) {
            throw new IllegalStateException(what + " compares nothing with what was read before", e);
        }
    }

    private void run(Retry retry, Table table, Table referenced, String what, Retry.Attempt attempt)
            throws SQLException, ForeignKeyChangedException {
        retry.run(what, attempt, (number, cause, pause) -> {
            List<String> blockers =
                    blockingSessions.holding(table, referenced, pause.isZero() ? Duration.ZERO : options.lockTimeout());
            console.warn(what + ": attempt " + number + " got no lock (" + cause.getSQLState() + ")"
                    + (blockers.isEmpty() ? "" : ", held by " + String.join("; ", blockers))
                    + (pause.isZero() ? "" : "; next attempt in " + pause.toMillis() + " ms"));
        });
    }
}
