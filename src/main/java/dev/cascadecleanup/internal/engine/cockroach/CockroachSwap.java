package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.Console;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.Backoff;
import dev.cascadecleanup.internal.engine.ConstraintSql;
import dev.cascadecleanup.internal.engine.ForeignKeyChangedException;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.engine.Orphans;
import dev.cascadecleanup.internal.engine.TableConstraint;
import dev.cascadecleanup.internal.engine.postgres.QueryText;
import dev.cascadecleanup.internal.jdbc.CockroachTransaction;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.plan.Durations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings one foreign key to its target on CockroachDB, statement by statement: looks at the catalog, takes one step, looks again. */
public final class CockroachSwap {

    /**
     * What every swap works with.
     *
     * @param lease may be null
     * @param maxWait how long a swap may stand still
     * @param unlockTables whether to unlock tables that nobody was to unlock
     */
    record Tools(
            Connection connection,
            WatchedStatements statements,
            @Nullable CockroachLease lease,
            Duration maxWait,
            boolean unlockTables,
            Console console) {}

    /**
     * What is to be done.
     *
     * @param table the referencing table
     * @param constraint the foreign key's name
     * @param standInName the name that stands in for it
     * @param from what it was
     * @param target what it is to be
     * @param comment the comment it is to have, or null
     */
    public record Task(
            TableName table,
            String constraint,
            String standInName,
            ForeignKeyDefinition from,
            ForeignKeyDefinition target,
            @Nullable String comment) {

        /** @param orphansFound whether rows are known to stand in the way of a validation */
        public String statement(SwapStep step, boolean orphansFound) {
            return ConstraintSql.alter(
                    table,
                    switch (step) {
                        case ADD_STAND_IN ->
                            ConstraintSql.add(standInName, target)
                                    + (target.validated() && !orphansFound ? "" : " NOT VALID");
                        case VALIDATE_STAND_IN -> ConstraintSql.validate(standInName);
                        case DROP_ORIGINAL -> ConstraintSql.drop(constraint);
                        case RENAME_STAND_IN -> ConstraintSql.rename(standInName, constraint);
                        case DROP_STAND_IN -> ConstraintSql.drop(standInName);
                        case VALIDATE_ORIGINAL -> ConstraintSql.validate(constraint);
                        default -> throw new IllegalArgumentException(step + " is no statement");
                    });
        }

        /** Where there is one. */
        public String commentOnStandIn() {
            return ConstraintSql.comment(table, standInName, Objects.requireNonNull(comment));
        }

        List<TableName> tables() {
            return List.of(table, target.referencedTable());
        }

        @Override
        public String toString() {
            return table + "." + Identifiers.display(constraint);
        }
    }

    /** What the next step depends on; while it stays the same, nothing moves. */
    private record Position(SwapState state, boolean orphansFound) {}

    /**
     * Answers that say nothing about whether the statement can succeed, or has: another schema change is under way, the answer was
     * lost, the job was cancelled, or the catalog was not what the statement expected.
     */
    private static final Set<String> LOOK_AGAIN = Set.of(
            SqlStates.SERIALIZATION_FAILURE,
            SqlStates.STATEMENT_COMPLETION_UNKNOWN,
            SqlStates.FEATURE_NOT_SUPPORTED,
            SqlStates.OBJECT_NOT_IN_PREREQUISITE_STATE,
            SqlStates.COCKROACH_UNCATEGORISED,
            SqlStates.DUPLICATE_OBJECT,
            SqlStates.UNDEFINED_OBJECT,
            SqlStates.QUERY_CANCELED,
            SqlStates.DEADLOCK_DETECTED);
    /** A table, a schema or a column has another name now, or is gone. */
    private static final Set<String> RENAMED =
            Set.of(SqlStates.UNDEFINED_TABLE, SqlStates.UNDEFINED_SCHEMA, SqlStates.UNDEFINED_COLUMN);
    /** The states whose messages may quote a row. */
    private static final Set<String> MAY_QUOTE_VALUES =
            Set.of(SqlStates.FOREIGN_KEY_VIOLATION, SqlStates.COCKROACH_UNCATEGORISED);
    /** "Operator intervention": what a schema_locked table answers. */
    private static final String OPERATOR_INTERVENTION = "57000";

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** How long something may be "not supported" without any job at work before it is believed. */
    private static final Duration LONGEST_REFUSAL = Duration.ofSeconds(5);

    private static final Pattern UNDER_WAY =
            Pattern.compile("in the middle of|being (added|dropped)|try again later|mutation");

    private final Tools tools;
    private final Task task;
    private final @Nullable JournalStep journal;
    private final CockroachConstraints constraints;
    private final SchemaJobs jobs;

    private @Nullable Long tableOid;
    private ForeignKeyDefinition from;
    private boolean begun;
    private boolean orphansFound;
    private boolean validatedOnceMore;
    private @Nullable SQLException lastFailure;
    private @Nullable Backoff standstill;

    /** @param journal what to write down, or null for nothing */
    public CockroachSwap(Tools tools, Task task, @Nullable JournalStep journal) {
        this.tools = tools;
        this.task = task;
        this.journal = journal;
        this.from = task.from();
        this.constraints = new CockroachConstraints(tools.connection());
        this.jobs = new SchemaJobs(tools.connection());
    }

    Outcome run() throws SQLException, ForeignKeyChangedException {
        SwapState state = read();
        boolean settled = isUntouched(state);
        Position last = null;
        for (; ; ) {
            if (!settled) {
                jobs.awaitRest(
                        task.toString(),
                        task.table(),
                        tools.maxWait(),
                        tools.statements().warnings());
                state = read();
            }
            Position position = new Position(state, orphansFound);
            if (position.equals(last)) {
                pauseOrGiveUp(state);
            } else {
                standstill = null;
            }
            last = position;
            SwapStep step =
                    SwapStep.next(state, from, task.target(), task.target().validated() && !orphansFound);
            switch (step) {
                case COMPLETE -> {
                    TableConstraint original = Objects.requireNonNull(state.original());
                    Outcome outcome = outcome(original);
                    if (outcome != null) {
                        complete(original);
                        return outcome;
                    }
                }
                case GIVE_UP_CHANGED ->
                    throw new ForeignKeyChangedException(task.toString(), withoutValues(lastFailure));
                case GIVE_UP_NAME_TAKEN -> throw nameTaken(Objects.requireNonNull(state.standIn()));
                default -> {
                    settled = take(step, state);
                    state = settled ? read() : state;
                }
            }
        }
    }

    /** As it was planned, so that nothing can be under way but what would answer with an error anyway. */
    private boolean isUntouched(SwapState state) {
        return state.standIn() == null
                && state.original() != null
                && from.equals(state.original().definition());
    }

    private SwapState read() throws SQLException {
        return CockroachTransaction.retry(() -> {
            if (tableOid == null) {
                tableOid = constraints.tableOid(task.table()).orElse(null);
                constraints.know(task.target().referencedTable());
            }
            List<TableConstraint> found = tableOid == null
                    ? List.of()
                    : constraints.of(
                            tableOid, name -> name.equals(task.constraint()) || name.equals(task.standInName()));
            return new SwapState(named(found, task.constraint()), named(found, task.standInName()));
        });
    }

    private static @Nullable TableConstraint named(List<TableConstraint> constraints, String name) {
        return constraints.stream()
                .filter(constraint -> constraint.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Returns whether the statement succeeded, and with it the jobs that it waited for. */
    private boolean take(SwapStep step, SwapState state) throws SQLException {
        if (tools.lease() != null) {
            tools.lease().ensureHeld();
        }
        begin();
        if (step == SwapStep.RENAME_STAND_IN) {
            // Of some other run, it may be: then it becomes what this one starts from.
            from = startOf(Objects.requireNonNull(state.standIn()));
        }
        try {
            if (step == SwapStep.DROP_ORIGINAL && task.comment() != null) {
                execute(task.commentOnStandIn());
            }
            execute(task.statement(step, orphansFound));
            lastFailure = null;
            return true;
        } catch (SQLException e) {
            noteFailure(step, state, e);
            return false;
        }
    }

    private ForeignKeyDefinition startOf(TableConstraint standIn) {
        return standIn.isExceptValidation(task.target()) ? from : Objects.requireNonNull(standIn.definition());
    }

    private void execute(String sql) throws SQLException {
        tools.statements().execute(task.toString(), task.tables(), sql);
    }

    private void noteFailure(SwapStep step, SwapState state, SQLException e) throws SQLException {
        if (SqlStates.isConnectionLost(e)) {
            throw new SQLException(
                    task + ": the connection was lost at " + step + " while " + state.describe() + ". The server may"
                            + " finish that statement by itself. Run again: the next run looks at what is there and goes on",
                    e.getSQLState(),
                    e);
        }
        if (isSchemaLocked(e) && unlock(e)) {
            lastFailure = null;
            return;
        }
        lastFailure = e;
        if (SqlStates.is(e, SqlStates.FOREIGN_KEY_VIOLATION)) {
            orphansFound = true;
        }
    }

    private static boolean isSchemaLocked(SQLException e) {
        return SqlStates.is(e, OPERATOR_INTERVENTION)
                && String.valueOf(e.getMessage()).contains("locked");
    }

    private boolean unlock(SQLException cause) throws SQLException {
        CockroachLease lease = tools.lease();
        if (lease == null) {
            throw new SQLException(
                    task + ": one of its tables is schema_locked, and the server does not unlock it by itself. Run"
                            + " ALTER TABLE ... SET (schema_locked = false) on it, and lock it again afterwards",
                    cause.getSQLState(),
                    cause);
        }
        if (!tools.unlockTables()) {
            requireUnlocking(lease, cause);
        }
        boolean unlocked = false;
        for (TableName table : Set.copyOf(task.tables())) {
            unlocked |= lease.unlock(table);
        }
        return unlocked;
    }

    /** Somebody has forbidden it for a reason: logical replication breaks when the two clusters' tables differ. */
    private void requireUnlocking(CockroachLease lease, SQLException cause) throws SQLException {
        String remedy =
                " Ask whoever runs the cluster; then set cascade_unlock_tables = true, or run ALTER TABLE ... SET (schema_locked"
                        + " = false) on "
                        + task.tables().stream()
                                .map(Object::toString)
                                .distinct()
                                .collect(Collectors.joining(" and "))
                        + " and lock them again afterwards";
        boolean forbidden;
        try {
            forbidden = lease.isUnlockingForbidden();
        } catch (SQLException e) {
            throw new SQLException(
                    task
                            + ": one of its tables is schema_locked, and whether it may be unlocked the role may not know (SQLSTATE "
                            + e.getSQLState() + " for SHOW CLUSTER SETTING " + UnlockedTables.SETTING + ")." + remedy,
                    cause.getSQLState(),
                    cause);
        }
        if (forbidden) {
            throw new SQLException(
                    task + ": one of its tables is schema_locked, and " + UnlockedTables.SETTING
                            + " is off, which keeps schema changes off tables in logical replication." + remedy,
                    cause.getSQLState(),
                    cause);
        }
    }

    /** Nothing has changed since the last step: wait a little, unless it cannot help. */
    private void pauseOrGiveUp(SwapState state) throws SQLException, ForeignKeyChangedException {
        SQLException failure = lastFailure;
        if (failure != null && RENAMED.contains(String.valueOf(failure.getSQLState()))) {
            throw new ForeignKeyChangedException(task.toString(), failure);
        }
        if (failure != null && !LOOK_AGAIN.contains(String.valueOf(failure.getSQLState()))) {
            throw new SQLException(
                    task + ": " + describe(failure) + "; " + state.describe(),
                    failure.getSQLState(),
                    withoutValues(failure));
        }
        Backoff still = standstill;
        if (still != null && failure != null && still.waited().compareTo(LONGEST_REFUSAL) > 0 && isForGood(failure)) {
            throw new SQLException(
                    task + ": the server refuses it for good, as it looks: " + describe(failure) + "; "
                            + state.describe()
                            + ", and no schema change of the table is to be seen in SHOW JOBS. Take what the server names out of the"
                            + " way and run again; or, if another role's schema change is under way, run again when it is done",
                    failure.getSQLState(),
                    failure);
        }
        if (still == null) {
            still = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, tools.maxWait());
            standstill = still;
            tools.console()
                    .info(task + ": " + (failure == null ? "no effect yet" : describe(failure)) + "; looking again");
        }
        if (still.isOver()) {
            List<SchemaJob> underWay = jobs.unfinished(task.table());
            throw new SQLTimeoutException(
                    task + ": no progress for cascade_max_wait = " + Durations.format(tools.maxWait()) + " while "
                            + state.describe()
                            + (failure == null ? "" : "; the last answer was: " + describe(failure))
                            + (underWay.isEmpty()
                                    ? "; no schema change of the table is to be seen in SHOW JOBS, but another role's would not"
                                    : "; under way: " + SchemaJobs.describe(underWay))
                            + ". Look at the jobs as an admin, then run again: it goes on from there",
                    failure == null ? null : failure.getSQLState(),
                    withoutValues(failure));
        }
        still.pause();
    }

    /**
     * What is not supported stays so, a table in logical replication for instance, unless it is a constraint that is just being added
     * or dropped, or a job is at work.
     */
    private boolean isForGood(SQLException e) throws SQLException {
        return SqlStates.is(e, SqlStates.FEATURE_NOT_SUPPORTED)
                && !UNDER_WAY.matcher(String.valueOf(e.getMessage())).find()
                && jobs.unfinished(task.table()).isEmpty();
    }

    private static String describe(SQLException e) {
        String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return "SQLSTATE " + e.getSQLState() + ", " + (mayQuoteValues(e) ? QueryText.excerpt(text) : text);
    }

    /** The exception as a cause, or null: what is thrown is logged with its causes. */
    private static @Nullable SQLException withoutValues(@Nullable SQLException e) {
        return mayQuoteValues(e) ? null : e;
    }

    private static boolean mayQuoteValues(@Nullable SQLException e) {
        return e != null && MAY_QUOTE_VALUES.contains(String.valueOf(e.getSQLState()));
    }

    private SQLException nameTaken(TableConstraint standIn) {
        return new SQLException(
                task + ": the table has another constraint, " + Identifiers.display(standIn.name()) + " ("
                        + standIn.describe()
                        + "), under the name that is to stand in for it. Rename that one: ALTER TABLE "
                        + task.table().quoted() + " RENAME CONSTRAINT " + Identifiers.quote(standIn.name())
                        + " TO ...; then run again",
                SqlStates.DUPLICATE_OBJECT);
    }

    private void begin() throws SQLException {
        if (journal != null && !begun) {
            CockroachTransaction.write(tools.connection(), () -> journal.begin());
            begun = true;
        }
    }

    /** With the OID that the constraint has now: by it an undo finds it after a rename of its columns. */
    private void complete(TableConstraint original) throws SQLException {
        if (journal != null) {
            CockroachTransaction.retry(
                    () -> Sql.execute(tools.connection(), journal.completeStatement(Long.toString(original.oid()))));
        }
    }

    /** Null if the rows that stood in the way have gone in the meantime. */
    private @Nullable Outcome outcome(TableConstraint original) throws SQLException {
        if (original.isValidated()) {
            return Outcome.done();
        }
        long orphans = countOrphans();
        if (!task.target().validated()) {
            return new Outcome(Outcome.Kind.STILL_NOT_VALID, orphans, Orphans.query(task.table(), task.target()));
        }
        if (orphans == 0 && !validatedOnceMore) {
            validatedOnceMore = true;
            orphansFound = false;
            return null;
        }
        return new Outcome(Outcome.Kind.ORPHANS_FOUND, orphans, Orphans.query(task.table(), task.target()));
    }

    /** For a message only, so that a role that may not read the tables does not fail the migration. */
    private long countOrphans() throws SQLException {
        try {
            return Orphans.count(tools.connection(), task.table(), task.target());
        } catch (SQLException e) {
            if (SqlStates.isConnectionLost(e)) {
                throw e;
            }
            return Outcome.UNKNOWN;
        }
    }
}
