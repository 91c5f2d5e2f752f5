package dev.cascadecleanup.internal.erase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.NullRules;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.internal.engine.MigrationLock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a drain does by what it has been told, and by what it sees: against a server whose rows and clock are made up. */
class DrainTest {

    private static final Duration PER_ROW = Duration.ofNanos(5_000);

    private final Table users = table(1, "users");
    private final Tally tally = new Tally(new ParentKey(users, List.of()), "7");
    private final MadeUp server = new MadeUp();

    private static Table table(long oid, String name) {
        return new Table(
                oid, new TableName("public", name), TableKind.TABLE, false, "owner", true, true, true, true, false);
    }

    /** One that references the person itself. */
    private DrainUnit unit(int number) {
        Table table = table(1 + number, "t" + number);
        ForeignKeyDefinition definition = new ForeignKeyDefinition(
                List.of("user_id"),
                users.name(),
                List.of("id"),
                MatchType.SIMPLE,
                ReferentialAction.CASCADE,
                List.of(),
                ReferentialAction.NO_ACTION,
                Deferrability.NOT_DEFERRABLE,
                true,
                true);
        ForeignKey fk = new ForeignKey(
                100 + number,
                "fk" + number,
                table,
                users,
                definition,
                Set.of(),
                NullRules.NONE,
                Set.of(),
                false,
                true,
                List.of(),
                null);
        return new DrainUnit(table, table, List.of(fk), List.of(), List.of());
    }

    /** So many tables with so many rows each. */
    private DrainPlan plan(int tables, long rows) {
        List<DrainUnit> units = new ArrayList<>();
        for (int number = 1; number <= tables; number++) {
            DrainUnit unit = unit(number);
            units.add(unit);
            server.rows.put(unit, rows);
        }
        return new DrainPlan(units, List.of());
    }

    private static Forecast forecast(DrainPlan plan, long rows) {
        Map<TableName, Long> counted = new LinkedHashMap<>();
        plan.units().forEach(unit -> counted.put(unit.table().name(), rows));
        return new Forecast(counted);
    }

    private Drain drain(Forecast forecast) {
        return new Drain(server, new Held(), EraseOptions.defaults(), tally, "7", forecast, () -> server.nanos);
    }

    private long left() {
        return server.rows.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void endsWhereTheRestFitsIntoAStep() throws Exception {
        DrainPlan plan = plan(10, 20_000);
        server.statistics = true;

        assertThat(drain(forecast(plan, 20_000)).run(plan, false))
                .as("the rest is for the DELETE")
                .isTrue();

        // 200 ms, with some caution, are 28,000 rows of 5 µs: one whole table.
        assertThat(left()).isEqualTo(20_000);
        assertThat(tally.drained()).isEqualTo(180_000);
    }

    @Test
    void aRestThatWasMisjudgedIsDrainedToTheEnd() throws Exception {
        DrainPlan plan = plan(10, 20_000);
        server.statistics = true;
        Drain drain = drain(forecast(plan, 20_000));
        drain.run(plan, false);

        assertThat(drain.run(plan, true)).isFalse();

        assertThat(left()).isZero();
        assertThat(server.looks).as("finished tables are not looked at again").isEqualTo(10);
    }

    @Test
    void withoutALookAheadEverythingIsDrained() throws Exception {
        DrainPlan plan = plan(10, 20_000);
        assertThat(drain(Forecast.UNKNOWN).run(plan, false)).isFalse();
        assertThat(left()).isZero();
    }

    @Test
    void whatIsLeftToTheDeleteAnywayMakesItGoOnToTheEnd() throws Exception {
        DrainPlan plan = plan(10, 20_000);
        server.statistics = true;
        DrainPlan more = new DrainPlan(plan.units(), List.of("watched: a trigger"));
        assertThat(drain(forecast(plan, 20_000)).run(more, false)).isFalse();
        assertThat(left()).isZero();
    }

    /** The look ahead stops counting where it is plain that it is much. */
    @Test
    void statisticsSayHowMuchIsMuch() throws Exception {
        DrainPlan plan = plan(2, 20_000);
        server.statistics = true;
        drain(forecast(plan, 10_000)).run(plan, true);
        assertThat(server.atOnce)
                .as("a first step is small, and the second takes the rest, whose size is known")
                .containsExactly(false, true, true);
    }

    @Test
    void statisticsThatKnowNothingAreNoReasonToTakeAllAtOnce() throws Exception {
        DrainPlan plan = plan(2, 20_000);
        server.statistics = true;
        server.known = 3;
        Drain drain = drain(forecast(plan, 10_000));
        assertThat(drain.run(plan, false)).as("nor to take the rest for little").isFalse();
        assertThat(server.atOnce).doesNotContain(true);
        assertThat(left()).isZero();
    }

    @Test
    void withoutStatisticsTheLookAheadIsBelieved() throws Exception {
        DrainPlan plan = plan(10, 20_000);
        assertThat(drain(forecast(plan, 20_000)).run(plan, false)).isTrue();
        assertThat(left()).isEqualTo(20_000);
    }

    @Test
    void noStepIsLongerThanTheGoal() throws Exception {
        DrainPlan plan = plan(3, 1_000_000);
        server.statistics = true;
        drain(forecast(plan, 10_000)).run(plan, true);
        assertThat(left()).isZero();
        assertThat(server.longest).isLessThan(EraseOptions.defaults().stepGoal());
    }

    @Test
    void tablesWithoutMuchAreLeftAlone() throws Exception {
        DrainPlan plan = plan(3, 999);
        drain(forecast(plan, 999)).run(plan, true);
        assertThat(left()).isEqualTo(3 * 999);
        assertThat(tally.drained()).isZero();
    }

    private static final class Held implements MigrationLock {

        @Override
        public void ensureHeld() {}

        @Override
        public void close() {}
    }

    /** Each row takes its time. */
    private static final class MadeUp implements Steps {

        private final Map<DrainUnit, Long> rows = new LinkedHashMap<>();
        private final List<Boolean> atOnce = new ArrayList<>();
        private boolean statistics;
        private long known = -1;
        private long nanos;
        private int looks;
        private Duration longest = Duration.ZERO;

        private long rows(DrainUnit unit) {
            return rows.getOrDefault(unit, 0L);
        }

        @Override
        public int count(DrainUnit unit, int limit) {
            return (int) Math.min(limit, rows(unit));
        }

        @Override
        public List<Long> estimate(List<DrainUnit> units) {
            return units.stream()
                    .map(unit -> !statistics ? NO_ESTIMATES : known >= 0 ? known : rows(unit))
                    .toList();
        }

        @Override
        public int delete(DrainUnit unit, int limit, boolean all) throws SQLException {
            long taken = all ? rows(unit) : Math.min(limit, rows(unit));
            if (rows(unit) == taken) {
                looks++;
            }
            rows.put(unit, rows(unit) - taken);
            atOnce.add(all);
            Duration time = PER_ROW.multipliedBy(taken);
            nanos += time.toNanos();
            longest = time.compareTo(longest) > 0 ? time : longest;
            return (int) taken;
        }

        @Override
        public void tidy(DrainUnit unit) {}
    }
}
