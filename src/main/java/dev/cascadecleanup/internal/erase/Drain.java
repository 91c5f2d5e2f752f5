package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseProgress;
import dev.cascadecleanup.internal.engine.Backoff;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.plan.Durations;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Runs the steps of a plan. Whatever stands in the way of a table, a lock that is not given or a step that cannot be made short enough,
 * leaves the rest of it to the DELETE.
 */
final class Drain {

    /** Of what nobody has looked ahead. */
    static final long UNKNOWN = Long.MAX_VALUE;

    /** Of the rows that make a person heavy, a table has to have so many for steps of its own, and for another look. */
    private static final int SHARE_OF_A_TABLE = 10;

    private static final int MOST_REFUSALS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Steps steps;
    private final MigrationLock lock;
    private final EraseOptions options;
    private final Tally tally;
    private final String key;
    private final ToLongFunction<Table> forecast;
    private final int least;
    private final StepSize size;
    private boolean begun;

    /** @param forecast how many rows of a table the DELETE would take, or {@link #UNKNOWN} */
    Drain(
            Steps steps,
            MigrationLock lock,
            EraseOptions options,
            Tally tally,
            String key,
            ToLongFunction<Table> forecast) {
        this.steps = steps;
        this.lock = lock;
        this.options = options;
        this.tally = tally;
        this.key = key;
        this.forecast = forecast;
        this.least = Math.max(1, options.drainAbove() / SHARE_OF_A_TABLE);
        this.size = new StepSize(options.stepGoal());
    }

    /** A table that cannot be taken apart any further. */
    private static final class GiveUp extends Exception {

        private static final long serialVersionUID = 1L;

        GiveUp(String reason, SQLException cause) {
            super(reason, cause);
        }
    }

    void run(DrainPlan plan) throws SQLException {
        plan.left().forEach(tally::left);
        Set<Table> seen = new HashSet<>();
        for (DrainUnit unit : plan.units()) {
            seen.add(unit.table());
            try {
                drain(unit, seen.size() - 1, plan.tables());
            } catch (GiveUp e) {
                tally.left(unit.table() + ": " + e.getMessage());
            }
        }
    }

    private void drain(DrainUnit unit, int before, int tables) throws SQLException, GiveUp {
        long expected = Math.max(0, forecast.applyAsLong(unit.table()));
        if (expected < least || count(unit) < least) {
            return;
        }
        if (!begun) {
            begun = true;
            options.listener().beforeDrain(key);
        }
        int refusals = 0;
        while (true) {
            int tried = 0;
            int deleted = 0;
            try {
                tried = size.rows();
                deleted = step(unit, expected - tally.drained(unit.table()) <= tried);
            } catch (SQLException e) {
                if (!isRefusal(e)) {
                    throw e;
                }
                if (++refusals > MOST_REFUSALS) {
                    throw new GiveUp("deleting a row is refused: " + e.getMessage(), e);
                }
                // Somebody has just referenced one of the rows; the next step leaves it out.
                tally.retry();
                continue;
            }
            options.listener()
                    .progressed(new EraseProgress(
                            unit.table().name(),
                            tally.drained(unit.table()),
                            expected == UNKNOWN ? 0 : expected,
                            before,
                            tables));
            rest();
            // Of a tree the next leaves have come to light; elsewhere that was all.
            if (deleted < least || (deleted < tried && unit.unreferenced().isEmpty())) {
                return;
            }
        }
    }

    /** Of a forecast there is nothing to count, but for a table that is reached in several ways, or lies in several parts. */
    private int count(DrainUnit unit) throws SQLException, GiveUp {
        try {
            return steps.count(unit, least);
        } catch (SQLException e) {
            if (SqlStates.is(e, INSUFFICIENT_PRIVILEGE)) {
                throw new GiveUp("this role may not do it: " + e.getMessage(), e);
            }
            if (!SqlStates.is(e, SqlStates.QUERY_CANCELED) && !SqlStates.isLockConflict(e)) {
                throw e;
            }
            tally.retry();
            throw new GiveUp(
                    "looking for its rows takes longer than " + Durations.format(options.stepTimeout())
                            + "; an index on the columns of "
                            + unit.way().get(unit.way().size() - 1).qualifiedName() + " may be missing",
                    e);
        }
    }

    private int step(DrainUnit unit, boolean all) throws SQLException, GiveUp {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, options.maxWait());
        boolean everything = all;
        while (true) {
            lock.ensureHeld();
            int rows = size.rows();
            long start = System.nanoTime();
            try {
                int deleted = steps.delete(unit, rows, everything);
                Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
                tally.step(unit.table(), deleted, elapsed);
                size.took(deleted, elapsed);
                return deleted;
            } catch (SQLException e) {
                if (SqlStates.is(e, INSUFFICIENT_PRIVILEGE)) {
                    throw new GiveUp("this role may not do it: " + e.getMessage(), e);
                }
                boolean tooLong = SqlStates.is(e, SqlStates.QUERY_CANCELED);
                if (!tooLong && !SqlStates.isLockConflict(e)) {
                    throw e;
                }
                tally.transaction(Duration.ofNanos(System.nanoTime() - start));
                tally.retry();
                if (tooLong && !size.tooLong()) {
                    throw new GiveUp(
                            "a step of " + rows + " rows takes longer than " + Durations.format(options.stepTimeout()),
                            e);
                }
                if (backoff.isOver()) {
                    throw new GiveUp("its rows stay locked: " + e.getMessage(), e);
                }
                if (tooLong) {
                    everything = false;
                } else {
                    backoff.pause();
                }
            }
        }
    }

    private void rest() throws SQLException {
        if (!options.pause().isZero()) {
            try {
                Thread.sleep(options.pause().toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted between two steps", SqlStates.QUERY_CANCELED, e);
            }
        }
    }

    private static boolean isRefusal(SQLException e) {
        return SqlStates.is(e, SqlStates.FOREIGN_KEY_VIOLATION) || SqlStates.is(e, SqlStates.RESTRICT_VIOLATION);
    }
}
