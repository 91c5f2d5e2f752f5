package dev.cascadecleanup.realschemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.internal.engine.ConstraintSql;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the migration takes on SkyTwin's empty tables beside the same statements by hand in one session. A node gets slower with every
 * schema change that it has made in the last minutes, by a third within a few hundred; so both are tried once before, and in the second
 * round the migration comes first. Clocks judge nothing on a busy machine: with {@code -Dcascade.test.speed=true} only, where nothing else
 * runs.
 */
@ContractTest(only = DatabaseKind.COCKROACHDB)
class SkyTwinSpeedTest {

    private static final int ROUNDS = 2;

    private final TestServer server;

    SkyTwinSpeedTest(TestServer server) {
        this.server = server;
    }

    @Test
    void isHardlySlowerThanByHand() throws Exception {
        assumeTrue(
                Boolean.getBoolean("cascade.test.speed"),
                "a measurement, for a quiet machine: -Dcascade.test.speed=true");
        HikariConfig config = new HikariConfig();
        try (TestDatabase database = server.databaseOf("speed", RealSchema.SKYTWIN::build)) {
            config.setDataSource(database.dataSource());
            config.setMaximumPoolSize(2);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                CascadeCleanup cleanup = CascadeCleanup.of(pool);
                List<Conversion> conversions = cleanup.plan().conversions();
                assertThat(conversions).hasSize(32);
                byHandAndBack(database, conversions);
                migrateAndBack(cleanup);
                Duration byHand = Duration.ZERO;
                Duration migration = Duration.ZERO;
                for (int round = 0; round < ROUNDS; round++) {
                    boolean handFirst = round % 2 == 0;
                    if (handFirst) {
                        byHand = byHand.plus(byHandAndBack(database, conversions));
                    }
                    migration = migration.plus(migrateAndBack(cleanup));
                    if (!handFirst) {
                        byHand = byHand.plus(byHandAndBack(database, conversions));
                    }
                }
                double ratio = (double) migration.toMillis() / byHand.toMillis();
                System.out.printf(
                        "%s: by hand %d ms, migration %d ms for 32 foreign keys, ratio %.2f%n",
                        server, byHand.toMillis() / ROUNDS, migration.toMillis() / ROUNDS, ratio);
                assertThat(ratio).isLessThan(1.1);
            }
        }
    }

    private static Duration byHandAndBack(TestDatabase database, List<Conversion> conversions) throws Exception {
        Duration elapsed = byHand(database, conversions);
        byHand(database, conversions.stream().map(Conversion::inverse).toList());
        return elapsed;
    }

    private static Duration migrateAndBack(CascadeCleanup cleanup) {
        Duration elapsed = cleanup.migrate("060", "speed").elapsed();
        assertThat(cleanup.undo(UndoOptions.defaults()).restored()).hasSize(32);
        return elapsed;
    }

    private static Duration byHand(TestDatabase database, List<Conversion> conversions) throws Exception {
        long start = System.nanoTime();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (Conversion conversion : conversions) {
                var table = conversion.foreignKey().table().name();
                String name = conversion.foreignKey().name();
                statement.execute(ConstraintSql.alter(table, ConstraintSql.add("by_hand", conversion.target())));
                statement.execute(ConstraintSql.alter(table, ConstraintSql.drop(name)));
                statement.execute(ConstraintSql.alter(table, ConstraintSql.rename("by_hand", name)));
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
