package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.Backoff;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.plan.Durations;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A lease in the table {@value #TABLE_NAME}, because CockroachDB has no advisory locks. Whoever holds it renews it from a second
 * connection every few seconds; whoever died does not, and after {@link #RENEWED_TTL} the next run takes over. Without a second
 * connection it is renewed before each statement only, and lasts {@link #UNRENEWED_TTL}: a statement that takes longer can lose it.
 * That costs the run its end, never the data: two runs at once take each other's steps for their own.
 *
 * <p>Only the server's clock is read, so that the time zones and clocks of the clients do not matter.
 *
 * <p>Privileges: CREATE on the schema for the first run; SELECT, INSERT, UPDATE and DELETE on the table after that. The table may
 * be dropped whenever no run is at work.
 */
public final class CockroachLease implements MigrationLock {

    /** The table's name, in the schema of the journal. */
    public static final String TABLE_NAME = "cascade_cleanup_lease";

    /** How long a lease lasts that a second connection renews. */
    static final Duration RENEWED_TTL = Duration.ofSeconds(15);
    /** How long a lease lasts that is renewed between two statements only. */
    static final Duration UNRENEWED_TTL = Duration.ofSeconds(60);

    private static final Duration HEARTBEAT = Duration.ofSeconds(4);
    /** A lease that ends sooner than this is renewed before a statement. */
    private static final Duration LONGEST_PAUSE_BEFORE_A_STATEMENT = Duration.ofSeconds(6);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_MESSAGES = Duration.ofSeconds(30);
    private static final long MOST_MILLIS_TO_CLOSE = 2_000;
    private static final String MIGRATION = "migration";

    private final Connection connection;
    private final SecondConnection second;
    private final Console console;
    private final TableName table;
    private final UnlockedTables unlockedTables;
    private final String name;
    private final String holder = UUID.randomUUID().toString();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread heartbeat = new Thread(this::beat, "cascade-cleanup-lease");

    private volatile boolean lost;
    /** When the second connection renewed the lease, on {@code System.nanoTime}'s clock; null while it does not. */
    private volatile @Nullable Long lastBeat;

    private CockroachLease(
            Connection connection, @Nullable DataSource monitor, String schema, String name, Console console) {
        this.connection = connection;
        this.second = new SecondConnection(monitor);
        this.name = name;
        this.console = console;
        this.table = new TableName(schema, TABLE_NAME);
        this.unlockedTables = new UnlockedTables(connection, table.quoted());
        this.heartbeat.setDaemon(true);
    }

    /**
     * Waits for the lease, and creates its table if need be.
     *
     * @param connection the connection that will do the work, with autocommit on
     * @param monitor gives the second connection that renews the lease and watches the statements, or null
     * @param schema the journal's schema
     * @param maxWait how long to wait
     * @throws SQLException if another run still has it after that; the message says which
     */
    public static CockroachLease acquire(
            Connection connection, @Nullable DataSource monitor, String schema, Duration maxWait, Console console)
            throws SQLException {
        CockroachLease lease = new CockroachLease(connection, monitor, schema, MIGRATION, console);
        CockroachTransaction.retry(() -> lease.createTableIfMissing());
        lease.waitFor(maxWait);
        lease.keep();
        return lease;
    }

    /**
     * Takes a lease of another name if nobody has it; waits for nobody.
     *
     * @param name of what it is about
     * @return the lease, or who has it
     */
    public static Attempt tryAcquire(
            Connection connection, @Nullable DataSource monitor, String schema, String name, Console console)
            throws SQLException {
        CockroachLease lease = new CockroachLease(connection, monitor, schema, name, console);
        CockroachTransaction.retry(() -> lease.createTableIfMissing());
        if (CockroachTransaction.retry(lease::take)) {
            lease.keep();
            return new Attempt(lease, null);
        }
        return new Attempt(null, lease.holderNow().orElse("a run that has just ended"));
    }

    /**
     * What came of an attempt.
     *
     * @param lease the lease, or null
     * @param holder who has it and since when, in words, or null
     */
    public record Attempt(
            @Nullable CockroachLease lease, @Nullable String holder) {}

    private void keep() {
        if (!second.isThere()) {
            console.info("no second connection to renew the lease with: if a single statement takes longer than "
                    + Durations.format(UNRENEWED_TTL) + ", another instance may take over");
        } else {
            heartbeat.start();
        }
    }

    @Override
    public void ensureHeld() throws SQLException {
        if (!lost && isCertainlyHeld()) {
            return;
        }
        if (lost || !CockroachTransaction.retry(() -> renew(connection, ttl()))) {
            lost = true;
            throw new SQLException(
                    "this run has lost its lease in " + table + ": it could not renew it in time, and "
                            + holderNow().orElse("another run")
                            + " has taken over. What was converted stays so. Run again: it will find"
                            + " the rest done, or do it",
                    SqlStates.LOCK_NOT_AVAILABLE);
        }
    }

    /** What the second connection has renewed just now need not be renewed over this one. */
    private boolean isCertainlyHeld() {
        Long beat = lastBeat;
        return beat != null
                && System.nanoTime() - beat
                        < RENEWED_TTL.minus(LONGEST_PAUSE_BEFORE_A_STATEMENT).toNanos();
    }

    /** For whoever else has something to ask beside the main connection. */
    SecondConnection second() {
        return second;
    }

    /** Whether the server was told to unlock no table by itself. */
    boolean isUnlockingForbidden() throws SQLException {
        return unlockedTables.isUnlockingForbidden();
    }

    /**
     * Unlocks a {@code schema_locked} table until the lease is given back; a run that dies leaves that to the next one.
     *
     * @return whether it was locked
     */
    boolean unlock(TableName lockedTable) throws SQLException {
        return unlockedTables.unlock(lockedTable, holder);
    }

    @Override
    public void close() {
        closed.countDown();
        second.end();
        try {
            heartbeat.join(MOST_MILLIS_TO_CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (lost) {
            return;
        }
        try {
            // Whoever has taken over works on the same tables: they are then for it to lock again.
            if (!connection.isClosed() && CockroachTransaction.retry(() -> renew(connection, UNRENEWED_TTL))) {
                unlockedTables.lockAgain(console);
                CockroachTransaction.retry(() -> Sql.update(
                        connection,
                        "DELETE FROM " + table.quoted() + " WHERE lease_name = ? AND holder = ?",
                        name,
                        holder));
            }
        } catch (SQLException e) {
            // What broke the connection is the exception that matters; the lease ends by itself.
            console.warn("the lease in " + table + " could not be given back (" + e.getSQLState()
                    + "); it ends by itself within " + Durations.format(ttl()));
        }
    }

    private void createTableIfMissing() throws SQLException {
        boolean exists = new CockroachConstraints(connection).tableOid(table).isPresent();
        if (!exists) {
            Sql.execute(connection, """
                    CREATE TABLE IF NOT EXISTS %s (
                      lease_name text PRIMARY KEY,
                      holder text NOT NULL,
                      holder_description text NOT NULL,
                      acquired_at timestamptz NOT NULL,
                      expires_at timestamptz NOT NULL
                    )""".formatted(table.quoted()));
        }
    }

    private void waitFor(Duration maxWait) throws SQLException {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, maxWait);
        long lastMessage = 0;
        while (!CockroachTransaction.retry(this::take)) {
            String other = holderNow().orElse("a run that has just ended");
            if (backoff.isOver()) {
                throw new SQLTimeoutException(
                        "another cascade migration has been at work in this database for cascade_max_wait = "
                                + Durations.format(maxWait) + ": " + other
                                + ". Let it finish, or end that process, then run again; or raise"
                                + " cascade_max_wait",
                        SqlStates.LOCK_NOT_AVAILABLE);
            }
            if (lastMessage == 0 || System.nanoTime() - lastMessage > BETWEEN_MESSAGES.toNanos()) {
                lastMessage = System.nanoTime();
                console.info(
                        "another cascade migration is at work in this database, or has died; waiting for it: " + other);
            }
            backoff.pause();
        }
    }

    /** One statement, so that two runs cannot both find the lease expired. Takes it again if an answer was lost on the way. */
    private boolean take() throws SQLException {
        return Sql.update(
                        connection,
                        """
                INSERT INTO %s AS l (lease_name, holder, holder_description, acquired_at, expires_at)
                VALUES (?, ?, ?, now(), now() + ?::int8 * interval '1 millisecond')
                ON CONFLICT (lease_name) DO UPDATE SET holder = excluded.holder, holder_description = excluded.holder_description,
                  acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
                WHERE l.expires_at < now() OR l.holder = excluded.holder
                """.formatted(table.quoted()),
                        name,
                        holder,
                        description(),
                        UNRENEWED_TTL.toMillis())
                == 1;
    }

    private boolean renew(Connection over, Duration ttl) throws SQLException {
        return Sql.update(
                        over,
                        "UPDATE " + table.quoted() + " SET expires_at = now() + ?::int8 * interval '1 millisecond'"
                                + " WHERE lease_name = ? AND holder = ?",
                        ttl.toMillis(),
                        name,
                        holder)
                == 1;
    }

    private Optional<String> holderNow() throws SQLException {
        return CockroachTransaction.retry(() -> Sql.queryFirst(
                connection,
                "SELECT holder_description,"
                        + " extract(epoch FROM now() - acquired_at)::int8 AS held, extract(epoch FROM expires_at - now())::int8 AS rest FROM "
                        + table.quoted() + " WHERE lease_name = ?",
                row -> row.getString("holder_description") + ", for " + row.getLong("held") + " s; its lease ends in "
                        + Math.max(0, row.getLong("rest")) + " s unless it is renewed",
                name));
    }

    /** Short as long as the heart beats, so that others need not wait long for a dead run. */
    private Duration ttl() {
        Long beat = lastBeat;
        boolean beating = beat != null
                && System.nanoTime() - beat < HEARTBEAT.multipliedBy(2).toNanos();
        return beating ? RENEWED_TTL : UNRENEWED_TTL;
    }

    private void beat() {
        boolean said = false;
        do {
            // Taken before the statement: the lease lasts from then on at least.
            long now = System.nanoTime();
            try {
                if (!second.use(over -> renew(over, RENEWED_TTL))) {
                    lost = closed.getCount() > 0;
                    break;
                }
                lastBeat = now;
            } catch (SQLException | RuntimeException e) {
                lastBeat = null;
                if (!said && closed.getCount() > 0) {
                    said = true;
                    console.info("no second connection to renew the lease with ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); trying again, and renewing it between two statements");
                }
            }
        } while (!closedWithin(HEARTBEAT) && !Thread.currentThread().isInterrupted());
        second.giveBack();
    }

    private boolean closedWithin(Duration pause) {
        try {
            return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static String description() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "an unknown host";
        }
        return "process " + ProcessHandle.current().pid() + " on " + host;
    }
}
