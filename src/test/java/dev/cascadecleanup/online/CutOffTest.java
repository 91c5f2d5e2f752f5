package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The migration loses its sessions before or after each statement that changes something, because an administrator ends them or
 * the server crashes: the run fails, and the next one finishes its work, after a repair where Flyway kept a failed row.
 */
class CutOffTest {

    private static final String APPLICATION_NAME = "cut off";

    private enum Cause {
        TERMINATED {
            @Override
            void cut(TestDatabase database) throws Exception {
                database.rows(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND application_name = '" + APPLICATION_NAME + "'");
            }
        },
        SERVER_RESTARTED {
            @Override
            void cut(TestDatabase database) throws Exception {
                ImmediateRestart.of(database);
            }
        };

        abstract void cut(TestDatabase database) throws Exception;
    }

    /** Restarts hurt nobody else there. */
    private static final TestServer SERVER = Postgres.another();

    @ParameterizedTest(name = "{0}, transactional.lock={1}, before={2}")
    @CsvSource({
        "TERMINATED, true, true",
        "TERMINATED, true, false",
        "TERMINATED, false, true",
        "TERMINATED, false, false",
        "SERVER_RESTARTED, true, true",
        "SERVER_RESTARTED, false, false"
    })
    void theNextRunFinishes(Cause cause, boolean transactionalLock, boolean before) throws Exception {
        List<String> original;
        List<String> expected;
        List<String> expectedJournal;
        try (TestDatabase undisturbed = OnlineSchema.create(SERVER)) {
            original = ForeignKeys.of(undisturbed);
            Migrations.migrate(undisturbed.dataSource());
            expected = ForeignKeys.of(undisturbed);
            expectedJournal = ForeignKeys.journal(undisturbed);
        }
        for (int number = 1; ; number++) {
            try (TestDatabase database = OnlineSchema.create(SERVER)) {
                Cut cut = new Cut(database, cause, number, before);
                boolean failed = fails(cut, transactionalLock);
                if (cut.statement == null) {
                    assertThat(failed).isFalse();
                    assertThat(number).isGreaterThan(OnlineSchema.FOREIGN_KEYS * 4);
                    return;
                }
                String what = "cut off at " + cut.statement;
                if (ForeignKeys.history(database).contains("060 | false")) {
                    Migrations.configure(database.warmDataSource()).load().repair();
                }
                Migrations.migrate(database.warmDataSource());
                assertThat(ForeignKeys.of(database)).as(what).isEqualTo(expected);
                assertThat(ForeignKeys.journal(database)).as(what).isEqualTo(expectedJournal);
                assertThat(ForeignKeys.history(database)).as(what).containsExactly("060 | true");
                Migrations.takeBack(database.warmDataSource());
                assertThat(ForeignKeys.of(database)).as("undo after " + what).isEqualTo(original);
            }
        }
    }

    private static boolean fails(Cut cut, boolean transactionalLock) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(cut.database.jdbcUrl());
        dataSource.setUser(cut.database.user());
        dataSource.setApplicationName(APPLICATION_NAME);
        try {
            Migrations.withTransactionalLock(Migrations.configure(cut.guard(dataSource)), transactionalLock)
                    .load()
                    .migrate();
            return false;
        } catch (RuntimeException e) {
            return true;
        }
    }

    /** Ends all sessions of the migration at one statement. */
    private static final class Cut implements Gate {

        private final TestDatabase database;
        private final Cause cause;
        private final int number;
        private final boolean before;
        private final AtomicInteger changes = new AtomicInteger();
        private String statement;

        Cut(TestDatabase database, Cause cause, int number, boolean before) {
            this.database = database;
            this.cause = cause;
            this.number = number;
            this.before = before;
        }

        @Override
        public void before(String sql) throws SQLException {
            if (CHANGE.matcher(sql).find() && changes.incrementAndGet() == number) {
                statement = sql;
                if (before) {
                    cut();
                }
            }
        }

        @Override
        public void after(String sql) throws SQLException {
            if (!before && sql.equals(statement) && changes.get() == number) {
                cut();
            }
        }

        private void cut() throws SQLException {
            try {
                cause.cut(database);
            } catch (Exception e) {
                throw new SQLException(e);
            }
        }
    }
}
