package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Somebody else changes what the migration has already read: it notices, converts what is there now or leaves it alone, says
 * which, and does not fail. An undo brings back what the somebody else had made of it.
 */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class ConcurrentDdlTest {

    private static final String REFERENCES = "FOREIGN KEY (user_id) REFERENCES users (id)";

    private enum Change {
        RENAME_COLUMN("ALTER TABLE orders RENAME user_id TO owner_id"),
        RENAME_REFERENCED_COLUMN("ALTER TABLE users RENAME id TO uid"),
        RENAME_CONSTRAINT("ALTER TABLE orders RENAME CONSTRAINT orders_user_fk TO renamed_fk"),
        RENAME_TABLE("ALTER TABLE orders RENAME TO purchases"),
        MOVE_TABLE("CREATE SCHEMA elsewhere; ALTER TABLE orders SET SCHEMA elsewhere"),
        DROP_CONSTRAINT("ALTER TABLE orders DROP CONSTRAINT orders_user_fk"),
        DROP_TABLE("DROP TABLE orders"),
        RECREATE_DIFFERENTLY("ALTER TABLE orders DROP CONSTRAINT orders_user_fk," + " ADD CONSTRAINT orders_user_fk "
                + REFERENCES + " MATCH FULL ON UPDATE SET NULL DEFERRABLE"),
        RECREATE_ON_OTHER_COLUMN("ALTER TABLE orders DROP CONSTRAINT orders_user_fk,"
                + " ADD CONSTRAINT orders_user_fk FOREIGN KEY (id) REFERENCES users (id)"),
        RECREATE_CASCADING("ALTER TABLE orders DROP CONSTRAINT orders_user_fk," + " ADD CONSTRAINT orders_user_fk "
                + REFERENCES + " ON DELETE CASCADE"),
        RECREATE_NOT_VALID("ALTER TABLE orders DROP CONSTRAINT orders_user_fk," + " ADD CONSTRAINT orders_user_fk "
                + REFERENCES + " NOT VALID"),
        RECREATE_ON_OTHER_TABLE("CREATE TABLE people (id bigint PRIMARY KEY); INSERT INTO people SELECT id FROM users;"
                + " ALTER TABLE orders DROP CONSTRAINT orders_user_fk,"
                + " ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES people (id)"),
        COMMENT("COMMENT ON CONSTRAINT orders_user_fk ON orders IS 'written meanwhile'"),
        NO_COMMENT("COMMENT ON CONSTRAINT orders_user_fk ON orders IS NULL"),
        SWITCH_TRIGGERS("ALTER TABLE orders DISABLE TRIGGER ALL"),
        ADD_CONSTRAINT("CREATE TABLE likes (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id))");

        private final String sql;

        Change(String sql) {
            this.sql = sql;
        }

        void make(TestDatabase database) throws SQLException {
            database.execute(sql.split("; "));
        }
    }

    private final TestServer server;

    ConcurrentDdlTest(TestServer server) {
        this.server = server;
    }

    /** After the catalog was read, before the first lock on the table. */
    @ParameterizedTest
    @EnumSource
    void beforeTheSwap(Change change) throws Exception {
        try (TestDatabase database = OnlineSchema.create(server);
                TestDatabase earlier = OnlineSchema.create(server);
                LogCapture log = LogCapture.open()) {
            migrate(database, change, 1);
            if (change != Change.ADD_CONSTRAINT) {
                assertThat(log.messages("WARN"))
                        .anySatisfy(line -> assertThat(line)
                                .contains(
                                        "orders.orders_user_fk",
                                        "was changed or dropped by someone else",
                                        "looked at again"));
            }
            change.make(earlier);
            List<String> before = ForeignKeys.of(earlier);
            assertAsIfChangedBefore(database, earlier);

            Migrations.takeBack(database.warmDataSource());
            assertThat(ForeignKeys.of(database)).isEqualTo(before);
        }
    }

    /** After the swap. An undo may find its foreign key gone then, and is refused. */
    @ParameterizedTest
    @EnumSource
    void beforeTheValidation(Change change) throws Exception {
        try (TestDatabase database = OnlineSchema.create(server);
                TestDatabase earlier = OnlineSchema.create(server)) {
            migrate(database, change, 2);
            change.make(earlier);
            assertAsIfChangedBefore(database, earlier);
        }
    }

    /** The change is made before the migration locks the table for the nth time: first to swap, then to validate. */
    private static void migrate(TestDatabase database, Change change, int lock) {
        AtomicInteger locks = new AtomicInteger();
        Gate somebodyElse = new Gate() {
            @Override
            public void before(String sql) throws SQLException {
                if (sql.contains("LOCK TABLE ONLY \"public\".\"orders\"") && locks.incrementAndGet() == lock) {
                    change.make(database);
                }
            }

            @Override
            public void after(String sql) {}
        };
        Migrations.convert(somebodyElse.guard(database.dataSource()));
        assertThat(locks).hasValueGreaterThanOrEqualTo(lock);
    }

    private static void assertAsIfChangedBefore(TestDatabase database, TestDatabase earlier) throws SQLException {
        Migrations.convert(earlier.warmDataSource());
        assertThat(ForeignKeys.of(database))
                .isEqualTo(ForeignKeys.of(earlier))
                .filteredOn(fk -> fk.contains("REFERENCES users"))
                .allMatch(fk -> fk.contains("ON DELETE CASCADE"));
    }
}
