package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.Backoff;
import dev.cascadecleanup.internal.engine.GiveWayException;
import dev.cascadecleanup.internal.engine.IndexEngine;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.engine.Watch;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStatement;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.internal.journal.IndexJournal;
import dev.cascadecleanup.internal.plan.Durations;
import dev.cascadecleanup.internal.plan.IndexSql;
import dev.cascadecleanup.plan.IndexPart;
import dev.cascadecleanup.plan.MissingIndex;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: CREATE INDEX CONCURRENTLY, for which clients go on reading and writing (manual, CREATE INDEX). It is no transaction, so
 * that a row of the journal is committed before it, and whatever is found is believed, not what a statement answered. Before it begins
 * it waits for old transactions, because it would wait for them in the middle, with a half-built index in the catalog.
 *
 * <p>On a partitioned table the index is made on itself alone, which changes the catalog only; then on each partition, concurrently; then
 * those become its parts.
 *
 * <p>Where Flyway's own lock makes the concurrent build impossible ({@link FlywayLockSession}), a small index is built in one short
 * transaction, for which writers of the table wait.
 */
public final class PostgresIndexes implements IndexEngine {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_MESSAGES = Duration.ofSeconds(30);
    /** For the removal of what was given up: whoever is in the way has been named already. */
    private static final Duration TO_CLEAN_UP = Duration.ofSeconds(5);
    /** For one other transaction at most, where no second connection tells whether that waits for us. */
    private static final Duration LONGEST_BLIND_WAIT = Duration.ofSeconds(30);

    private static final int BLIND_WAITS = 4;

    private final Connection connection;
    private final @Nullable DataSource monitor;
    private final CascadeOptions options;
    private final MigrationLock lock;
    private final IndexJournal journal;
    private final boolean writersWait;
    private final Console console;
    private final LockAttempts attempts;
    private final IndexBlockers blockers;
    /** Whether there is a second connection, once that is known. */
    private @Nullable Boolean second;

    /**
     * @param connection an open connection outside any transaction
     * @param monitor gives a second connection that tells how far a build has come and whom it waits for, or null
     * @param writersWait whether to build in a short transaction each, for which writers wait
     */
    public PostgresIndexes(
            Connection connection,
            @Nullable DataSource monitor,
            CascadeOptions options,
            MigrationLock lock,
            IndexJournal journal,
            boolean writersWait,
            Console console) {
        this.connection = connection;
        this.monitor = monitor;
        this.options = options;
        this.lock = lock;
        this.journal = journal;
        this.writersWait = writersWait;
        this.console = console;
        this.attempts = new LockAttempts(connection, options, console);
        this.blockers = new IndexBlockers(connection);
    }

    @Override
    public void build(MissingIndex index, String version) throws SQLException {
        for (IndexPart part : index.parts()) {
            lock.ensureHeld();
            if (part.kind() == TableKind.PARTITIONED_TABLE) {
                buildAtOnce(index, part, version, IndexSql.Way.ON_ONLY);
            } else if (writersWait) {
                buildAtOnce(index, part, version, IndexSql.Way.PLAIN);
            } else {
                buildConcurrently(index, part, version);
            }
        }
        List<IndexPart> bottomUp = new ArrayList<>(index.parts());
        Collections.reverse(bottomUp);
        for (IndexPart part : bottomUp) {
            TableName parent = part.parentIndex();
            if (parent != null) {
                lock.ensureHeld();
                attach(part, parent);
            }
        }
        for (IndexPart part : bottomUp) {
            if (part.kind() == TableKind.PARTITIONED_TABLE) {
                // Half-built until all its parts are there.
                write(() -> journal.built(part.tableOid(), part.index()));
            }
        }
    }

    private void buildConcurrently(MissingIndex index, IndexPart part, String version) throws SQLException {
        Backoff patience = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, options.maxWait());
        for (int attempt = 1; ; attempt++) {
            if (isBuilt(part)) {
                return;
            }
            awaitBlockers(part, false);
            try {
                tryConcurrently(index, part, version);
                return;
            } catch (SQLTimeoutException e) {
                // On a busy machine the time may be up although hardly any of it was spent waiting.
                if (hasSecondConnection() || (attempt >= BLIND_WAITS && patience.isOver())) {
                    throw e;
                }
                console.info(part.name() + " begins again: no second connection tells whom it has waited for");
            }
        }
    }

    private void tryConcurrently(MissingIndex index, IndexPart part, String version) throws SQLException {
        IndexEntry entry = IndexEntry.begin(version, part.tableOid(), part.table(), part.index());
        write(() -> journal.begin(entry));
        String sql =
                IndexSql.create(IndexSql.Way.CONCURRENTLY, part.table(), part.index(), index.keys(), index.condition());
        boolean seeing = hasSecondConnection();
        int pid = read(() -> Sql.query(connection, "SELECT pg_backend_pid()", row -> row.getInt(1)))
                .get(0);
        FlywayInTheWay flyway = new FlywayInTheWay(monitor, pid);
        IndexProgress progress = new IndexProgress(seeing ? monitor : null, pid, part, console);
        try (LongSession session =
                        LongSession.waitingAtMost(connection, seeing ? options.maxWait() : atMostBlind(options));
                Watch shown = Watch.start(progress::look);
                Watch watched = seeing ? Watch.every(FlywayInTheWay.INTERVAL, flyway) : null) {
            Sql.execute(connection, sql);
        } catch (SQLException e) {
            if (SqlStates.isConnectionLost(e)) {
                throw e;
            }
            throw givenUp(part, entry, e, flyway.seen());
        }
        IndexRow built = find(part.name())
                .orElseThrow(() -> new SQLException(
                        part.name() + " is not there any more: somebody has dropped it while it was built. Run again"));
        write(() -> journal.built(entry, built.oid()));
    }

    /** Asked once: a pool that has no more may take its time to say so. */
    private boolean hasSecondConnection() {
        Boolean known = second;
        if (known == null) {
            try (Connection taken = monitor == null ? null : monitor.getConnection()) {
                known = taken != null;
            } catch (SQLException | RuntimeException e) {
                known = false;
                console.info("no second connection to see how far a build is and whom it waits for ("
                        + e.getClass().getSimpleName() + ": " + e.getMessage() + ")");
            }
            second = known;
        }
        return known;
    }

    private static Duration atMostBlind(CascadeOptions options) {
        Duration wait = options.maxWait().dividedBy(BLIND_WAITS);
        return wait.compareTo(LONGEST_BLIND_WAIT) < 0 ? wait : LONGEST_BLIND_WAIT;
    }

    /** Whether it is there; what an interrupted build has left is dropped. */
    private boolean isBuilt(IndexPart part) throws SQLException {
        Optional<IndexRow> row = find(part.name()).filter(found -> found.tableOid() == part.tableOid());
        if (row.isPresent() && !row.get().valid()) {
            console.info("dropping " + part.name() + ", which an interrupted build left invalid");
            dropConcurrently(row.get(), options.maxWait());
            return false;
        }
        return row.isPresent();
    }

    /** What it has left is dropped, and the error says what was in the way. */
    private SQLException givenUp(IndexPart part, IndexEntry entry, SQLException cause, boolean forFlyway) {
        String left = "";
        List<String> inTheWay = List.of();
        Optional<String> flyway = Optional.empty();
        try {
            if (forFlyway || SqlStates.isLockConflict(cause)) {
                flyway = FlywayLockSession.holdingSnapshot(connection);
                inTheWay = blockers.ofBuild(part.tableOid(), options.lockTimeout());
            }
            Optional<IndexRow> row = find(part.name()).filter(found -> found.tableOid() == part.tableOid());
            if (row.isPresent()) {
                dropConcurrently(row.get(), TO_CLEAN_UP);
            }
            write(() -> journal.mark(entry, IndexEntry.State.DROPPED));
        } catch (SQLException e) {
            cause.addSuppressed(e);
            left = ". The half-built index " + part.name() + " could not be dropped yet; the next run does that, or "
                    + IndexSql.drop(IndexSql.Way.CONCURRENTLY, part.name());
        }
        if (forFlyway || flyway.isPresent()) {
            GiveWayException giveWay = new GiveWayException(givesWay(part, flyway) + left);
            giveWay.initCause(cause);
            return giveWay;
        }
        if (SqlStates.isLockConflict(cause)) {
            return new SQLTimeoutException(
                    "building " + part.name() + " on " + part.table()
                            + ": others were in the way for cascade_max_wait = "
                            + Durations.format(options.maxWait())
                            + (inTheWay.isEmpty() ? "" : ": " + String.join("; ", inTheWay))
                            + "; end or wait for those transactions, or raise cascade_max_wait" + left,
                    cause.getSQLState(),
                    cause);
        }
        return new SQLException(
                "building " + part.name() + " on " + part.table() + ": " + cause.getMessage() + left,
                cause.getSQLState(),
                cause);
    }

    private static String givesWay(IndexPart part, Optional<String> flyway) {
        return "building " + part.name() + " on " + part.table() + " gives way to another Flyway that is at work"
                + flyway.map(session -> " (" + session + ")").orElse("");
    }

    /** Before the first trace of it is in the catalog, there is nothing to clean up. */
    private void awaitBlockers(IndexPart part, boolean drop) throws SQLException {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, options.maxWait());
        long lastMessage = 0;
        for (; ; ) {
            Optional<String> flyway = drop ? Optional.empty() : FlywayLockSession.holdingSnapshot(connection);
            if (flyway.isPresent()) {
                throw new GiveWayException(givesWay(part, flyway));
            }
            List<String> inTheWay = drop
                    ? blockers.ofDrop(part.tableOid(), options.lockTimeout())
                    : blockers.ofBuild(part.tableOid(), options.lockTimeout());
            if (inTheWay.isEmpty()) {
                return;
            }
            String what = (drop ? "dropping " : "building ") + part.name() + " on " + part.table();
            if (backoff.isOver()) {
                throw new SQLTimeoutException(
                        what + ": old transactions have been in the way for cascade_max_wait = "
                                + Durations.format(options.maxWait()) + ": " + String.join("; ", inTheWay)
                                + "; end or wait for them, or raise cascade_max_wait",
                        SqlStates.LOCK_NOT_AVAILABLE);
            }
            if (lastMessage == 0 || System.nanoTime() - lastMessage > BETWEEN_MESSAGES.toNanos()) {
                lastMessage = System.nanoTime();
                console.warn(what + " waits for " + String.join("; ", inTheWay));
            }
            backoff.pause();
        }
    }

    /**
     * In a transaction with its row of the journal, whose statements go to the server together: when our process freezes, no lock lasts. Half
     * of the time that writers may wait is for the lock, half for the build.
     */
    private void buildAtOnce(MissingIndex index, IndexPart part, String version, IndexSql.Way way) throws SQLException {
        Optional<IndexRow> row = find(part.name()).filter(found -> found.tableOid() == part.tableOid());
        if (way == IndexSql.Way.ON_ONLY ? row.isPresent() : isBuilt(part)) {
            return;
        }
        atOnce(
                part,
                "building " + part.name(),
                List.of(
                        "LOCK TABLE ONLY " + part.table().quoted() + " IN SHARE MODE",
                        IndexSql.create(way, part.table(), part.index(), index.keys(), index.condition()),
                        journal.insertStatement(
                                        IndexEntry.begin(version, part.tableOid(), part.table(), part.index()),
                                        way == IndexSql.Way.ON_ONLY
                                                ? IndexEntry.State.BUILDING
                                                : IndexEntry.State.BUILT,
                                        new SqlStatement.Expression(String.valueOf(part.tableOid())),
                                        new SqlStatement.Expression("("
                                                + "SELECT c.oid::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                                + " WHERE c.relname = " + Identifiers.literal(part.index())
                                                + " AND n.nspname = "
                                                + Identifiers.literal(
                                                        part.table().schema()) + ")"))
                                .inlined()));
    }

    /** Until the locks are there in time. */
    private void atOnce(IndexPart part, String what, List<String> statements) throws SQLException {
        Duration half = options.lockTimeout().dividedBy(2).plusMillis(1);
        List<String> flight = new ArrayList<>(LockTimeouts.ofAttempt(half));
        // Less, so that the error tells which of the two it was.
        flight.add("SET LOCAL lock_timeout = " + Math.max(1, half.toMillis() * 4 / 5));
        flight.add(LockTimeouts.idle());
        flight.addAll(statements);
        flight.add("COMMIT");
        Table table = table(part);
        attempts.timed(table, table, what, () -> {
            try {
                PostgresTransaction.write(connection, () -> {
                    Sql.execute(connection, String.join("; ", flight));
                });
            } catch (SQLException e) {
                if (SqlStates.is(e, SqlStates.QUERY_CANCELED)) {
                    throw new SQLException(
                            what + " on " + part.table()
                                    + " takes longer than writers may wait (cascade_lock_timeout = "
                                    + Durations.format(options.lockTimeout())
                                    + "); it was given up and has left nothing. " + BuildAhead.WAYS,
                            e);
                }
                throw e;
            }
        });
    }

    private void attach(IndexPart part, TableName parent) throws SQLException {
        IndexRow row = find(part.name()).orElse(null);
        if (row == null || row.attached()) {
            // Gone with its partition, or done by an earlier run.
            return;
        }
        atOnce(part, "attaching " + part.name(), List.of(IndexSql.attach(parent, part.name())));
    }

    @Override
    public void settle(List<IndexEntry> entries, boolean goingOn) throws SQLException {
        for (IndexEntry entry : entries) {
            IndexRow row = find(entry).orElse(null);
            if (row == null) {
                write(() -> journal.mark(entry, IndexEntry.State.DROPPED));
            } else if (row.valid() || (row.attached() && !row.partitioned())) {
                builtIfNot(entry, row);
            } else if (row.partitioned() && (goingOn || row.attached())) {
                // On its way: the build goes on from there.
            } else if (row.partitioned()) {
                lock.ensureHeld();
                if (isOursAlone(row)) {
                    dropAtOnce(entry, row);
                }
            } else {
                lock.ensureHeld();
                console.info("dropping " + entry + ", which an interrupted run left invalid");
                dropConcurrently(row, options.maxWait());
                write(() -> journal.mark(entry, IndexEntry.State.DROPPED));
            }
        }
    }

    private void builtIfNot(IndexEntry entry, IndexRow row) throws SQLException {
        if (entry.state() == IndexEntry.State.BUILDING) {
            write(() -> journal.built(entry, row.oid()));
        }
    }

    /** By its OID first: renames keep it. By name after a REINDEX CONCURRENTLY or a restore; the mark in ours is nobody else's. */
    private Optional<IndexRow> find(IndexEntry entry) throws SQLException {
        return read(() -> {
            Optional<IndexRow> same =
                    IndexRow.withOid(connection, entry.indexOid()).filter(row -> row.tableOid() == entry.tableOid());
            return same.isPresent() ? same : IndexRow.named(connection, entry.name());
        });
    }

    /** Those of partitioned tables last, the top ones with all their parts: a part cannot be dropped by itself. */
    @Override
    public int drop(List<IndexEntry> entries) throws SQLException {
        int dropped = 0;
        List<IndexEntry> tops = new ArrayList<>();
        List<IndexEntry> attached = new ArrayList<>();
        for (IndexEntry entry : entries) {
            lock.ensureHeld();
            IndexRow row = find(entry).orElse(null);
            if (row == null) {
                write(() -> journal.mark(entry, IndexEntry.State.DROPPED));
            } else if (row.attached()) {
                attached.add(entry);
            } else if (row.partitioned()) {
                tops.add(entry);
            } else {
                awaitBlockers(
                        new IndexPart(
                                row.tableOid(),
                                row.table(),
                                TableKind.TABLE,
                                row.name().name(),
                                null),
                        true);
                dropConcurrently(row, options.maxWait());
                write(() -> journal.mark(entry, IndexEntry.State.DROPPED));
                dropped++;
            }
        }
        Set<Long> kept = new HashSet<>();
        for (IndexEntry entry : tops) {
            lock.ensureHeld();
            IndexRow row = find(entry).orElse(null);
            if (row == null) {
                write(() -> journal.mark(entry, IndexEntry.State.DROPPED));
            } else if (isOursAlone(row)) {
                dropAtOnce(entry, row);
                dropped++;
            } else {
                kept.add(row.oid());
                write(() -> journal.mark(entry, IndexEntry.State.KEPT));
            }
        }
        for (IndexEntry entry : attached) {
            IndexRow row = find(entry).orElse(null);
            if (row == null) {
                write(() -> journal.mark(entry, IndexEntry.State.DROPPED));
                dropped++;
            } else {
                if (!kept.contains(root(row))) {
                    console.warn(entry + " has become a part of somebody else's index, and stays");
                }
                write(() -> journal.mark(entry, IndexEntry.State.KEPT));
            }
        }
        return dropped;
    }

    /** Whether nobody else's index would go with that of a partitioned table; says whose, if so. */
    private boolean isOursAlone(IndexRow row) throws SQLException {
        List<String> others = read(() -> PartsOfOthers.of(connection, journal.table(), row.name()));
        if (!others.isEmpty()) {
            console.warn(row.name() + " stays: somebody's own index has become a part of it, and would go with it: "
                    + String.join(", ", others) + ". To be rid of it, " + IndexSql.drop(IndexSql.Way.PLAIN, row.name())
                    + " and then create those again");
        }
        return others.isEmpty();
    }

    private long root(IndexRow row) throws SQLException {
        return read(() -> Sql.query(
                        connection,
                        "SELECT pg_partition_root(?::oid::regclass)::oid::bigint AS root",
                        each -> each.getLong("root"),
                        row.oid()))
                .get(0);
    }

    private void dropAtOnce(IndexEntry entry, IndexRow row) throws SQLException {
        IndexPart part = new IndexPart(
                row.tableOid(),
                row.table(),
                TableKind.PARTITIONED_TABLE,
                row.name().name(),
                null);
        atOnce(
                part,
                "dropping " + row.name(),
                List.of(
                        // Whoever makes an index a part of this one has to read the table.
                        "LOCK TABLE ONLY " + row.table().quoted() + " IN ACCESS EXCLUSIVE MODE",
                        PartsOfOthers.guard(
                                journal.table(), row.name(), row.name() + " has parts that are somebody else's"),
                        IndexSql.drop(IndexSql.Way.PLAIN, row.name()),
                        journal.markStatement(entry, IndexEntry.State.DROPPED).inlined()));
    }

    private void dropConcurrently(IndexRow row, Duration maxWait) throws SQLException {
        try (LongSession session = LongSession.waitingAtMost(connection, maxWait)) {
            Sql.execute(connection, IndexSql.drop(IndexSql.Way.CONCURRENTLY, row.name()));
        } catch (SQLException e) {
            if (SqlStates.isUndefined(e)) {
                return;
            }
            throw e;
        }
    }

    private Optional<IndexRow> find(TableName name) throws SQLException {
        return read(() -> IndexRow.named(connection, name));
    }

    private static Table table(IndexPart part) {
        return new Table(part.tableOid(), part.table(), part.kind(), true, "", true, true, true, true, false);
    }

    private <T> T read(PostgresTransaction.Work<T> work) throws SQLException {
        return PostgresTransaction.read(connection, work);
    }

    /** A change of the journal. */
    @FunctionalInterface
    private interface Change {
        void run() throws SQLException;
    }

    private void write(Change change) throws SQLException {
        PostgresTransaction.write(connection, () -> change.run());
    }
}
