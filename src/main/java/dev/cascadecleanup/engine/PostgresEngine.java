package dev.cascadecleanup.engine;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.PostgresCatalog;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.jdbc.Identifiers;
import dev.cascadecleanup.jdbc.PostgresTransaction;
import dev.cascadecleanup.jdbc.Sql;
import dev.cascadecleanup.jdbc.SqlStates;
import dev.cascadecleanup.journal.JournalEntry;
import dev.cascadecleanup.journal.JournalMatch;
import dev.cascadecleanup.plan.CascadeOptions;
import dev.cascadecleanup.plan.Conversion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL: swap, then validate. The swap drops and adds the constraint in one statement, NOT VALID, which changes the catalog
 * only; the constraint is in force for every new row at every instant. VALIDATE then reads the old rows under locks that stop no
 * client (manual, ALTER TABLE, Notes).
 */
public final class PostgresEngine implements Engine {

    private final Connection connection;
    private final Server server;
    private final CascadeOptions options;
    private final PostgresLocks locks;
    private final LockAttempts attempts;

    /**
     * @param connection an open connection outside any transaction
     * @throws SQLException if the session's settings cannot be read
     */
    public PostgresEngine(Connection connection, Server server, CascadeOptions options, Console console) throws SQLException {
        this.connection = connection;
        this.server = server;
        this.options = options;
        this.locks = PostgresLocks.of(connection, options.lockTimeout(), server.deadlockTimeout(), server.major());
        this.attempts = new LockAttempts(connection, options, console);
    }

    @Override
    public Outcome convert(Conversion conversion, JournalStep journal) throws SQLException, ForeignKeyChangedException {
        ForeignKey fk = conversion.foreignKey();
        PartitionRoute partitions = fk.table().kind() == TableKind.PARTITIONED_TABLE
                ? new PartitionRoute(connection, locks, conversion, server.major()) : null;
        boolean throughPartitions = attachesStandIns(partitions);

        attempts.warnOfLongHolders(fk.table(), fk.referencedTable(), fk.toString());
        if (throughPartitions) {
            try {
                partitions.prepare(attempts);
            } catch (SQLException e) {
                if (SqlStates.is(e, SqlStates.FOREIGN_KEY_VIOLATION)) {
                    throw orphansInPartitions(fk, e);
                }
                throw e;
            }
        }
        attempts.comparing(fk.table(), fk.referencedTable(), "swapping " + fk, () -> {
            swap(conversion, journal, partitions);
            return null;
        });
        return throughPartitions ? Outcome.done()
                : finish(fk, PostgresTransaction.read(connection, journal::constraintOid), conversion.target(), journal);
    }

    /** A swap and its journal row are one transaction, so that all that can be missing is the validation of an undo. */
    @Override
    public Outcome resume(JournalEntry entry, JournalStep journal) throws SQLException, ForeignKeyChangedException {
        JournalMatch match = JournalMatch.find(entry, new PostgresCatalog(connection).read())
                .orElseThrow(() -> new ForeignKeyChangedException(entry.table() + "." + Identifiers.display(entry.name()), null));
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
            return new Outcome(Outcome.Kind.STILL_NOT_VALID, countOrphans(fk), Orphans.query(fk));
        }
        if (!options.validate()) {
            return new Outcome(Outcome.Kind.VALIDATION_LEFT_OUT, 0, null);
        }
        Outcome outcome = validate(fk, oid);
        if (outcome.kind() == Outcome.Kind.DONE && journal.isUndo()) {
            PostgresTransaction.write(connection, () -> {
                journal.complete();
                return null;
            });
        }
        return outcome;
    }

    @Override
    public Outcome validate(ForeignKey fk) throws SQLException, ForeignKeyChangedException {
        return validate(fk, fk.oid());
    }

    /** Under the names of today: no lock has kept anybody from renaming them since the swap. */
    private Outcome validate(ForeignKey fk, long oid) throws SQLException, ForeignKeyChangedException {
        ConstraintName tried = null;
        while (true) {
            ConstraintName name = ConstraintName.of(connection, oid).orElseThrow(() -> new ForeignKeyChangedException(fk));
            try {
                attempts.untimed(fk.table(), fk.referencedTable(), "validating " + fk, () ->
                        locks.runLong(ConstraintSql.alter(name.table(), ConstraintSql.validate(name.constraint()))));
                return Outcome.done();
            } catch (SQLException e) {
                if (SqlStates.is(e, SqlStates.FOREIGN_KEY_VIOLATION)) {
                    return new Outcome(Outcome.Kind.ORPHANS_FOUND, countOrphans(fk), Orphans.query(fk));
                }
                if (!SqlStates.isUndefined(e) || name.equals(tried)) {
                    throw e;
                }
                tried = name;
            }
        }
    }

    @Override
    public void dropStandIn(ForeignKey standIn) throws SQLException {
        attempts.timed(standIn.table(), standIn.referencedTable(), "dropping " + standIn, () ->
                locks.change(standIn.table(), standIn.referencedTable(), () -> locks.useSearchPathOfSession() + "; "
                        + ConstraintSql.alter(standIn.table().name(), ConstraintSql.drop(standIn.name()))));
    }

    private static boolean attachesStandIns(PartitionRoute partitions) {
        return partitions != null && partitions.attachesStandIns();
    }

    private void swap(Conversion conversion, JournalStep journal, PartitionRoute partitions)
            throws SQLException, ForeignKeyChangedException {
        ForeignKey fk = conversion.foreignKey();
        try {
            boolean changed = locks.change(fk.table(), fk.referencedTable(), () -> {
                ConstraintRow row = ConstraintRow.ifUnchanged(connection, fk).orElse(null);
                if (row == null) {
                    return null;
                }
                journal.begin();
                return flight(conversion, journal, row, partitions);
            });
            if (!changed) {
                throw new ForeignKeyChangedException(fk);
            }
        } catch (SQLException e) {
            // A name is gone, or the journal's row found another constraint than the one that was meant: all was taken back.
            if (SqlStates.isUndefined(e) || SqlStates.is(e, SqlStates.NOT_NULL_VIOLATION)) {
                throw new ForeignKeyChangedException(fk, e);
            }
            throw e;
        }
    }

    private String flight(Conversion conversion, JournalStep journal, ConstraintRow row, PartitionRoute partitions)
            throws SQLException {
        ForeignKey fk = conversion.foreignKey();
        String oid = row.oidOf(fk.name(), conversion.target());
        String add = ConstraintSql.add(fk.name(), conversion.target());
        List<String> statements = new ArrayList<>();
        statements.add(locks.useSearchPathOfSession());
        statements.add(ConstraintSql.alter(fk.table().name(), ConstraintSql.drop(fk.name()),
                attachesStandIns(partitions) ? add : add + " NOT VALID"));
        if (conversion.comment() != null) {
            statements.add(ConstraintSql.comment(fk.table().name(), fk.name(), conversion.comment()));
        }
        statements.add(PostgresLocks.useSystemSearchPath());
        if (!conversion.triggerStates().isEmpty()) {
            statements.add(TriggerStateSql.restore(oid, conversion.triggerStates()));
        }
        if (partitions != null) {
            statements.add(partitions.renameStatement(oid));
        }
        boolean validationFollows = conversion.target().validated() && !attachesStandIns(partitions);
        statements.add(validationFollows ? journal.swappedStatement(oid) : journal.completeStatement(oid));
        return String.join("; ", statements);
    }

    /** For a message only, so that a role that may not read the tables, or a busy server, does not fail the migration. */
    private long countOrphans(ForeignKey fk) throws SQLException {
        try {
            return locks.readLong(() -> Orphans.count(connection, fk));
        } catch (SQLException e) {
            if (SqlStates.isConnectionLost(e)) {
                throw e;
            }
            return Outcome.UNKNOWN;
        }
    }

    private static SQLException orphansInPartitions(ForeignKey fk, SQLException cause) {
        return new SQLException(fk + ": rows without a referenced row stand in the way, and before PostgreSQL 18 a partitioned table"
                + " takes no NOT VALID foreign key; list them with: " + Orphans.query(fk) + "; delete or correct them, or name the foreign key in cascade_keep",
                cause.getSQLState(), cause);
    }
}
