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

/**
 * Runs the steps of a plan. Whatever stands in the way of a table, a lock that is not given or a step that cannot be made short enough,
 * leaves the rest of it to the DELETE.
 */
final class Drain {

    /** How many rows are looked for at a time: a look is a transaction, too. */
    private static final int MOST_FOUND = 50_000;
    /** Once a table is being taken apart, fewer rows than it takes to begin are worth another look. */
    private static final int FURTHER_LOOKS = 10;

    private static final int MOST_REFUSALS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Steps steps;
    private final MigrationLock lock;
    private final EraseOptions options;
    private final Tally tally;
    private final String key;
    private final Set<Table> begun = new HashSet<>();

    Drain(Steps steps, MigrationLock lock, EraseOptions options, Tally tally, String key) {
        this.steps = steps;
        this.lock = lock;
        this.options = options;
        this.tally = tally;
        this.key = key;
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
        StepSize size = new StepSize(options.stepGoal());
        int limit = Math.max(MOST_FOUND, options.drainAbove());
        int refusals = 0;
        long found = tally.drained(unit.table());
        while (true) {
            int more = find(unit, limit);
            if (more < least(unit.table())) {
                return;
            }
            if (begun.isEmpty()) {
                options.listener().beforeDrain(key);
            }
            begun.add(unit.table());
            found += more;
            long drainedBefore = tally.drained(unit.table());
            while (steps.hasMore()) {
                try {
                    step(unit, size);
                } catch (SQLException e) {
                    if (!isRefusal(e)) {
                        throw e;
                    }
                    if (++refusals > MOST_REFUSALS) {
                        throw new GiveUp("deleting a row is refused: " + e.getMessage(), e);
                    }
                    // Somebody has just referenced one of the rows; the next look leaves it out.
                    tally.retry();
                    break;
                }
                options.listener()
                        .progressed(new EraseProgress(
                                unit.table().name(), tally.drained(unit.table()), found, before, tables));
                rest();
            }
            if (tally.drained(unit.table()) == drainedBefore && refusals == 0) {
                // All of them have changed meanwhile; whatever they are now, the DELETE sees it.
                return;
            }
        }
    }

    private int least(Table table) {
        return begun.contains(table) ? Math.max(1, options.drainAbove() / FURTHER_LOOKS) : options.drainAbove();
    }

    private int find(DrainUnit unit, int limit) throws SQLException, GiveUp {
        for (int smaller = limit; ; smaller /= 4) {
            try {
                return steps.find(unit, smaller);
            } catch (SQLException e) {
                if (SqlStates.is(e, INSUFFICIENT_PRIVILEGE)) {
                    throw new GiveUp("this role may not do it: " + e.getMessage(), e);
                }
                boolean tooLong = SqlStates.is(e, SqlStates.QUERY_CANCELED);
                if (!tooLong && !SqlStates.isLockConflict(e)) {
                    throw e;
                }
                tally.retry();
                if (smaller / 4 < least(unit.table())) {
                    throw new GiveUp(
                            tooLong
                                    ? "looking for its rows takes longer than "
                                            + Durations.format(options.stepTimeout())
                                            + "; an index on the columns of "
                                            + unit.way()
                                                    .get(unit.way().size() - 1)
                                                    .qualifiedName() + " may be missing"
                                    : "it is locked: " + e.getMessage(),
                            e);
                }
            }
        }
    }

    private void step(DrainUnit unit, StepSize size) throws SQLException, GiveUp {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, options.maxWait());
        while (true) {
            lock.ensureHeld();
            int rows = size.rows();
            long start = System.nanoTime();
            try {
                int deleted = steps.delete(unit, rows);
                Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
                tally.step(unit.table(), deleted, elapsed);
                size.took(rows, elapsed);
                return;
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
                if (!tooLong) {
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
