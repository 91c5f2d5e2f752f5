package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Partitions come and go by the clock, while the migration prepares them one by one. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class ChangingPartitionsTest {

    private static final String[] SCHEMA = {
        "CREATE TABLE users (id bigint PRIMARY KEY)",
        "CREATE TABLE events (u bigint NOT NULL, day int, CONSTRAINT fk FOREIGN KEY (u) REFERENCES users) PARTITION BY RANGE (day)",
        "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (2)",
        "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (2) TO (3)",
        "CREATE TABLE events_3 (u bigint NOT NULL, day int)",
        "INSERT INTO users VALUES (1)",
        "INSERT INTO events_3 VALUES (1, 3)",
    };

    private final TestServer server;

    ChangingPartitionsTest(TestServer server) {
        this.server = server;
    }

    @Test
    void oneThatIsAttachedBeforeTheSwapIsPreparedFirst() throws Exception {
        changeBefore(
                "LOCK TABLE \"public\".\"events\" ",
                "ALTER TABLE events ATTACH PARTITION events_3 FOR VALUES FROM (3) TO (4)");
    }

    @Test
    void oneThatIsDroppedBeforeItsTurnIsLeftOut() throws Exception {
        changeBefore("LOCK TABLE ONLY \"public\".\"events_2\" ", "DROP TABLE events_2");
    }

    /** The swap must find a valid stand-in on every partition, or it would read one under ACCESS EXCLUSIVE. */
    private void changeBefore(String statement, String change) throws Exception {
        try (TestDatabase database = server.createDatabase()) {
            database.execute(SCHEMA);
            Migrations.baseline(database);
            AtomicBoolean changed = new AtomicBoolean();
            AtomicBoolean read = new AtomicBoolean();
            Gate gate = new Gate() {
                @Override
                public void before(String sql) throws SQLException {
                    if (sql.contains(statement) && changed.compareAndSet(false, true)) {
                        database.execute(change);
                    }
                    if (server.major() < 18
                            && sql.contains("ALTER TABLE \"public\".\"events\" DROP CONSTRAINT")
                            && database.<Long>value("""
                            SELECT count(*) FROM pg_partition_tree('events') p WHERE p.isleaf AND NOT EXISTS (
                              SELECT FROM pg_constraint c WHERE c.conrelid = p.relid AND c.conname LIKE '%\\_cctmp\\_%' AND c.convalidated)
                            """) > 0) {
                        read.set(true);
                    }
                }

                @Override
                public void after(String sql) {}
            };
            Migrations.migrate(gate.guard(database.dataSource()));
            assertThat(changed.get()).isEqualTo(server.major() < 18 || statement.contains("\"events\""));
            assertThat(read).isFalse();
            assertThat(ForeignKeys.of(database))
                    .isNotEmpty()
                    .allMatch(fk -> fk.contains("| fk |") && fk.contains("ON DELETE CASCADE | true"));
        }
    }

    /** The swap is done then, and whoever reads the message at night has to know it. */
    @Test
    void aFailureOfTheValidationSaysThatTheForeignKeyIsConverted() throws Exception {
        try (TestDatabase database = OnlineSchema.create(server);
                LogCapture log = LogCapture.open()) {
            Gate gate = new Gate() {
                @Override
                public void before(String sql) throws SQLException {
                    if (sql.contains("VALIDATE CONSTRAINT \"orders_user_fk\"")) {
                        throw new SQLException("canceling statement due to user request", "57014");
                    }
                }

                @Override
                public void after(String sql) {}
            };
            assertThatThrownBy(() -> Migrations.migrate(gate.guard(database.dataSource())))
                    .isInstanceOf(Exception.class);
            assertThat(log.messages("ERROR"))
                    .anySatisfy(message -> assertThat(message)
                            .contains(
                                    "orders.orders_user_fk",
                                    "1 foreign keys are converted and stay so, the one named here without its validation")
                            .doesNotContain("Nothing was converted"));
        }
    }
}
