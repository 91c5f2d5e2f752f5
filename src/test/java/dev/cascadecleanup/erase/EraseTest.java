package dev.cascadecleanup.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.cascadecleanup.CascadeCleanup;
import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.online.Until;
import dev.cascadecleanup.testing.ContractTest;
import dev.cascadecleanup.testing.HeldErasure;
import dev.cascadecleanup.testing.TestDatabase;
import dev.cascadecleanup.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an erasure does to a person with orders, and what it says of it. */
@ContractTest(oldestAndNewest = true)
class EraseTest {

    /** Whoever has fewer rows than this is light. */
    private static final EraseOptions OPTIONS =
            EraseOptions.defaults().withDrainAbove(100).withStepGoal(Duration.ofMinutes(1));

    private final TestServer server;
    private TestDatabase database;

    EraseTest(TestServer server) {
        this.server = server;
    }

    @BeforeEach
    void makeRows() throws Exception {
        database = server.databaseOf("erase", EraseTest::build);
    }

    @AfterEach
    void dropThem() throws Exception {
        database.close();
    }

    /** Of user 1 are 400 orders, 800 items and 3 notes, of user 2 every fourth of that, of user 3 one order. */
    private static void build(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
                "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, CONSTRAINT orders_user FOREIGN KEY (user_id)"
                        + " REFERENCES users (id) ON DELETE CASCADE)",
                "CREATE INDEX orders_by_user ON orders (user_id)",
                "CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint NOT NULL, CONSTRAINT items_order FOREIGN KEY (order_id)"
                        + " REFERENCES orders (id) ON DELETE CASCADE)",
                "CREATE INDEX items_by_order ON items (order_id)",
                "CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint, CONSTRAINT notes_user FOREIGN KEY (user_id)"
                        + " REFERENCES users (id) ON DELETE SET NULL)",
                "CREATE TABLE outbox (message text PRIMARY KEY)",
                "INSERT INTO users SELECT n, 'user' FROM generate_series(1, 3) AS s(n)",
                "INSERT INTO orders SELECT n, CASE WHEN n <= 400 THEN 1 WHEN n <= 500 THEN 2 ELSE 3 END FROM generate_series(1, 501) AS s(n)",
                "INSERT INTO items SELECT n, (n + 1) >> 1 FROM generate_series(1, 1000) AS s(n)",
                "INSERT INTO notes SELECT n, 1 FROM generate_series(1, 3) AS s(n)");
    }

    private CascadeCleanup cleanup() {
        return CascadeCleanup.of(database.warmDataSource());
    }

    private long count(String what) throws SQLException {
        return database.<Long>value("SELECT count(*) FROM " + what);
    }

    private void assertThatOnlyUserOneIsGone() throws SQLException {
        assertThat(count("users")).isEqualTo(2);
        assertThat(count("orders")).isEqualTo(101);
        assertThat(count("orders WHERE user_id = 1")).isZero();
        assertThat(count("items")).isEqualTo(200);
        assertThat(count("notes WHERE user_id IS NULL")).isEqualTo(3);
    }

    private void assertThatEverythingIsThere() throws SQLException {
        assertThat(count("users")).isEqualTo(3);
        assertThat(count("orders")).isEqualTo(501);
        assertThat(count("items")).isEqualTo(1000);
        assertThat(count("notes WHERE user_id = 1")).isEqualTo(3);
    }

    @Test
    void aHeavyPersonGoesInSteps() throws Exception {
        EraseReceipt receipt = cleanup().erase("1", OPTIONS);

        assertThatOnlyUserOneIsGone();
        assertThat(receipt.erased()).isTrue();
        assertThat(receipt.key()).isEqualTo("1");
        assertThat(receipt.steps()).isPositive();
        assertThat(drained(receipt, "items")).isEqualTo(800);
        assertThat(drained(receipt, "orders")).isEqualTo(400);
        if (receipt.counted()) {
            assertThat(receipt.rowsDeleted()).isEqualTo(1201);
            assertThat(rows(receipt, "notes").updated()).isEqualTo(3);
        }
        assertThat(receipt.toJson())
                .contains("\"erased\":true", "\"key\":\"1\"", "\"name\":\"items\"", "\"drained\":800")
                .doesNotContain("user\"");
        assertThat(receipt.toString()).contains("users 1 is erased", "items", "800 in steps");
    }

    @Test
    void aLightPersonIsOneDelete() throws Exception {
        for (EraseOptions options : List.of(OPTIONS, OPTIONS.withoutPreview())) {
            String key = options.preview() ? "3" : "2";
            EraseReceipt receipt =
                    cleanup().erase(key, options.withDrainAbove(10_000).withStepGoal(Duration.ofSeconds(20)));
            assertThat(receipt.steps()).isZero();
            if (receipt.counted()) {
                assertThat(receipt.rowsDeleted()).isEqualTo(key.equals("3") ? 2 : 301);
            }
        }
        assertThat(count("users")).isEqualTo(1);
        assertThat(count("orders")).isEqualTo(400);
        assertThat(count("items")).isEqualTo(800);
    }

    @Test
    void aListGoesOneByOne() throws Exception {
        List<EraseResult> results = cleanup().erase(List.of("1", "77", "3"), OPTIONS);

        assertThat(results).extracting(EraseResult::erased).containsExactly(true, false, true);
        assertThat(results.get(1).failure())
                .isInstanceOf(NoSuchPersonException.class)
                .hasMessageContaining("no row of users has id = 77");
        assertThat(count("users")).isEqualTo(1);
    }

    @Test
    void whatIsNoKeyDeletesNothing() throws Exception {
        for (String key :
                List.of("77", "", "abc", "1 OR 1=1", "1; DROP TABLE users", "1,2", "99999999999999999999", "\"", "'")) {
            assertThatThrownBy(() -> cleanup().erase(key, OPTIONS))
                    .as(key)
                    .isInstanceOf(NoSuchPersonException.class)
                    .hasMessageEndingWith("othing was deleted");
        }
        assertThatThrownBy(() -> cleanup().erase((String) null, OPTIONS)).isInstanceOf(IllegalArgumentException.class);
        assertThatEverythingIsThere();
    }

    @Test
    void aKeyIsWhatItMeans() throws Exception {
        assertThat(cleanup().erase(" 01", OPTIONS).key()).isEqualTo("1");
        assertThatOnlyUserOneIsGone();
    }

    @Test
    void theListenerWritesInTheTransactionOfTheDelete() throws Exception {
        List<String> calls = new ArrayList<>();
        cleanup().erase("1", OPTIONS.withListener(new ErasureListener() {
            @Override
            public void beforeDrain(String key) {
                calls.add("before " + key);
            }

            @Override
            public void afterErase(Connection connection, EraseReceipt receipt) throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("INSERT INTO outbox VALUES ('erased " + receipt.key() + "')");
                }
                calls.add("after");
            }
        }));
        assertThat(calls).containsExactly("before 1", "after");
        assertThat(count("outbox WHERE message = 'erased 1'")).isEqualTo(1);
        assertThatOnlyUserOneIsGone();
    }

    @Test
    void aListenerThatFailsKeepsThePerson() throws Exception {
        EraseOptions failing = OPTIONS.withListener(new ErasureListener() {
            @Override
            public void afterErase(Connection connection, EraseReceipt receipt) throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("INSERT INTO outbox VALUES ('erased')");
                }
                throw new IllegalStateException("no broker");
            }
        });
        EraseIncompleteException e = catchThrowableOfType(
                EraseIncompleteException.class, () -> cleanup().erase("1", failing));
        assertThat(e).hasMessageContaining("users 1 is still there").hasMessageContaining("no broker");
        assertThat(e.receipt().erased()).isFalse();
        assertThat(e.receipt().rowsDeleted()).isEqualTo(1200);
        assertThat(count("outbox")).isZero();
        assertThat(count("users")).isEqualTo(3);

        cleanup().erase("1", OPTIONS);
        assertThatOnlyUserOneIsGone();
    }

    @Test
    void aRowThatRefusesInTheMiddleIsNamedAndTheRestCanBeDoneLater() throws Exception {
        database.execute(
                "CREATE TABLE invoices (id bigint PRIMARY KEY, user_id bigint, CONSTRAINT invoices_user FOREIGN KEY (user_id)"
                        + " REFERENCES users (id))");
        EraseOptions refused = OPTIONS.withListener(new ErasureListener() {
            private boolean done;

            @Override
            public void progressed(EraseProgress progress) {
                if (!done) {
                    done = true;
                    run("INSERT INTO invoices VALUES (1, 1)");
                }
            }
        });
        EraseIncompleteException e = catchThrowableOfType(
                EraseIncompleteException.class, () -> cleanup().erase("1", refused));
        assertThat(e)
                .hasMessageContaining("users 1 is still there")
                .hasMessageContaining("invoices_user")
                .hasMessageContaining("run again");
        assertThat(count("users")).isEqualTo(3);
        assertThat(count("orders")).isEqualTo(501 - drained(e.receipt(), "orders"));

        database.execute("DELETE FROM invoices");
        cleanup().erase("1", OPTIONS);
        assertThatOnlyUserOneIsGone();
    }

    @Test
    void oneAtATimeForOnePersonAndOthersBesideIt() throws Exception {
        HeldErasure listener = new HeldErasure();
        EraseOptions held = OPTIONS.withListener(listener);
        ExecutorService pool = Executors.newFixedThreadPool(11);
        try {
            Future<EraseReceipt> first = pool.submit(() -> cleanup().erase("1", held));
            Until.isTrue("the first is at it, or has failed", () -> first.isDone() || listener.isHeld());
            assertThat(first.isDone()).isFalse();
            List<Future<EraseReceipt>> others = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                others.add(pool.submit(() -> cleanup().erase(" 1", OPTIONS)));
            }
            for (Future<EraseReceipt> other : others) {
                assertThatThrownBy(other::get)
                        .cause()
                        .isInstanceOf(EraseBusyException.class)
                        .hasMessageContaining("users 1 is being erased already, by ")
                        .hasMessageMatching("(?s).*for \\d+ s.*");
            }
            assertThat(cleanup().erase("2", OPTIONS).erased()).isTrue();
            listener.close();
            assertThat(first.get().erased()).isTrue();
        } finally {
            listener.close();
            pool.shutdownNow();
        }
        assertThat(count("users")).isEqualTo(1);
        assertThat(count("orders")).isEqualTo(1);
        // The lock is given back.
        assertThatThrownBy(() -> cleanup().erase("1", OPTIONS)).isInstanceOf(NoSuchPersonException.class);
    }

    /** Each of the two waits in the middle of its drain until the other is there as well. */
    @Test
    void differentPeopleGoSideBySide() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        EraseOptions together = OPTIONS.withListener(new ErasureListener() {
            @Override
            public void beforeDrain(String key) {
                both.countDown();
                await(both);
            }
        });
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            Future<EraseReceipt> one = pool.submit(() -> cleanup().erase("1", together));
            Future<EraseReceipt> two = pool.submit(() -> cleanup().erase("2", together));
            Future<EraseReceipt> three = pool.submit(() -> cleanup().erase("3", OPTIONS.withoutPreview()));
            assertThat(three.get().steps()).isZero();
            Until.isTrue(
                    "both are at it, or one has failed", () -> both.getCount() == 0 || one.isDone() || two.isDone());
            assertThat(both.getCount()).isZero();
            assertThat(drained(one.get(), "items")).isEqualTo(800);
            assertThat(drained(two.get(), "items")).isEqualTo(200);
        } finally {
            both.countDown();
            both.countDown();
            pool.shutdownNow();
        }
        assertThat(count("users")).isZero();
        assertThat(count("orders")).isZero();
        assertThat(count("items")).isZero();
        assertThat(count("notes")).isEqualTo(3);
    }

    /** A pool keeps the session, and with it whatever lock is not given back. */
    @Test
    void whoBeginsInTheSameSecondAsAnotherGivesTheLockBack() throws Exception {
        if (server.isCockroach()) {
            return;
        }
        HikariConfig one = new HikariConfig();
        one.setDataSource(database.dataSource());
        one.setMaximumPoolSize(1);
        try (HikariDataSource pool = new HikariDataSource(one);
                Connection others = database.connect()) {
            execute(
                    others,
                    "SELECT pg_advisory_lock_shared(" + 0x65726173
                            + ", extract(epoch FROM clock_timestamp())::int + n) FROM generate_series(-5, 300) AS s(n)");
            assertThat(CascadeCleanup.of(pool).erase("1", OPTIONS).erased()).isTrue();
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet locks = statement.executeQuery(
                            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")) {
                locks.next();
                assertThat(locks.getInt(1))
                        .as("locks left behind in the session")
                        .isZero();
            }
        }
    }

    @Test
    void aSessionInWhichNothingCascadesIsRefused() throws Exception {
        if (server.isCockroach()) {
            return;
        }
        HikariConfig replica = new HikariConfig();
        replica.setDataSource(database.dataSource());
        replica.setMaximumPoolSize(2);
        replica.setConnectionInitSql("SET session_replication_role = replica");
        try (HikariDataSource pool = new HikariDataSource(replica)) {
            assertThatThrownBy(() -> CascadeCleanup.of(pool).erase("1", OPTIONS))
                    .isInstanceOf(CascadeException.class)
                    .hasMessageContaining("session_replication_role")
                    .hasMessageContaining("nothing was deleted");
        }
        assertThatEverythingIsThere();
    }

    @Test
    void keysOfOtherTypesAndOfSeveralColumns() throws Exception {
        database.execute(
                "CREATE TABLE people (tenant varchar(3), nick text, PRIMARY KEY (tenant, nick))",
                "CREATE TABLE posts (id bigint PRIMARY KEY, tenant varchar(3), nick text, CONSTRAINT posts_people FOREIGN KEY (tenant, nick)"
                        + " REFERENCES people (tenant, nick) ON DELETE CASCADE)",
                "INSERT INTO people VALUES ('abc', 'it''s'), ('abc', 'x'), ('abd', 'it''s')",
                "INSERT INTO posts SELECT n, 'abc', 'it''s' FROM generate_series(1, 200) AS s(n)",
                "INSERT INTO posts SELECT n, 'abd', 'it''s' FROM generate_series(201, 300) AS s(n)",
                "INSERT INTO posts VALUES (301, 'abc', NULL)");
        CascadeCleanup people = cleanup()
                .withOptions(
                        CascadeOptions.defaults().toBuilder().parent("people").build());
        assertThatThrownBy(() -> people.erase("abc", OPTIONS)).hasMessageContaining("tenant=VALUE,nick=VALUE");
        // A cast to varchar(3) would cut it short.
        assertThatThrownBy(() -> people.erase("tenant=abcd,nick=it's", OPTIONS))
                .isInstanceOf(NoSuchPersonException.class);
        EraseReceipt receipt = people.erase("tenant=abc,nick=it's", OPTIONS);
        assertThat(drained(receipt, "posts")).isEqualTo(200);
        assertThat(count("people")).isEqualTo(2);
        assertThat(count("posts")).isEqualTo(101);
    }

    @Test
    void aTreeGoesFromItsLeaves() throws Exception {
        database.execute(
                "CREATE TABLE comments (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " parent_id bigint REFERENCES comments (id) ON DELETE CASCADE)",
                "INSERT INTO comments SELECT n, 1, NULL FROM generate_series(1, 200) AS s(n)",
                "INSERT INTO comments SELECT n, 1, n - 200 FROM generate_series(201, 400) AS s(n)",
                "INSERT INTO comments SELECT n, 2, NULL FROM generate_series(501, 510) AS s(n)");
        EraseReceipt receipt = cleanup().erase("1", OPTIONS);
        assertThat(count("comments")).isEqualTo(10);
        assertThat(drained(receipt, "comments")).isEqualTo(400);
    }

    @Test
    void whatWouldTakeRowsOfOthersIsRefusedBeforeAnythingIsGone() throws Exception {
        database.execute(
                "CREATE TABLE comments (id bigint PRIMARY KEY, user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,"
                        + " order_id bigint REFERENCES orders (id) ON DELETE CASCADE)",
                "INSERT INTO comments VALUES (1, 2, 7)");
        EraseRefusedException e = catchThrowableOfType(
                EraseRefusedException.class, () -> cleanup().erase("1", OPTIONS));
        assertThat(e.seen()).isTrue();
        assertThat(e).hasMessageContaining("nothing was deleted").hasMessageContaining("takes others' rows");
        assertThatEverythingIsThere();
    }

    @Test
    void whatIsRefusedIsRefusedBeforeAnythingIsGone() throws Exception {
        database.execute(
                "CREATE TABLE invoices (id bigint PRIMARY KEY, order_id bigint, CONSTRAINT invoices_order FOREIGN KEY (order_id)"
                        + " REFERENCES orders (id))",
                "INSERT INTO invoices VALUES (1, 7)");
        for (EraseOptions options : List.of(OPTIONS, OPTIONS.withoutPreview())) {
            assertThatThrownBy(() -> cleanup().erase("1", options))
                    .isInstanceOf(EraseRefusedException.class)
                    .hasMessageContaining("nothing was deleted")
                    .hasMessageContaining("invoices_order");
            assertThatEverythingIsThere();
        }
    }

    @Test
    void aRowThatSomebodyMovesMeanwhileStays() throws Exception {
        server.assumePostgres();
        assertThatTheMovedStay("UPDATE orders SET user_id = 2 WHERE id = 7");
    }

    @Test
    void whatHangsOnARowThatSomebodyMovesMeanwhileStays() throws Exception {
        server.assumePostgres();
        // Only the items are heavy enough for steps.
        database.execute(
                "DELETE FROM orders WHERE user_id = 1 AND id > 60",
                "INSERT INTO items SELECT n, 1 + n % 60 FROM" + " generate_series(2001, 2400) AS s(n)");
        assertThatTheMovedStay("UPDATE orders SET user_id = 2 WHERE id = 7");
    }

    /** All of them in one step, and a part of them. */
    @ParameterizedTest
    @ValueSource(ints = {300, 3_000})
    void ofRowsThatReferenceThePersonWhatSomebodyMovesMeanwhileStays(int rows) throws Exception {
        server.assumePostgres();
        database.execute(
                "DELETE FROM orders WHERE user_id = 1",
                "CREATE TABLE logins (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id) ON DELETE CASCADE)",
                "INSERT INTO logins SELECT n, 1 FROM generate_series(1, " + rows + ") AS s(n)");
        eraseWhileSomebodyDoes("UPDATE logins SET user_id = 2 WHERE id = 7");
        assertThat(count("logins")).isEqualTo(1);
        assertThat(count("logins WHERE id = 7 AND user_id = 2")).isEqualTo(1);
        assertThat(count("users")).isEqualTo(2);
    }

    /** Writers insert for everybody, and give orders of the person to somebody else: nothing of anybody else is lost, and nothing is orphaned. */
    @Test
    void writersGoOnMeanwhile() throws Exception {
        server.assumePostgres();
        database.execute("INSERT INTO items SELECT n, 1 + n % 400 FROM generate_series(10001, 30000) AS s(n)");
        Set<Long> orders = ConcurrentHashMap.newKeySet();
        Set<Long> items = ConcurrentHashMap.newKeySet();
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(3);
        List<Future<Integer>> writers = new ArrayList<>();
        try {
            for (int i = 1; i <= 3; i++) {
                long first = 1_000_000L * i;
                writers.add(pool.submit(() -> write(first, done, orders, items)));
            }
            Until.isTrue("all are at it", () -> orders.size() > 10);
            EraseReceipt receipt = cleanup()
                    .erase("1", OPTIONS.withPause(Duration.ofMillis(20)).withStepGoal(Duration.ofSeconds(2)));
            assertThat(receipt.steps()).isGreaterThan(1);
            done.set(true);
            for (Future<Integer> writer : writers) {
                assertThat(writer.get()).isPositive();
            }
        } finally {
            done.set(true);
            pool.shutdownNow();
        }
        assertThat(count("users")).isEqualTo(2);
        assertThat(count("orders WHERE user_id = 1")).isZero();
        assertThat(count("items i WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = i.order_id)"))
                .isZero();
        assertThat(ids("orders")).containsAll(orders);
        assertThat(ids("items")).containsAll(items);
    }

    /** @return how many writes have succeeded; {@code orders} and {@code items} get what is somebody else's for certain */
    private int write(long first, AtomicBoolean done, Set<Long> orders, Set<Long> items) throws SQLException {
        Random random = new Random(first);
        int writes = 0;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (long id = first; !done.get(); id++) {
                try {
                    int user = 1 + random.nextInt(3);
                    long order = random.nextBoolean() ? id : 1 + random.nextInt(400);
                    if (order == id) {
                        statement.execute("INSERT INTO orders VALUES (" + id + ", " + user + ")");
                        statement.execute("INSERT INTO items VALUES (" + id + ", " + id + ")");
                    } else {
                        user = 2;
                        if (statement.executeUpdate("UPDATE orders SET user_id = 2 WHERE id = " + order) == 0) {
                            continue;
                        }
                    }
                    writes++;
                    if (user != 1) {
                        orders.add(order);
                        try (ResultSet rows =
                                statement.executeQuery("SELECT id FROM items WHERE order_id = " + order)) {
                            while (rows.next()) {
                                items.add(rows.getLong(1));
                            }
                        }
                    }
                } catch (SQLException e) {
                    // The person, or the order, has just gone.
                    assertThat(e.getSQLState()).as(e.getMessage()).isIn("23503");
                }
            }
        }
        return writes;
    }

    private Set<Long> ids(String table) throws SQLException {
        Set<Long> ids = new HashSet<>();
        database.rows("SELECT id FROM " + table).forEach(row -> ids.add((Long) row.get(0)));
        return ids;
    }

    @Test
    void whatSomebodyHasJustReferencedStaysForTheDelete() throws Exception {
        server.assumePostgres();
        database.execute(
                "CREATE TABLE files (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id) ON DELETE SET NULL)",
                "INSERT INTO files VALUES (1, 450)");
        try (Connection writer = database.connect()) {
            writer.setAutoCommit(false);
            execute(writer, "UPDATE files SET order_id = 7");
            writer.commit();
        }
        EraseReceipt receipt = cleanup().erase("1", OPTIONS);
        assertThatOnlyUserOneIsGone();
        assertThat(count("files WHERE order_id IS NULL")).isEqualTo(1);
        assertThat(drained(receipt, "orders")).isEqualTo(399);
    }

    private void assertThatTheMovedStay(String move) throws Exception {
        long items = count("items WHERE order_id = 7");
        eraseWhileSomebodyDoes(move);
        assertThat(count("users")).isEqualTo(2);
        assertThat(count("orders WHERE id = 7 AND user_id = 2")).isEqualTo(1);
        assertThat(count("items WHERE order_id = 7")).isEqualTo(items).isPositive();
        assertThat(count("orders WHERE user_id = 1")).isZero();
    }

    /** A step waits for somebody who has not committed; then that is committed. */
    private void eraseWhileSomebodyDoes(String change) throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try (Connection writer = database.connect()) {
            writer.setAutoCommit(false);
            execute(writer, change);
            EraseOptions patient = OPTIONS.withLockTimeout(Duration.ofMinutes(1));
            Future<EraseReceipt> erasure = pool.submit(() -> cleanup().erase("1", patient));
            Until.isTrue(
                    "a step waits for the writer",
                    () -> erasure.isDone()
                            || database.<Long>value(
                                            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                                    + " AND wait_event_type = 'Lock' AND query LIKE '%DELETE FROM ONLY%'")
                                    > 0);
            assertThat(erasure.isDone()).isFalse();
            writer.commit();
            erasure.get();
        } finally {
            pool.shutdownNow();
        }
    }

    private static long drained(EraseReceipt receipt, String table) {
        return rows(receipt, table).drained();
    }

    private static EraseReceipt.Rows rows(EraseReceipt receipt, String table) {
        return receipt.rows().stream()
                .filter(row -> row.table().name().equals(table))
                .findFirst()
                .orElseGet(() -> new EraseReceipt.Rows(receipt.table(), 0, 0, 0));
    }

    private void run(String sql) {
        try {
            database.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
