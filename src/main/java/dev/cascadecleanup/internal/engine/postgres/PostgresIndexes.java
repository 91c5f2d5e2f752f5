package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.Backoff;
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
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

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

    private final Connection connection;
    private final DataSource monitor;
    private final CascadeOptions options;
    private final MigrationLock lock;
    private final IndexJournal journal;
    private final String version;
    private final boolean writersWait;
    private final Console console;
    private final LockAttempts attempts;
    private final IndexBlockers blockers;

    /**
     * @param connection an open connection outside any transaction
     * @param monitor gives a second connection that tells how far a build has come, or null
     * @param version the version that the journal keeps the indexes under
     * @param writersWait whether to build in a short transaction each, for which writers wait
     */
    public PostgresIndexes(
            Connection connection,
            DataSource monitor,
            CascadeOptions options,
            MigrationLock lock,
            IndexJournal journal,
            String version,
            boolean writersWait,
            Console console) {
        this.connection = connection;
        this.monitor = monitor;
        this.options = options;
        this.lock = lock;
        this.journal = journal;
        this.version = version;
        this.writersWait = writersWait;
        this.console = console;
        this.attempts = new LockAttempts(connection, options, console);
        this.blockers = new IndexBlockers(connection);
    }

    @Override
    public void build(MissingIndex index) throws SQLException {
        for (IndexPart part : index.parts()) {
            lock.ensureHeld();
            if (part.kind() == TableKind.PARTITIONED_TABLE) {
                buildAtOnce(index, part, IndexSql.Way.ON_ONLY);
            } else if (writersWait) {
                buildAtOnce(index, part, IndexSql.Way.PLAIN);
            } else {
                buildConcurrently(index, part);
            }
        }
        List<IndexPart> bottomUp = new ArrayList<>(index.parts());
        Collections.reverse(bottomUp);
        for (IndexPart part : bottomUp) {
            if (part.parentIndex() != null) {
                lock.ensureHeld();
                attach(part);
            }
        }
        for (IndexPart part : bottomUp) {
            if (part.kind() == TableKind.PARTITIONED_TABLE) {
                // Half-built until all its parts are there.
                write(() -> journal.built(part.tableOid(), part.index()));
            }
        }
    }

    private void buildConcurrently(MissingIndex index, IndexPart part) throws SQLException {
        if (isBuilt(part)) {
            return;
        }
        awaitBlockers(part, false);
        IndexEntry entry = begin(part);
        write(() -> journal.begin(entry));
        String sql =
                IndexSql.create(IndexSql.Way.CONCURRENTLY, part.table(), part.index(), index.keys(), index.condition());
        try (LongSession session = LongSession.waitingAtMost(connection, options.maxWait());
                Watch watch = watch(part)) {
            Sql.execute(connection, sql);
        } catch (SQLException e) {
            if (SqlStates.isConnectionLost(e)) {
                throw e;
            }
            throw givenUp(part, entry, e);
        }
        IndexRow built = find(part.name())
                .orElseThrow(() -> new SQLException(
                        part.name() + " is not there any more: somebody has dropped it while it was built. Run again"));
        write(() -> journal.built(entry, built.oid()));
    }

    private IndexEntry begin(IndexPart part) {
        return IndexEntry.begin(version, part.tableOid(), part.table(), part.index());
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
    private SQLException givenUp(IndexPart part, IndexEntry entry, SQLException cause) {
        String left = "";
        List<String> inTheWay = List.of();
        try {
            if (SqlStates.isLockConflict(cause)) {
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

    /** Before the first trace of it is in the catalog, there is nothing to clean up. */
    private void awaitBlockers(IndexPart part, boolean drop) throws SQLException {
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, options.maxWait());
        long lastMessage = 0;
        for (; ; ) {
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
    private void buildAtOnce(MissingIndex index, IndexPart part, IndexSql.Way way) throws SQLException {
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
                                        begin(part),
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
        List<String> flight = new ArrayList<>(PostgresLocks.timeouts(half));
        // Less, so that the error tells which of the two it was.
        flight.add("SET LOCAL lock_timeout = " + Math.max(1, half.toMillis() * 4 / 5));
        flight.add(PostgresLocks.idleTimeout());
        flight.addAll(statements);
        flight.add("COMMIT");
        Table table = table(part);
        attempts.timed(table, table, what, () -> {
            try {
                PostgresTransaction.write(connection, () -> {
                    Sql.execute(connection, String.join("; ", flight));
                    return null;
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

    private void attach(IndexPart part) throws SQLException {
        IndexRow row = find(part.name()).orElse(null);
        if (row == null || row.attached()) {
            // Gone with its partition, or done by an earlier run.
            return;
        }
        atOnce(part, "attaching " + part.name(), List.of(IndexSql.attach(part.parentIndex(), part.name())));
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
                dropAtOnce(entry, row);
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
                                entry.table(),
                                TableKind.TABLE,
                                row.name().name(),
                                null),
                        true);
                dropConcurrently(row, options.maxWait());
                write(() -> journal.mark(entry, IndexEntry.State.DROPPED));
                dropped++;
            }
        }
        for (IndexEntry entry : tops) {
            lock.ensureHeld();
            IndexRow row = find(entry).orElse(null);
            if (row != null) {
                dropAtOnce(entry, row);
                dropped++;
            }
        }
        for (IndexEntry entry : attached) {
            if (find(entry).isEmpty()) {
                write(() -> journal.mark(entry, IndexEntry.State.DROPPED));
                dropped++;
            } else {
                console.warn(entry + " has become a part of somebody else's index, and stays");
            }
        }
        return dropped;
    }

    private void dropAtOnce(IndexEntry entry, IndexRow row) throws SQLException {
        IndexPart part = new IndexPart(
                row.tableOid(),
                entry.table(),
                TableKind.PARTITIONED_TABLE,
                row.name().name(),
                null);
        atOnce(
                part,
                "dropping " + row.name(),
                List.of(
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

    private Watch watch(IndexPart part) throws SQLException {
        if (monitor == null) {
            return Watch.start(running -> {});
        }
        int pid = read(() -> Sql.query(connection, "SELECT pg_backend_pid()", row -> row.getInt(1)))
                .get(0);
        IndexProgress progress = new IndexProgress(monitor, pid, part, console);
        return Watch.start(progress::look);
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
        PostgresTransaction.write(connection, () -> {
            change.run();
            return null;
        });
    }
}
