package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.Backoff;
import dev.cascadecleanup.internal.engine.IndexEngine;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.engine.Watch;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Sql;
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
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * CockroachDB: CREATE INDEX, which is online, and a job that goes on without its client. After any answer it is the catalog that counts,
 * once the jobs of the table are at rest; an index shows there when it is complete, so that nothing half-built can remain.
 */
public final class CockroachIndexes implements IndexEngine {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final String DUPLICATE_RELATION = "42P07";
    /** Answers that say nothing about whether the statement can succeed, or has. */
    private static final Set<String> LOOK_AGAIN = Set.of(
            SqlStates.SERIALIZATION_FAILURE,
            SqlStates.STATEMENT_COMPLETION_UNKNOWN,
            SqlStates.FEATURE_NOT_SUPPORTED,
            SqlStates.OBJECT_NOT_IN_PREREQUISITE_STATE,
            SqlStates.COCKROACH_UNCATEGORISED,
            SqlStates.DUPLICATE_OBJECT,
            SqlStates.UNDEFINED_OBJECT,
            SqlStates.QUERY_CANCELED,
            SqlStates.DEADLOCK_DETECTED,
            DUPLICATE_RELATION);

    private final Connection connection;
    private final @Nullable DataSource monitor;
    private final CascadeOptions options;
    private final MigrationLock lock;
    private final IndexJournal journal;
    private final Console console;
    private final WatchedStatements statements;
    private final SchemaJobs jobs;
    private final CockroachConstraints catalog;
    private volatile boolean unseen;

    /**
     * @param connection an open connection outside any transaction
     * @param monitor gives a second connection that notices paused jobs and transactions in the way, or null
     * @throws SQLException if the session cannot be asked for its ID
     */
    public CockroachIndexes(
            Connection connection,
            @Nullable DataSource monitor,
            CascadeOptions options,
            MigrationLock lock,
            IndexJournal journal,
            Console console)
            throws SQLException {
        this.connection = connection;
        this.monitor = monitor;
        this.options = options;
        this.lock = lock;
        this.journal = journal;
        this.console = console;
        this.statements = new WatchedStatements(
                connection,
                monitor,
                lock instanceof CockroachLease lease ? lease : null,
                JobWatchdog.Timing.DEFAULT,
                console);
        this.jobs = new SchemaJobs(connection);
        this.catalog = new CockroachConstraints(connection);
    }

    @Override
    public void build(MissingIndex index, String version) throws SQLException {
        for (IndexPart part : index.parts()) {
            IndexEntry entry = IndexEntry.begin(version, part.tableOid(), part.table(), part.index());
            CockroachTransaction.write(connection, () -> journal.begin(entry));
            until(
                    true,
                    entry,
                    part.table(),
                    IndexSql.create(IndexSql.Way.PLAIN, part.table(), part.index(), index.keys(), index.condition()));
            mark(entry, IndexEntry.State.BUILT);
        }
    }

    @Override
    public void settle(List<IndexEntry> entries, boolean goingOn) throws SQLException {
        for (IndexEntry entry : entries) {
            TableName table = catalog.tableName(entry.tableOid()).orElse(entry.table());
            if (entry.state() == IndexEntry.State.BUILDING) {
                jobs.awaitRest(entry.toString(), table, options.maxWait(), statements.warnings());
                mark(entry, isThere(table, entry) ? IndexEntry.State.BUILT : IndexEntry.State.DROPPED);
            } else if (!isThere(table, entry)) {
                mark(entry, IndexEntry.State.DROPPED);
            }
        }
    }

    @Override
    public int drop(List<IndexEntry> entries) throws SQLException {
        int dropped = 0;
        for (IndexEntry entry : entries) {
            TableName table = catalog.tableName(entry.tableOid()).orElse(entry.table());
            if (entry.state() == IndexEntry.State.BUILDING) {
                jobs.awaitRest(entry.toString(), table, options.maxWait(), statements.warnings());
            }
            if (isThere(table, entry)) {
                until(false, entry, table, IndexSql.dropOf(table, entry.index()));
                dropped++;
            }
            mark(entry, IndexEntry.State.DROPPED);
        }
        return dropped;
    }

    private void mark(IndexEntry entry, IndexEntry.State state) throws SQLException {
        CockroachTransaction.write(connection, () -> journal.mark(entry, state));
    }

    private boolean isThere(TableName table, IndexEntry entry) throws SQLException {
        return CockroachTransaction.retry(() -> Sql.queryFirst(
                        connection,
                        "SELECT 1 FROM pg_catalog.pg_indexes WHERE schemaname = ? AND tablename = ? AND indexname = ?",
                        row -> true,
                        table.schema(),
                        table.name(),
                        entry.index())
                .isPresent());
    }

    /** How far the job is, over a second connection. */
    private void look(IndexEntry entry, Duration running) {
        String what = entry + ", for " + running.toSeconds() + " s";
        if (monitor == null || unseen) {
            console.info(what);
            return;
        }
        try (Connection second = monitor.getConnection()) {
            String done = Sql.queryFirst(
                            second,
                            "SELECT max(fraction_completed) FROM [SHOW JOBS] WHERE job_type = 'SCHEMA CHANGE'"
                                    + " AND status = 'running' AND strpos(description, ?) > 0",
                            row -> row.getObject(1) == null ? "" : ": " + Math.round(row.getDouble(1) * 100) + " %",
                            entry.index())
                    .orElse("");
            console.info(what + done);
        } catch (SQLException | RuntimeException e) {
            unseen = true;
            console.info(what + ": no second connection to see how far it is (" + e.getMessage() + ")");
        }
    }

    /** Runs a statement until the index is there, or gone. */
    @SuppressWarnings("try") // the settings only have to be put back
    private void until(boolean there, IndexEntry entry, TableName table, String sql) throws SQLException {
        try (SessionSettings settings = SessionSettings.forLongStatements(connection)) {
            Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, options.maxWait());
            while (isThere(table, entry) != there) {
                lock.ensureHeld();
                try (Watch watch = Watch.start(running -> look(entry, running))) {
                    statements.execute(entry.toString(), List.of(table), sql);
                } catch (SQLException e) {
                    if (!LOOK_AGAIN.contains(String.valueOf(e.getSQLState()))) {
                        throw e;
                    }
                    if (backoff.isOver()) {
                        throw new SQLTimeoutException(
                                entry + ": no progress for cascade_max_wait = " + Durations.format(options.maxWait())
                                        + "; the last answer was: " + e.getMessage()
                                        + ". Look at SHOW JOBS, then run again",
                                e.getSQLState(),
                                e);
                    }
                    console.info(entry + ": SQLSTATE " + e.getSQLState() + "; looking again");
                    jobs.awaitRest(entry.toString(), table, options.maxWait(), statements.warnings());
                    backoff.pause();
                }
            }
        }
    }
}
