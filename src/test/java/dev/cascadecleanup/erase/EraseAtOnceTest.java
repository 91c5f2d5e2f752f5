package dev.cascadecleanup.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.online.Until;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.Gate;
import dev.cascadecleanup.testing.HeldErasure;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a service asks for in a row: a light person in one round trip, the busy one without a look at the catalog, and no wrong answer after DDL. */
@ContractTest(oldestAndNewest = true)
class EraseAtOnceTest {

    private static final EraseOptions AT_ONCE =
            EraseOptions.defaults().withStepGoal(Duration.ofMinutes(1)).withoutPreview();

    private final TestServer server;
    private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
    private TestDatabase database;
    private CascadeCleanup cleanup;

    EraseAtOnceTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void makeRows() throws Exception {
        server.assumePostgres();
        database = server.databaseOf(
                "at once",
                empty -> empty.execute(
                        "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
                        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE) PARTITION BY RANGE (id)",
                        "CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM (1) TO (100)",
                        "CREATE TABLE orders_2 PARTITION OF orders FOR VALUES FROM (100) TO (1000)",
                        "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE SET NULL)",
                        "INSERT INTO users SELECT n, 'user' FROM generate_series(1, 9) AS s(n)",
                        "INSERT INTO orders SELECT n, 1 + n % 9 FROM generate_series(1, 180) AS s(n)",
                        "INSERT INTO notes SELECT n, 1 + n % 9 FROM generate_series(1, 18) AS s(n)"));
        cleanup = CascadeCleanup.of(seen().guard(database.dataSource()));
    }

    @AfterEach
    void dropThem() throws Exception {
        if (database != null) {
            database.close();
        }
    }

    private Gate seen() {
        return new Gate() {
            @Override
            public void before(String sql) {
                statements.add(sql);
            }

            @Override
            public void after(String sql) {}
        };
    }

    private long count(String what) throws SQLException {
        return database.<Long>value("SELECT count(*) FROM " + what);
    }

    private static EraseReceipt.Rows rows(EraseReceipt receipt, String table) {
        return receipt.rows().stream()
                .filter(row -> row.table().name().equals(table))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSecondPersonTakesOneRoundTrip() throws Exception {
        cleanup.erase("1", AT_ONCE);
        assertThat(statements).as("no catalog is read").noneMatch(sql -> sql.contains("pg_publication"));
        statements.clear();

        EraseReceipt receipt = cleanup.erase(" 02", AT_ONCE);

        assertThat(statements).hasSize(1);
        assertThat(receipt.key()).isEqualTo("2");
        assertThat(receipt.counted()).isTrue();
        assertThat(rows(receipt, "users").deleted()).isEqualTo(1);
        assertThat(rows(receipt, "orders").deleted()).as("in two partitions").isEqualTo(20);
        assertThat(rows(receipt, "notes").updated()).isEqualTo(2);
        assertThat(receipt.rows()).hasSize(3);
        assertThat(count("users")).isEqualTo(7);
        assertThat(count("orders WHERE user_id IN (1, 2)")).isZero();
        assertThat(database.<Long>value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
                .isZero();
    }

    /** What another erasure over the same session has counted, and not yet reported, is not counted again. */
    @Test
    void overOneSessionEachCountsItsOwn() throws Exception {
        HikariConfig one = new HikariConfig();
        one.setDataSource(database.dataSource());
        one.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(one)) {
            CascadeCleanup pooled = CascadeCleanup.of(pool);
            for (int person = 1; person <= 8; person++) {
                EraseOptions options = person % 2 == 0 ? AT_ONCE : EraseOptions.defaults();
                assertThat(pooled.erase(String.valueOf(person), options).rowsDeleted())
                        .isEqualTo(21);
            }
        }
    }

    @Test
    void whoIsNotThereIsNamedAndWhatIsNoKeyToo() throws Exception {
        cleanup.erase("1", AT_ONCE);
        for (String key : List.of("1", "77", "abc", "", "99999999999999999999", "\0")) {
            assertThatThrownBy(() -> cleanup.erase(key, AT_ONCE))
                    .as(key)
                    .isInstanceOf(NoSuchPersonException.class)
                    .hasMessageEndingWith("othing was deleted");
        }
        assertThat(cleanup.erase("id=2", AT_ONCE).key()).isEqualTo("2");
        assertThat(count("users")).isEqualTo(7);
    }

    @Test
    void ofTenWhoAskMeanwhileNobodyReadsTheCatalog() throws Exception {
        HeldErasure listener = new HeldErasure();
        EraseOptions held = EraseOptions.defaults().withDrainAbove(1).withListener(listener);
        ExecutorService pool = Executors.newFixedThreadPool(11);
        try {
            Future<EraseReceipt> first = pool.submit(() -> cleanup.erase("1", held));
            Until.isTrue("at it", () -> first.isDone() || listener.isHeld());
            assertThat(first.isDone()).isFalse();
            statements.clear();
            List<Future<EraseReceipt>> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                EraseOptions options = i % 2 == 0 ? AT_ONCE : EraseOptions.defaults();
                others.add(pool.submit(() -> cleanup.erase("01", options)));
            }
            for (Future<EraseReceipt> other : others) {
                assertThatThrownBy(other::get)
                        .cause()
                        .isInstanceOf(EraseBusyException.class)
                        .hasMessageMatching("(?s)users 1 is being erased already, by pid \\d+.* for \\d+ s\\..*");
            }
            assertThat(statements).noneMatch(sql -> sql.contains("pg_publication"));
            listener.close();
            assertThat(first.get().erased()).isTrue();
        } finally {
            listener.close();
            pool.shutdownNow();
        }
        assertThat(count("users")).isEqualTo(8);
    }

    /** A short one keeps others off as well, and they wait for no row. */
    @Test
    void whileTheOneDeleteWaitsOthersAreAnswered() throws Exception {
        cleanup.erase("9", AT_ONCE);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("SELECT * FROM orders WHERE user_id = 1 FOR UPDATE");
            }
            EraseOptions patient = AT_ONCE.withLockTimeout(Duration.ofMinutes(1));
            Future<EraseReceipt> first = pool.submit(() -> cleanup.erase("1", patient));
            Until.isTrue(
                    "it waits",
                    () -> first.isDone()
                            || database.<Long>value(
                                            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                                    + " AND datname = current_database()")
                                    > 0);
            assertThatThrownBy(() -> cleanup.erase("1", AT_ONCE)).isInstanceOf(EraseBusyException.class);
            assertThat(cleanup.erase("2", AT_ONCE).erased()).isTrue();
            other.commit();
            assertThat(first.get().erased()).isTrue();
        } finally {
            pool.shutdownNow();
        }
        assertThat(count("users")).isEqualTo(6);
    }

    @Test
    void aTableInThePlaceOfTheOldOneIsTheOneThatIsMeant() throws Exception {
        cleanup.erase("1", AT_ONCE);
        database.execute(
                "ALTER TABLE users RENAME TO former_users",
                "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
                "INSERT INTO users VALUES (2, 'another')");
        EraseReceipt receipt = cleanup.erase("2", AT_ONCE);
        assertThat(receipt.rowsDeleted()).isEqualTo(1);
        assertThat(count("former_users")).isEqualTo(8);
        assertThat(count("users")).isZero();

        database.execute("DROP TABLE users");
        assertThatThrownBy(() -> cleanup.erase("2", AT_ONCE))
                .isInstanceOf(CascadeException.class)
                .hasMessageContaining("there is no such table");
        database.execute("ALTER TABLE former_users RENAME TO users", "ALTER TABLE users RENAME COLUMN id TO number");
        assertThat(cleanup.erase("2", AT_ONCE).rowsDeleted()).isEqualTo(21);
        assertThat(cleanup.erase("number=3", AT_ONCE).rowsDeleted()).isEqualTo(21);
    }

    @Test
    void anotherKeyIsTheOneThatIsMeant() throws Exception {
        cleanup.erase("1", AT_ONCE);
        database.execute(
                "ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey",
                "ALTER TABLE notes DROP CONSTRAINT notes_user_id_fkey",
                "ALTER TABLE users DROP CONSTRAINT users_pkey",
                "ALTER TABLE users ADD COLUMN code bigint",
                "UPDATE users SET code = 12 - id",
                "ALTER TABLE users ADD PRIMARY KEY (code)");
        cleanup.erase("3", AT_ONCE);
        assertThat(count("users WHERE id = 3")).isEqualTo(1);
        assertThat(count("users WHERE id = 9")).isZero();
    }

    @Test
    void aSearchPathOfItsOwnMeansATableOfItsOwn() throws Exception {
        cleanup.erase("1", AT_ONCE);
        database.execute(
                "CREATE SCHEMA nearer",
                "CREATE TABLE nearer.users (id bigint PRIMARY KEY)",
                "INSERT INTO nearer.users VALUES (2), (3)",
                "ALTER DATABASE \"" + database.name() + "\" SET search_path = nearer, public");
        cleanup.erase("2", AT_ONCE);
        assertThat(count("nearer.users")).isEqualTo(1);
        assertThat(count("public.users")).isEqualTo(8);
        CascadeCleanup other = cleanup.withOptions(
                CascadeOptions.defaults().toBuilder().parent("public.users").build());
        other.erase("2", AT_ONCE);
        other.erase("3", AT_ONCE);
        assertThat(count("nearer.users")).isEqualTo(1);
        assertThat(count("public.users")).isEqualTo(6);
    }

    @Test
    void whatHasComeToStandBeforeTheRowsCounts() throws Exception {
        cleanup.erase("1", AT_ONCE);
        database.execute(
                "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
                "CREATE TRIGGER keep BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION keep()");
        assertThatThrownBy(() -> cleanup.erase("2", AT_ONCE))
                .isInstanceOf(EraseRefusedException.class)
                .hasMessageContaining("still has the row");
        database.execute(
                "DROP TRIGGER keep ON users",
                """
                CREATE OR REPLACE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO users VALUES (OLD.user_id, 'again'); RETURN OLD; END $$
                """,
                "CREATE TRIGGER keep AFTER DELETE ON orders_1 FOR EACH ROW WHEN (OLD.id = 3)"
                        + " EXECUTE FUNCTION keep()");
        assertThatThrownBy(() -> cleanup.erase("4", AT_ONCE))
                .isInstanceOf(EraseRefusedException.class)
                .hasMessageContaining("still has the row");
        assertThat(count("users")).isEqualTo(8);
        assertThat(count("orders")).isEqualTo(160);
    }

    /** The DELETE goes there, too; and what has had a child once is not taken for bare. */
    @Test
    void aChildOfTheParentCounts() throws Exception {
        cleanup.erase("1", AT_ONCE);
        for (String sql : List.of("CREATE TABLE members () INHERITS (users)", "DROP TABLE members")) {
            database.execute(sql);
            statements.clear();
            assertThat(cleanup.erase(sql.startsWith("CREATE") ? "2" : "3", AT_ONCE)
                            .rowsDeleted())
                    .isEqualTo(21);
            assertThat(statements).as(sql).hasSizeGreaterThan(1);
        }
    }

    /** By what its trigger has done: a sequence is not rolled back. */
    @Test
    void nothingIsDeletedTwice() throws Exception {
        database.execute(
                "CREATE DOMAIN person AS bigint",
                "CREATE TABLE people (id person PRIMARY KEY)",
                "CREATE TABLE letters (id bigint PRIMARY KEY, to_id person REFERENCES people ON DELETE CASCADE)",
                "INSERT INTO people SELECT n FROM generate_series(1, 4) AS s(n)",
                "INSERT INTO letters SELECT id, id FROM people",
                "CREATE SEQUENCE deletes",
                "CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('deletes'); RETURN OLD; END $$",
                "CREATE TRIGGER counted AFTER DELETE ON letters FOR EACH ROW EXECUTE FUNCTION counted()");
        CascadeCleanup ofPeople = cleanup.withOptions(
                CascadeOptions.defaults().toBuilder().parent("people").build());
        ofPeople.erase("1", AT_ONCE);
        ofPeople.erase("2", AT_ONCE);
        assertThat(database.<Long>value("SELECT last_value FROM deletes")).isEqualTo(2);

        database.execute(
                "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
                "CREATE TRIGGER nothing BEFORE DELETE ON people FOR EACH ROW EXECUTE FUNCTION nothing()");
        ofPeople.erase("3", AT_ONCE);
        long before = database.<Long>value("SELECT last_value FROM deletes");
        ofPeople.erase("4", AT_ONCE);
        assertThat(database.<Long>value("SELECT last_value FROM deletes"))
                .as("what is not true any more is forgotten")
                .isEqualTo(before + 1);
    }

    @Test
    void whatRefusesIsNamed() throws Exception {
        cleanup.erase("1", AT_ONCE);
        database.execute(
                "CREATE TABLE invoices (id bigint PRIMARY KEY, user_id bigint REFERENCES users DEFERRABLE INITIALLY DEFERRED)",
                "INSERT INTO invoices VALUES (1, 2)");
        assertThatThrownBy(() -> cleanup.erase("2", AT_ONCE))
                .isInstanceOf(EraseRefusedException.class)
                .hasMessageContaining("invoices_user_id_fkey")
                .hasMessageContaining("nothing was deleted");
        assertThat(count("users")).isEqualTo(8);
        assertThat(count("orders")).isEqualTo(160);
    }

    @Test
    void aListenerIsInTheTransaction() throws Exception {
        database.execute("CREATE TABLE outbox (message text)");
        cleanup.erase("1", AT_ONCE);
        EraseOptions listened = AT_ONCE.withListener(new ErasureListener() {
            @Override
            public void afterErase(Connection connection, EraseReceipt receipt) throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("INSERT INTO outbox VALUES ('erased " + receipt.key() + "')");
                }
                if (receipt.key().equals("3")) {
                    throw new IllegalStateException("no broker");
                }
            }
        });
        cleanup.erase("2", listened);
        assertThatThrownBy(() -> cleanup.erase("3", listened))
                .isInstanceOf(EraseRefusedException.class)
                .hasMessageContaining("a listener ended it")
                .hasMessageContaining("no broker");
        assertThat(database.rows("SELECT message FROM outbox").toString()).isEqualTo("[[erased 2]]");
        assertThat(count("users")).isEqualTo(7);
    }
}
