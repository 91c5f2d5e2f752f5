package dev.cascadecleanup.internal.engine.postgres;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.catalog.PostgresCatalog;
import dev.cascadecleanup.internal.engine.ConstraintSql;
import dev.cascadecleanup.internal.engine.ConstraintState;
import dev.cascadecleanup.internal.engine.Engine;
import dev.cascadecleanup.internal.engine.ForeignKeyChangedException;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.engine.Orphans;
import dev.cascadecleanup.internal.engine.Watch;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.PostgresTransaction;
import dev.cascadecleanup.internal.jdbc.SqlStates;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.JournalMatch;
import dev.cascadecleanup.internal.journal.JournalMatches;
import dev.cascadecleanup.internal.plan.Sizes;
import dev.cascadecleanup.plan.Conversion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * PostgreSQL: swap, then validate. The swap drops and adds the constraint in one statement, NOT VALID, which changes the catalog
 * only; the constraint is in force for every new row at every instant. VALIDATE then reads the old rows under locks that stop no
 * client (manual, ALTER TABLE, Notes).
 */
public final class PostgresEngine implements Engine {

    /** A table that takes longer to read than somebody looks at a log without a new line. */
    private static final long WORTH_A_LINE = 1L << 30;

    private final Connection connection;
    private final Server server;
    private final CascadeOptions options;
    private final PostgresLocks locks;
    private final LockAttempts attempts;
    private final Console console;

    /**
     * @param connection an open connection outside any transaction
     * @throws SQLException if the session's settings cannot be read
     */
    public PostgresEngine(Connection connection, Server server, CascadeOptions options, Console console)
            throws SQLException {
        this.connection = connection;
        this.server = server;
        this.options = options;
        this.locks = PostgresLocks.of(connection, options.lockTimeout(), server.deadlockTimeout(), server.major());
        this.attempts = new LockAttempts(connection, options, console);
        this.console = console;
    }

    @Override
    public Outcome convert(Conversion conversion, JournalStep journal) throws SQLException, ForeignKeyChangedException {
        ForeignKey fk = conversion.foreignKey();
        boolean partitioned = fk.table().kind() == TableKind.PARTITIONED_TABLE;
        Optional<PartitionRoute> route = partitioned
                ? Optional.of(new PartitionRoute(connection, locks, conversion, server.major()))
                        .filter(PartitionRoute::attachesStandIns)
                : Optional.empty();

        attempts.warnOfLongHolders(fk.table(), fk.referencedTable(), fk.toString());
        try {
            if (route.isPresent()) {
                route.get().prepare(attempts);
            }
            attempts.comparing(
                    fk.table(), fk.referencedTable(), "swapping " + fk, () -> swap(conversion, journal, route));
        } catch (SQLException e) {
            if (route.isPresent() && SqlStates.is(e, SqlStates.FOREIGN_KEY_VIOLATION)) {
                route.get().giveUp(attempts);
                return withOrphans(Outcome.Kind.ORPHANS_IN_THE_WAY, fk, fk.oid());
            }
            if (route.isPresent() && SqlStates.isUndefined(e)) {
                // A partition was dropped or renamed before its turn came.
                throw new ForeignKeyChangedException(fk, e);
            }
            throw e;
        }
        return route.isPresent()
                ? flushed(Outcome.done(), journal)
                : finish(
                        fk,
                        PostgresTransaction.readAtOnce(connection, journal::constraintOid),
                        conversion.target(),
                        journal);
    }

    /** A swap and its journal row are one transaction, so that all that can be missing is the validation of an undo. */
    @Override
    public Outcome resume(JournalEntry entry, JournalStep journal) throws SQLException, ForeignKeyChangedException {
        JournalMatch match = new JournalMatches(new PostgresCatalog(connection, server.major()).read())
                .find(entry)
                .orElseThrow(() ->
                        new ForeignKeyChangedException(entry.table() + "." + Identifiers.display(entry.name()), null));
        ForeignKey fk = match.foreignKey();
        ForeignKeyDefinition target = journal.isUndo() ? match.before() : match.after();
        if (fk.definition().equalsExceptValidation(target)) {
            return finish(fk, fk.oid(), target, journal);
        }
        if (fk.definition().equalsExceptValidation(match.before())) {
            return convert(new Conversion(fk, target, entry.triggerStates(), entry.comment()), journal);
        }
        throw new ForeignKeyChangedException(fk);
    }

    /** After the swap. */
    private Outcome finish(ForeignKey fk, long oid, ForeignKeyDefinition target, JournalStep journal)
            throws SQLException, ForeignKeyChangedException {
        if (!target.validated()) {
            return flushed(withOrphans(Outcome.Kind.STILL_NOT_VALID, fk, oid), journal);
        }
        if (!options.validate()) {
            return flushed(new Outcome(Outcome.Kind.VALIDATION_LEFT_OUT, 0, null), journal);
        }
        Outcome outcome = validate(fk, oid);
        if (outcome.kind() != Outcome.Kind.DONE) {
            return flushed(outcome, journal);
        }
        if (journal.isUndo()) {
            PostgresTransaction.write(connection, () -> journal.complete());
        }
        return outcome;
    }

    /** Where no commit of a VALIDATE follows that of the swap, which did not wait for the disk: waits for it, without a lock on a table. */
    private Outcome flushed(Outcome outcome, JournalStep journal) throws SQLException {
        PostgresTransaction.write(connection, () -> journal.touch());
        return outcome;
    }

    @Override
    public Outcome validate(ForeignKey fk) throws SQLException, ForeignKeyChangedException {
        return validate(fk, fk.oid());
    }

    /** By its OID: since the swap no lock has kept anybody from renaming or replacing it. */
    private Outcome validate(ForeignKey fk, long oid) throws SQLException, ForeignKeyChangedException {
        try {
            boolean known = fk.oid() == oid && fk.definition().validated();
            ConstraintState asItWas = new ConstraintState(oid, fk.table().name(), fk.name(), known);
            for (ConstraintState state = asItWas; !state.validated(); state = state(fk, oid)) {
                ConstraintState now = state;
                try (Watch watch = watch(fk)) {
                    attempts.untimed(fk.table(), fk.referencedTable(), "validating " + fk, () -> validateIfStill(now));
                }
            }
            return Outcome.done();
        } catch (SQLException e) {
            if (SqlStates.is(e, SqlStates.FOREIGN_KEY_VIOLATION)) {
                return withOrphans(Outcome.Kind.ORPHANS_FOUND, fk, oid);
            }
            throw e;
        }
    }

    /** It says nothing itself, and reads the whole table. */
    private Watch watch(ForeignKey fk) throws SQLException {
        long bytes = PostgresTransaction.readAtOnce(connection, flight -> {
            Supplier<List<Long>> pages = flight.query(
                    """
                    SELECT coalesce(sum(c.relpages::bigint), 0) * current_setting('block_size')::bigint AS bytes
                    FROM pg_class c WHERE c.oid = ?::oid OR c.oid IN (SELECT i.inhrelid FROM pg_inherits i WHERE i.inhparent = ?::oid)
                    """,
                    row -> row.getLong("bytes"),
                    fk.table().oid(),
                    fk.table().oid());
            return () -> pages.get().get(0);
        });
        String what = "validating " + fk + ": reads a table of " + Sizes.text(bytes);
        if (bytes >= WORTH_A_LINE) {
            console.info(what);
        }
        return Watch.start(running -> console.info(what + ", for " + running.toSeconds() + " s now"));
    }

    private ConstraintState state(ForeignKey fk, long oid) throws SQLException, ForeignKeyChangedException {
        return PostgresTransaction.readAtOnce(connection, flight -> ConstraintState.of(flight, oid))
                .orElseThrow(() -> new ForeignKeyChangedException(fk));
    }

    private void validateIfStill(ConstraintState state) throws SQLException {
        try {
            locks.runLong(state.table(), flight -> {
                Supplier<Optional<ConstraintState>> now = ConstraintState.of(flight, state.oid());
                return () -> now.get().filter(state::equals).isPresent()
                        ? ConstraintSql.alter(state.table(), ConstraintSql.validate(state.name()))
                        : null;
            });
        } catch (SQLException e) {
            // The table was renamed before the lock on it was there. Who calls this looks again.
            if (!SqlStates.is(e, SqlStates.UNDEFINED_TABLE) && !SqlStates.is(e, SqlStates.UNDEFINED_SCHEMA)) {
                throw e;
            }
        }
    }

    @Override
    public void dropStandIn(ForeignKey standIn) throws SQLException {
        attempts.timed(
                standIn.table(),
                standIn.referencedTable(),
                "dropping " + standIn,
                () -> locks.change(
                        standIn.table(),
                        standIn.referencedTable(),
                        flight -> () -> locks.useSearchPathOfSession() + "; "
                                + ConstraintSql.alter(standIn.table().name(), ConstraintSql.drop(standIn.name()))));
    }

    /** @param route the partitions that have a stand-in each, if there are any */
    private void swap(Conversion conversion, JournalStep journal, Optional<PartitionRoute> route)
            throws SQLException, ForeignKeyChangedException {
        ForeignKey fk = conversion.foreignKey();
        try {
            boolean changed = locks.change(fk.table(), fk.referencedTable(), flight -> {
                Supplier<Optional<ConstraintRow>> row = ConstraintRow.ifUnchanged(flight, fk);
                journal.beginStatements().forEach(flight::execute);
                return () -> {
                    // A partition that came after the preparation would be read from end to end under ACCESS EXCLUSIVE.
                    boolean asPrepared = row.get().isPresent()
                            && (route.isEmpty() || route.get().isPrepared());
                    return asPrepared
                            ? statements(conversion, journal, row.get().get(), route.isPresent())
                            : null;
                };
            });
            if (!changed) {
                throw new ForeignKeyChangedException(fk);
            }
        } catch (SQLException e) {
            // A name is gone, or the journal's row found another constraint than the one that was meant: all was taken
            // back.
            if (SqlStates.isUndefined(e) || SqlStates.is(e, SqlStates.NOT_NULL_VIOLATION)) {
                throw new ForeignKeyChangedException(fk, e);
            }
            throw e;
        }
    }

    private String statements(Conversion conversion, JournalStep journal, ConstraintRow row, boolean throughPartitions)
            throws SQLException {
        ForeignKey fk = conversion.foreignKey();
        String oid = row.oidOf(fk.name(), conversion.target());
        String add = ConstraintSql.add(fk.name(), conversion.target(), row.byPrimaryKey());
        List<String> statements = new ArrayList<>();
        statements.add(locks.useSearchPathOfSession());
        statements.add(ConstraintSql.alter(
                fk.table().name(), ConstraintSql.drop(fk.name()), throughPartitions ? add : add + " NOT VALID"));
        if (conversion.comment() != null) {
            statements.add(ConstraintSql.comment(fk.table().name(), fk.name(), conversion.comment()));
        }
        statements.add(PostgresLocks.useSystemSearchPath());
        if (!conversion.triggerStates().isEmpty()) {
            statements.add(TriggerStateSql.restore(oid, conversion.triggerStates()));
        }
        if (fk.table().kind() == TableKind.PARTITIONED_TABLE) {
            InheritedNames.of(connection, fk).restore(oid).ifPresent(statements::add);
        }
        boolean validationFollows = conversion.target().validated() && !throughPartitions;
        statements.add(validationFollows ? journal.swappedStatement(oid) : journal.completeStatement(oid));
        return String.join("; ", statements);
    }

    private Outcome withOrphans(Outcome.Kind kind, ForeignKey fk, long oid) throws SQLException {
        List<String> operators = PostgresTransaction.read(connection, () -> Orphans.operators(connection, oid));
        return new Outcome(kind, countOrphans(fk, operators), Orphans.query(fk, operators));
    }

    /** For a message only, so that a role that may not read the tables, or a busy server, does not fail the migration. */
    private long countOrphans(ForeignKey fk, List<String> operators) throws SQLException {
        try {
            return locks.readLong(() -> Orphans.count(connection, fk, operators));
        } catch (SQLException e) {
            if (SqlStates.isConnectionLost(e)) {
                throw e;
            }
            return Outcome.UNKNOWN;
        }
    }
}
