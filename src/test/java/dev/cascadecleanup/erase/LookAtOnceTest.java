package dev.cascadecleanup.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.DatabaseKind;
import dev.cascadecleanup.testing.DoubledConnections;
import dev.cascadecleanup.testing.HeldErasure;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A light person with a preview in three round trips, where a schema is known in which anybody's DELETE succeeds, and in no other. */
@ContractTest(only = DatabaseKind.POSTGRESQL, oldestAndNewest = true)
class LookAtOnceTest {

    private static final int AT_ONCE = 3;

    private final TestServer server;
    private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
    private TestDatabase database;
    private CascadeCleanup cleanup;
    private int last;

    LookAtOnceTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void makeRows() throws Exception {
        database = server.createDatabase();
        database.execute(
                "CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE)",
                "CREATE TABLE posts (id bigint PRIMARY KEY, user_id int REFERENCES users ON DELETE CASCADE)",
                "CREATE TABLE comments (id bigint PRIMARY KEY, post_id bigint NOT NULL REFERENCES posts ON DELETE CASCADE)",
                "CREATE TABLE mails (id bigint PRIMARY KEY, email text REFERENCES users (email) ON DELETE CASCADE)",
                "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE) PARTITION BY RANGE (id)",
                "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (1) TO (100)",
                "CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM (100) TO (1000)",
                "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL)",
                "CREATE TABLE logs (id bigint, user_id bigint, kind text)",
                "INSERT INTO users SELECT n, 'm' || n FROM generate_series(1, 150) AS s(n)",
                "INSERT INTO posts SELECT id, id FROM users",
                "INSERT INTO comments SELECT id, id FROM posts",
                "INSERT INTO comments SELECT id + 1000, id FROM posts",
                "INSERT INTO mails SELECT id, email FROM users",
                "INSERT INTO orders SELECT id, id FROM users",
                "INSERT INTO notes SELECT id, id FROM users",
                "INSERT INTO logs SELECT id, id FROM users");
        cleanup = CascadeCleanup.of(DoubledConnections.over(database.dataSource(), (connection, sql) -> {
            statements.add(sql);
            return sql;
        }));
    }

    @AfterEach
    void dropThem() throws Exception {
        database.close();
    }

    /** Erases the next person, with a preview, and says in how many round trips. */
    private int next(int rows) {
        statements.clear();
        assertThat(cleanup.erase(String.valueOf(++last), EraseOptions.defaults())
                        .rowsDeleted())
                .isEqualTo(rows);
        return statements.size();
    }

    private int next() {
        return next(6);
    }

    @Test
    void theSecondPersonTakesThreeRoundTrips() throws Exception {
        assertThat(next()).isGreaterThan(AT_ONCE);
        assertThat(next()).isEqualTo(AT_ONCE);
        assertThat(statements).noneMatch(sql -> sql.contains("pg_get_constraintdef"));
        database.execute("INSERT INTO posts VALUES (500, 3)", "VACUUM (FREEZE, ANALYZE)");
        assertThat(next(7)).isEqualTo(AT_ONCE);
        assertThat(database.<Long>value("SELECT count(*) FROM notes WHERE user_id IS NULL"))
                .isEqualTo(3);
        assertThat(database.<Long>value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                .isZero();
        for (String key : List.of("1", "777", "abc", "", "\0")) {
            assertThatThrownBy(() -> cleanup.erase(key, EraseOptions.defaults()))
                    .as(key)
                    .isInstanceOf(NoSuchPersonException.class);
        }
        assertThat(cleanup.erase("email=m4", EraseOptions.defaults()).key()).isEqualTo("4");
        assertThat(cleanup.erase(" 05", EraseOptions.defaults()).key()).isEqualTo("5");
    }

    /** Whatever the change, it is looked at anew before anything is deleted, and nothing is remembered that is not true. */
    @Test
    void whatHasChangedIsSeen() throws Exception {
        next();
        for (List<String> change : List.of(
                List.of(
                        "ALTER TABLE logs ADD CONSTRAINT l FOREIGN KEY (user_id) REFERENCES users NOT VALID",
                        "ALTER TABLE logs DROP CONSTRAINT l"),
                List.of("ALTER TABLE users DISABLE TRIGGER ALL", "ALTER TABLE users ENABLE TRIGGER ALL"),
                List.of(
                        "ALTER TABLE notes ADD CONSTRAINT c CHECK (user_id IS NOT NULL) NOT VALID",
                        "ALTER TABLE notes DROP CONSTRAINT c"),
                List.of(
                        "CREATE TRIGGER t BEFORE DELETE ON comments FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
                        "DROP TRIGGER t ON comments"),
                List.of(
                        "ALTER TABLE posts ADD other_id bigint REFERENCES users ON DELETE CASCADE",
                        "ALTER TABLE posts DROP other_id"),
                List.of(
                        "CREATE SCHEMA nearer CREATE TABLE users (id bigint PRIMARY KEY)",
                        "DROP SCHEMA nearer CASCADE"))) {
            next();
            assertThat(next()).isEqualTo(AT_ONCE);
            for (String sql : change) {
                database.execute(sql);
                last++;
                statements.clear();
                Object kept = erased(cleanup, last);
                assertThat(statements).as(sql).hasSizeGreaterThan(AT_ONCE);
                if (kept instanceof Long) {
                    last++;
                }
                assertThat(erased(CascadeCleanup.of(database.dataSource()), last))
                        .as(sql)
                        .isEqualTo(kept);
            }
        }
    }

    /** How many rows went, or what kept them. */
    private static Object erased(CascadeCleanup cleanup, int person) {
        try {
            return cleanup.erase(String.valueOf(person), EraseOptions.defaults())
                    .rowsDeleted();
        } catch (CascadeException e) {
            return e.getClass() + String.valueOf(e.getMessage());
        }
    }

    /** They count as a change only until somebody has looked at the states. */
    @Test
    void temporaryTablesAreLookedAtOnce() throws Exception {
        next();
        try (Connection connection = database.connect()) {
            connection.createStatement().execute("CREATE TEMPORARY TABLE t (id bigint PRIMARY KEY)");
            assertThat(next()).isGreaterThan(AT_ONCE);
            assertThat(statements).noneMatch(sql -> sql.contains("RI\\_FKey"));
            assertThat(next()).isEqualTo(AT_ONCE);
        }
    }

    /** Its transaction was there before the schema was remembered. */
    @Test
    void whatIsCommittedLaterIsSeen() throws Exception {
        next();
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("CREATE TABLE bills (user_id bigint)");
            connection.createStatement().execute("INSERT INTO bills SELECT 5");
            database.execute("CREATE TABLE other (id bigint)");
            next();
            next();
            connection.createStatement().execute("ALTER TABLE bills ADD FOREIGN KEY (user_id) REFERENCES users");
            connection.commit();
        }
        last = 4;
        assertThatThrownBy(this::next)
                .isInstanceOf(EraseRefusedException.class)
                .hasMessageContaining("refused by bills");
    }

    @Test
    void whereTheDataDecideNobodyIsPlain() throws Exception {
        for (String sql : List.of(
                "CREATE TABLE likes (user_id bigint REFERENCES users ON DELETE CASCADE, post_id bigint REFERENCES posts ON DELETE CASCADE)",
                "CREATE TABLE bills (user_id bigint REFERENCES users)",
                "ALTER TABLE users ADD inviter_id bigint REFERENCES users ON DELETE CASCADE",
                "ALTER TABLE comments ADD parent_id bigint REFERENCES comments ON DELETE CASCADE")) {
            try (TestDatabase other = server.createDatabase()) {
                other.execute(
                        "CREATE TABLE users (id bigint PRIMARY KEY)",
                        "CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE)",
                        "CREATE TABLE comments (id bigint PRIMARY KEY, post_id bigint REFERENCES posts ON DELETE CASCADE)",
                        sql,
                        "INSERT INTO users VALUES (1), (2), (3)");
                List<String> seen = new ArrayList<>();
                CascadeCleanup kept =
                        CascadeCleanup.of(DoubledConnections.over(other.dataSource(), (connection, each) -> {
                            seen.add(each);
                            return each;
                        }));
                for (int person = 1; person <= 3; person++) {
                    seen.clear();
                    kept.erase(String.valueOf(person), EraseOptions.defaults());
                    assertThat(seen).as(sql).hasSizeGreaterThan(AT_ONCE);
                }
            }
        }
    }

    @Test
    void aHeavyOneIsTakenApartAndHasNoSecond() throws Exception {
        next();
        next();
        database.execute("INSERT INTO comments SELECT 5000 + n, 3 FROM generate_series(1, 500) AS s(n)");
        HeldErasure listener = new HeldErasure();
        EraseOptions held = EraseOptions.defaults().withDrainAbove(100).withListener(listener);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<EraseReceipt> first = pool.submit(() -> cleanup.erase("3", held));
            listener.awaitHeld();
            statements.clear();
            assertThatThrownBy(() -> cleanup.erase("3", EraseOptions.defaults()))
                    .isInstanceOf(EraseBusyException.class);
            assertThat(statements).as("nothing is counted").noneMatch(sql -> sql.contains("REPEATABLE READ"));
            listener.close();
            assertThat(first.get().steps()).isPositive();
            assertThat(first.get().rowsDeleted()).isEqualTo(506);
        } finally {
            listener.close();
            pool.shutdownNow();
        }
        last = 3;
        assertThat(next()).isEqualTo(AT_ONCE);
    }

    /** Another role under the same object, and another setting. */
    @Test
    void anotherSessionIsAskedForItself() throws SQLException {
        next();
        assertThat(next()).isEqualTo(AT_ONCE);
        for (String setting : Set.of(
                "session_replication_role = replica", "row_security = off", "search_path = pg_catalog, public")) {
            database.execute("ALTER DATABASE \"" + database.name() + "\" SET " + setting);
            statements.clear();
            last++;
            erased(cleanup, last);
            assertThat(statements).as(setting).hasSizeGreaterThan(AT_ONCE);
            database.execute(
                    "ALTER DATABASE \"" + database.name() + "\" RESET " + setting.substring(0, setting.indexOf(' ')));
        }
    }
}
