package dev.cascadecleanup.online;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import javax.sql.DataSource;

/**
 * Clients at work on users, orders and posts, one short statement after the other, each on a connection of its own. They
 * remember the longest that one statement took, and the first error.
 */
final class Clients implements AutoCloseable {

    /** What holds a client up for longer than a lock timeout meets its next statement; the cores are for others, too. */
    private static final long BREATH = Duration.ofMillis(10).toNanos();

    private static final long FIRST_ID = 1_000_000;
    /** On a quiet machine; less than another lock timeout, which is what a wrong order of locks would cost. */
    private static final Duration TOLERANCE = Duration.ofMillis(350);

    private final List<Client> clients = new ArrayList<>();
    /** Ask for nothing that anybody could hold up: what they wait for is the machine. */
    private final List<Client> bystanders = new ArrayList<>();

    private volatile boolean stopped;

    private Clients(DataSource dataSource) throws SQLException {
        add(dataSource, "read a user", i -> "SELECT name FROM users WHERE id = 1");
        add(dataSource, "rename a user", i -> "UPDATE users SET name = 'n' WHERE id = 2");
        add(dataSource, "read an order", i -> "SELECT note FROM orders WHERE id = 1");
        add(dataSource, "insert an order", i -> "INSERT INTO orders VALUES (" + (FIRST_ID + i) + ", 3, 'new')");
        add(dataSource, "read a post", i -> "SELECT note FROM posts WHERE id = 1");
        add(dataSource, "insert a post", i -> "INSERT INTO posts VALUES (" + (FIRST_ID + i) + ", 4, 'new')");
        for (int i = 0; i < clients.size() / 2; i++) {
            bystanders.add(new Client("ask for nothing", dataSource.getConnection(), n -> "SELECT " + n));
        }
    }

    /** Starts them, and returns when each has done its first statement. */
    static Clients start(DataSource dataSource) throws Exception {
        Clients clients = new Clients(dataSource);
        clients.awaitProgress();
        clients.clients.forEach(client -> client.longest.set(0));
        clients.bystanders.forEach(client -> client.longest.set(0));
        return clients;
    }

    private void add(DataSource dataSource, String what, LongFunction<String> statement) throws SQLException {
        clients.add(new Client(what, dataSource.getConnection(), statement));
    }

    /** Returns when each client has begun and finished another statement. */
    void awaitProgress() throws Exception {
        for (Client client : clients) {
            long seen = client.finished.get();
            // Two: the one that is under way began earlier.
            Until.isTrue(client.what + " goes on", () -> client.finished.get() >= seen + 2 || client.error != null);
        }
    }

    /** The longest that one statement took; of one that is under way, until now. */
    Duration longestStall() {
        return longest(clients);
    }

    /**
     * Whether the migration held nobody up for longer than it promises. What the machine itself added is measured beside it: a client's
     * statement waits for its turn about twice as often as one that does nothing, once before the lock and once behind it.
     */
    void requireNoStallBeyond(Duration promise) {
        Duration machine = longest(bystanders);
        assertThat(longestStall())
                .as(figures() + "; meanwhile somebody who asked for nothing waited %d ms", machine.toMillis())
                .isLessThan(promise.plus(TOLERANCE).plus(machine.multipliedBy(2)));
    }

    private static Duration longest(List<Client> clients) {
        return Duration.ofNanos(
                clients.stream().mapToLong(Client::longest).max().orElse(0));
    }

    /** The longest of each. */
    String figures() {
        return String.join(
                ", ",
                clients.stream()
                        .map(client -> client.what + " "
                                + Duration.ofNanos(client.longest()).toMillis() + " ms")
                        .toList());
    }

    /** @throws AssertionError if a client met an error: nothing that the migration does may fail a statement of theirs */
    void requireNoErrors() {
        for (Client client : clients) {
            if (client.error != null) {
                throw new AssertionError("a client failed: " + client.what, client.error);
            }
        }
    }

    @Override
    public void close() throws Exception {
        stopped = true;
        for (Client client : clients) {
            client.loop.join();
        }
        for (Client client : bystanders) {
            client.loop.join();
        }
    }

    private final class Client {

        private final String what;
        private final AtomicLong longest = new AtomicLong();
        private final AtomicLong finished = new AtomicLong();
        private final Background<Void> loop;
        private volatile long began = System.nanoTime();
        private volatile boolean busy;
        private volatile SQLException error;

        Client(String what, Connection connection, LongFunction<String> statement) {
            this.what = what;
            this.loop = Background.start(what, () -> run(connection, statement));
        }

        private Void run(Connection connection, LongFunction<String> text) throws SQLException {
            try (connection;
                    Statement statement = connection.createStatement()) {
                for (long i = 0; !stopped; i++) {
                    began = System.nanoTime();
                    busy = true;
                    statement.execute(text.apply(i));
                    busy = false;
                    longest.accumulateAndGet(System.nanoTime() - began, Math::max);
                    finished.incrementAndGet();
                    LockSupport.parkNanos(BREATH);
                }
            } catch (SQLException e) {
                error = e;
            }
            return null;
        }

        private long longest() {
            return busy ? Math.max(longest.get(), System.nanoTime() - began) : longest.get();
        }
    }
}
