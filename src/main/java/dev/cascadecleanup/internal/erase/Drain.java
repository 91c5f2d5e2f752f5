package dev.cascadecleanup.internal.erase;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseProgress;
import dev.cascadecleanup.internal.engine.Backoff;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.plan.Durations;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Runs the steps of a plan. Whatever stands in the way of a table, a lock that is not given or a step that cannot be made short enough,
 * leaves the rest of it to the DELETE.
 */
final class Drain {

    /** Of the rows that make a person heavy, a table has to have so many for steps of its own, and for another look. */
    private static final int SHARE_OF_A_TABLE = 10;

    private static final int MOST_REFUSALS = 5;
    private static final int MOST_UNTIDY_GOALS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private final Steps steps;
    private final MigrationLock lock;
    private final EraseOptions options;
    private final Tally tally;
    private final String key;
    private final Forecast forecast;
    private final LongSupplier nanoTime;
    private final int least;
    private final StepSize size;
    private final Set<DrainUnit> finished = new HashSet<>();
    private final Deque<Drained> untidy = new ArrayDeque<>();
    private Duration untidyTime = Duration.ZERO;
    private boolean begun;

    Drain(Steps steps, MigrationLock lock, EraseOptions options, Tally tally, String key, Forecast forecast) {
        this(steps, lock, options, tally, key, forecast, System::nanoTime);
    }

    /** By another clock. */
    Drain(
            Steps steps,
            MigrationLock lock,
            EraseOptions options,
            Tally tally,
            String key,
            Forecast forecast,
            LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.steps = steps;
        this.lock = lock;
        this.options = options;
        this.tally = tally;
        this.key = key;
        this.forecast = forecast;
        this.least = least(options);
        this.size = new StepSize(options.stepGoal());
    }

    /** How many rows a table has to have to be taken apart. */
    static int least(EraseOptions options) {
        return Math.max(1, options.drainAbove() / SHARE_OF_A_TABLE);
    }

    /** What a step has done, and whether there may be more that it could have taken. */
    private record Taken(int deleted, boolean maybeMore) {}

    /** A unit whose rows are gone, and how long that took. */
    private record Drained(DrainUnit unit, Duration time) {}

    /** A table that cannot be taken apart any further. */
    private static final class GiveUp extends Exception {

        private static final long serialVersionUID = 1L;

        GiveUp(String reason, SQLException cause) {
            super(reason, cause);
        }
    }

    /**
     * Takes the tables apart.
     *
     * @param fully or only until the rest, as far as can be foreseen, is no more than a step
     * @return whether it is that rest that is left
     */
    boolean run(DrainPlan plan, boolean fully) throws SQLException {
        plan.left().forEach(tally::left);
        Map<Table, Long> expected = expected(plan);
        boolean foreseen = !fully && forecast.isKnown() && plan.left().isEmpty();
        Set<Table> seen = new HashSet<>();
        for (DrainUnit unit : plan.units()) {
            seen.add(unit.table());
            long rows = expected.getOrDefault(unit.table(), 0L);
            if (rows < least || finished.contains(unit)) {
                continue;
            }
            if (foreseen && size.fits(rest(plan, expected))) {
                tidy();
                return true;
            }
            try {
                drain(unit, rows, plan.units(unit.table()), seen.size() - 1, plan.tables());
            } catch (GiveUp e) {
                tally.left(unit.table() + ": " + e.getMessage());
                foreseen = false;
            }
        }
        tidy();
        return false;
    }

    /** How many rows there will be, by the look ahead or by the server's statistics: where they are many, neither has counted to the end. */
    private Map<Table, Long> expected(DrainPlan plan) throws SQLException {
        Map<Table, Long> expected = new HashMap<>();
        plan.units().forEach(unit -> expected.put(unit.table(), forecast.rows(unit.table())));
        List<DrainUnit> heavy = plan.units().stream()
                .filter(unit -> expected.getOrDefault(unit.table(), 0L) >= least)
                .toList();
        if (heavy.isEmpty()) {
            return expected;
        }
        List<Long> estimates = estimate(heavy);
        Map<Table, Map<List<ForeignKey>, Long>> ways = new HashMap<>();
        for (int i = 0; i < heavy.size(); i++) {
            ways.computeIfAbsent(heavy.get(i).table(), table -> new HashMap<>())
                    .merge(heavy.get(i).way(), estimates.get(i), Long::sum);
        }
        ways.forEach((table, rows) ->
                expected.put(table, believed(expected.getOrDefault(table, 0L), Collections.max(rows.values()))));
        return expected;
    }

    private long believed(long counted, long estimate) {
        if (estimate == Steps.NO_ESTIMATES) {
            return counted;
        }
        // Statistics that know nothing of so many rows are no reason to take all of them in one step.
        return estimate < least ? Forecast.MANY : forecast.isKnown() ? Math.max(counted, estimate) : estimate;
    }

    private List<Long> estimate(List<DrainUnit> units) throws SQLException {
        try {
            return steps.estimate(units);
        } catch (SQLException e) {
            if (!SqlStates.is(e, INSUFFICIENT_PRIVILEGE) && !SqlStates.isGivenUp(e)) {
                throw e;
            }
            // It only makes the steps fit better; whoever may not read a table hears of it from the first step.
            return Collections.nCopies(units.size(), 0L);
        }
    }

    /** What the DELETE would still have to do. */
    private double rest(DrainPlan plan, Map<Table, Long> expected) {
        Map<Table, Integer> weights = new HashMap<>();
        plan.units().forEach(unit -> weights.put(unit.table(), unit.weight()));
        return expected.entrySet().stream()
                .mapToDouble(each -> Math.max(0.0, (double) each.getValue() - tally.drained(each.getKey()))
                        * Objects.requireNonNull(weights.get(each.getKey())))
                .sum();
    }

    private void drain(DrainUnit unit, long expected, int units, int before, int tables) throws SQLException, GiveUp {
        if ((units > 1 || !forecast.isKnown()) && count(unit) < least) {
            return;
        }
        if (!begun) {
            begun = true;
            options.listener().beforeDrain(key);
        }
        long start = nanoTime.getAsLong();
        int refusals = 0;
        while (true) {
            Taken taken;
            try {
                taken = step(unit, expected - tally.drained(unit.table()) <= size.rows(unit.weight()));
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
                            expected == Forecast.MANY ? 0 : Math.max(expected, tally.drained(unit.table())),
                            before,
                            tables));
            rest();
            // Of a tree the next leaves have come to light; elsewhere that was all.
            if (!taken.maybeMore() && (unit.unreferenced().isEmpty() || taken.deleted() < least)) {
                done(unit, Duration.ofNanos(nanoTime.getAsLong() - start));
                return;
            }
        }
    }

    private void done(DrainUnit unit, Duration time) {
        finished.add(unit);
        if (unit.isDirect()) {
            untidy.add(new Drained(unit, time));
            untidyTime = untidyTime.plus(time);
        }
    }

    /** What the DELETE would find of rows that are gone takes it up to a third of the time that they took; so much that it stays short. */
    private void tidy() throws SQLException {
        while (untidyTime.compareTo(options.stepGoal().multipliedBy(MOST_UNTIDY_GOALS)) > 0) {
            Drained drained = untidy.remove();
            untidyTime = untidyTime.minus(drained.time());
            try {
                steps.tidy(drained.unit());
            } catch (SQLException e) {
                if (!SqlStates.isGivenUp(e)) {
                    throw e;
                }
                // It only makes the DELETE shorter.
                tally.retry();
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
            if (!SqlStates.isGivenUp(e)) {
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

    private Taken step(DrainUnit unit, boolean all) throws SQLException, GiveUp {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, options.maxWait());
        boolean everything = all;
        while (true) {
            lock.ensureHeld();
            int rows = size.rows(unit.weight());
            long start = nanoTime.getAsLong();
            try {
                int deleted = steps.delete(unit, rows, everything);
                Duration elapsed = Duration.ofNanos(nanoTime.getAsLong() - start);
                tally.step(unit.table(), deleted, elapsed);
                size.took(deleted, unit.weight(), elapsed);
                return new Taken(deleted, deleted >= rows);
            } catch (SQLException e) {
                if (SqlStates.is(e, INSUFFICIENT_PRIVILEGE)) {
                    throw new GiveUp("this role may not do it: " + e.getMessage(), e);
                }
                boolean tooLong = SqlStates.is(e, SqlStates.QUERY_CANCELED);
                if (!tooLong && !SqlStates.isLockConflict(e)) {
                    throw e;
                }
                tally.transaction(Duration.ofNanos(nanoTime.getAsLong() - start));
                tally.retry();
                if (tooLong && !size.tooLong(unit.weight())) {
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
