package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.LogCapture;
import dev.cascadecleanup.testing.Postgres;
import dev.cascadecleanup.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody is in the way of a build for as long as it may wait: named, given up, and nothing invalid left behind. */
@Timeout(600)
class IndexWaitsTest {

    private static final CascadeOptions OPTIONS = CascadeOptions.defaults().toBuilder()
            .lockTimeout(Duration.ofMillis(100))
            .maxWait(Duration.ofMillis(1500))
            .build();

    private TestDatabase database;

    @BeforeEach
    void create() throws SQLException {
        database = Postgres.newest()
                .databaseOf(
                        "index-waits",
                        empty -> empty.execute(
                                "CREATE TABLE users (id bigint PRIMARY KEY)",
                                "CREATE TABLE notes (u bigint REFERENCES users)",
                                "CREATE TABLE unrelated (id bigint)",
                                "INSERT INTO unrelated VALUES (1), (2)"));
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    @Test
    void anOldSnapshotIsNamedBeforeAnythingIsThere() throws Exception {
        try (Blocker reader =
                Blocker.idleAfter(database, "DECLARE c CURSOR FOR SELECT * FROM unrelated; FETCH 1 FROM c")) {
            assertGivenUp(database.dataSource(), reader);
        }
        assertThat(cleanup(database.dataSource()).createIndexes().built()).hasSize(1);
    }

    @Test
    void aWriterIsNamedBeforeAnythingIsThere() throws Exception {
        try (Blocker writer = Blocker.idleAfter(database, "INSERT INTO notes VALUES (NULL)")) {
            assertGivenUp(database.dataSource(), writer);
        }
    }

    /** It comes when the build has begun, and the index is in the catalog. */
    @Test
    void anOldSnapshotThatComesLate() throws Exception {
        Latecomer latecomer = new Latecomer("DECLARE c CURSOR FOR SELECT * FROM unrelated; FETCH 1 FROM c");
        try (AutoCloseable end = latecomer::end) {
            assertThatThrownBy(() ->
                            cleanup(latecomer.guard(database.dataSource())).createIndexes())
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("cascade_max_wait = 1500ms")
                    .hasMessageContaining("pid " + latecomer.blocker.pid());
            assertThat(database.<Long>value("SELECT count(*) FROM pg_class WHERE relname LIKE '%ccidx%'"))
                    .isZero();
        }
        assertThat(cleanup(database.dataSource()).createIndexes().built()).hasSize(1);
        assertThat(indexes()).hasSize(1);
    }

    /** The one case in which nothing can be done: who has written to the table keeps anybody from dropping its index. */
    @Test
    void aWriterThatComesLateIsToldAboutAndCleanedUpAfter() throws Exception {
        Latecomer latecomer = new Latecomer("INSERT INTO notes VALUES (NULL)");
        try (AutoCloseable end = latecomer::end) {
            assertThatThrownBy(() ->
                            cleanup(latecomer.guard(database.dataSource())).createIndexes())
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("pid " + latecomer.blocker.pid())
                    .hasMessageContaining("could not be dropped yet; the next run does that");
            assertThat(indexes()).isEmpty();
        }
        assertThat(cleanup(database.dataSource()).createIndexes().built()).hasSize(1);
        assertThat(indexes()).hasSize(1);
        assertThat(database.<Long>value("SELECT count(*) FROM pg_index WHERE NOT indisvalid"))
                .isZero();
    }

    /** Then nothing tells whether the other waits for us, so no single wait may be long. */
    @Test
    void withoutASecondConnectionItBeginsAgain() throws Exception {
        Latecomer latecomer = new Latecomer("DECLARE c CURSOR FOR SELECT * FROM unrelated; FETCH 1 FROM c");
        try (HikariDataSource pool = poolOfOne();
                LogCapture log = LogCapture.open();
                AutoCloseable end = latecomer::end) {
            assertThatThrownBy(() -> CascadeCleanup.of(Flyway.configure().dataSource(latecomer.guard(pool)))
                            .withOptions(OPTIONS)
                            .createIndexes())
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("cascade_max_wait = 1500ms")
                    .hasMessageContaining("pid " + latecomer.blocker.pid());
            assertThat(log.messages("INFO"))
                    .anyMatch(line -> line.startsWith("no second connection to see how far a build is"))
                    .anyMatch(line -> line.contains("begins again: no second connection tells whom it has waited for"));
            assertThat(database.<Long>value("SELECT count(*) FROM pg_class WHERE relname LIKE '%ccidx%'"))
                    .isZero();
        }
    }

    /** And when the other is gone by then, nobody has to run anything again. */
    @Test
    void withoutASecondConnectionItComesThrough() throws Exception {
        Latecomer latecomer = new Latecomer("DECLARE c CURSOR FOR SELECT * FROM unrelated; FETCH 1 FROM c") {
            @Override
            public void after(String statement) {
                if (statement.startsWith("DROP INDEX CONCURRENTLY")) {
                    assertThatCode(this::end).doesNotThrowAnyException();
                }
            }
        };
        try (HikariDataSource pool = poolOfOne()) {
            assertThat(cleanup(latecomer.guard(pool)).createIndexes().built()).hasSize(1);
        }
        assertThat(latecomer.ended).isTrue();
        assertThat(indexes()).hasSize(1);
    }

    private HikariDataSource poolOfOne() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(250);
        return new HikariDataSource(config);
    }

    private void assertGivenUp(DataSource dataSource, Blocker blocker) throws SQLException {
        assertThatThrownBy(() -> cleanup(dataSource).createIndexes())
                .isInstanceOf(CascadeException.class)
                .hasMessageContaining("old transactions have been in the way for cascade_max_wait = 1500ms")
                .hasMessageContaining("pid " + blocker.pid())
                .hasMessageContaining("idle in transaction");
        assertThat(
                        database.<Long>value(
                                "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname LIKE '%ccidx%'"))
                .isZero();
        assertThat(database.<Long>value("SELECT count(*) FROM cascade_cleanup_index_journal"))
                .isZero();
    }

    private static CascadeCleanup cleanup(DataSource dataSource) {
        return CascadeCleanup.of(dataSource).withOptions(OPTIONS);
    }

    /** Those that queries can use. */
    private List<List<Object>> indexes() throws SQLException {
        return database.rows("SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                + " WHERE c.relname LIKE '%ccidx%' AND i.indisvalid");
    }

    /** Comes between the last look and the build. */
    private class Latecomer implements Gate {

        private final String sql;
        private Blocker blocker;
        private boolean ended;

        Latecomer(String sql) {
            this.sql = sql;
        }

        @Override
        public void before(String statement) throws SQLException {
            if (statement.startsWith("CREATE INDEX CONCURRENTLY") && blocker == null) {
                blocker = Blocker.idleAfter(database, sql);
            }
        }

        @Override
        public void after(String statement) {}

        void end() throws Exception {
            ended = true;
            blocker.close();
        }
    }
}
