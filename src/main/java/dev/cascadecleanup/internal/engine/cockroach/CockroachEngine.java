package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.engine.Engine;
import dev.cascadecleanup.internal.engine.ForeignKeyChangedException;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.engine.TableConstraint;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.plan.Conversion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * CockroachDB: add a stand-in, validated online; drop the foreign key; give the stand-in its name. Each is a statement of its own
 * with autocommit on, since schema changes in explicit transactions can fail half-way (manual, Online Schema Changes). What comes
 * next is read from the catalog each time ({@link SwapStep}), so that it makes no difference whether a statement failed, its
 * answer was lost, or another run began the work.
 *
 * <p>{@code cascade_validate} has no meaning here: the old foreign key goes only when the new one is validated.
 *
 * <p>From the moment the first statement starts, deletes cascade, also if it fails in the end; and an undo goes on cascading until
 * its second statement. Needs CREATE on the tables, and SELECT for counting rows without a referenced row.
 */
public final class CockroachEngine implements Engine {

    private final Connection connection;
    private final CockroachSwap.Tools tools;

    /**
     * The same without a lease: nothing keeps another run from working at the same time, and {@code schema_locked} tables that the
     * server does not unlock by itself are refused.
     */
    public CockroachEngine(
            Connection connection, @Nullable DataSource monitor, Server server, CascadeOptions options, Console console)
            throws SQLException {
        this(connection, monitor, server, options, console, null);
    }

    /**
     * An engine over one connection.
     *
     * @param connection an open connection outside any transaction
     * @param monitor gives a second connection that notices paused jobs and transactions in the way, or null; with a lease, which has one,
     *     it is not asked
     * @param lease makes sure before every statement that this is the only run, or null
     * @throws SQLException if the session cannot be asked for its ID
     */
    public CockroachEngine(
            Connection connection,
            @Nullable DataSource monitor,
            Server server,
            CascadeOptions options,
            Console console,
            @Nullable CockroachLease lease)
            throws SQLException {
        this(connection, monitor, options, console, lease, JobWatchdog.Timing.DEFAULT);
    }

    CockroachEngine(
            Connection connection,
            @Nullable DataSource monitor,
            CascadeOptions options,
            Console console,
            @Nullable CockroachLease lease,
            JobWatchdog.Timing timing)
            throws SQLException {
        this.connection = connection;
        this.tools = new CockroachSwap.Tools(
                connection,
                new WatchedStatements(connection, monitor, lease, timing, console),
                lease,
                options.maxWait(),
                options.unlockTables(),
                console);
    }

    @Override
    public Outcome convert(Conversion conversion, JournalStep journal) throws SQLException, ForeignKeyChangedException {
        ForeignKey fk = conversion.foreignKey();
        return swap(
                new CockroachSwap.Task(
                        fk.table().name(),
                        fk.name(),
                        TemporaryNames.of(fk.table().name(), fk.name()),
                        fk.definition(),
                        conversion.target(),
                        conversion.comment()),
                journal);
    }

    /** The foreign key's own name may not exist any more, and the tables may have been renamed; their OIDs stay. */
    @Override
    public Outcome resume(JournalEntry entry, JournalStep journal) throws SQLException, ForeignKeyChangedException {
        CockroachConstraints constraints = new CockroachConstraints(connection);
        TableName table = constraints.tableName(entry.tableOid()).orElse(entry.table());
        TableName referenced = constraints
                .tableName(entry.referencedOid())
                .orElse(entry.before().referencedTable());
        String standIn = entry.temporaryName() == null ? TemporaryNames.of(table, entry.name()) : entry.temporaryName();
        ForeignKeyDefinition before = withReferencedTable(entry.before(), referenced);
        ForeignKeyDefinition after = withReferencedTable(entry.after(), referenced);
        return swap(
                new CockroachSwap.Task(
                        table,
                        entry.name(),
                        standIn,
                        journal.isUndo() ? after : before,
                        journal.isUndo() ? before : after,
                        entry.comment()),
                journal);
    }

    @Override
    public void dropStandIn(ForeignKey standIn) throws SQLException {
        TableName table = standIn.table().name();
        String subject = standIn.qualifiedName();
        new SchemaJobs(connection)
                .awaitRest(subject, table, tools.maxWait(), tools.statements().warnings());
        TableConstraint original = new CockroachConstraints(connection)
                        .of(
                                standIn.table().oid(),
                                name -> TemporaryNames.of(table, name).equals(standIn.name()))
                        .stream()
                        .filter(constraint -> constraint.connectsSameColumns(standIn.definition()))
                        .findFirst()
                        .orElse(null);
        if (original == null) {
            tools.console().warn(subject + " stands in for a foreign key that is not there, and is left in its place");
            return;
        }
        // It connects columns.
        ForeignKeyDefinition definition = Objects.requireNonNull(original.definition());
        try {
            swap(new CockroachSwap.Task(table, original.name(), standIn.name(), definition, definition, null), null);
        } catch (ForeignKeyChangedException e) {
            tools.console().warn(e.getMessage() + "; its stand-in " + subject + " is left in its place");
        }
    }

    @Override
    public Outcome validate(ForeignKey fk) throws SQLException {
        try {
            return swap(
                    new CockroachSwap.Task(
                            fk.table().name(),
                            fk.name(),
                            TemporaryNames.of(fk.table().name(), fk.name()),
                            fk.definition(),
                            fk.definition().withValidated(true),
                            null),
                    null);
        } catch (ForeignKeyChangedException e) {
            throw new SQLException(e.getMessage(), e);
        }
    }

    @SuppressWarnings("try") // the settings only have to be put back
    private Outcome swap(CockroachSwap.Task task, @Nullable JournalStep journal)
            throws SQLException, ForeignKeyChangedException {
        try (SessionSettings settings = SessionSettings.forLongStatements(connection)) {
            return new CockroachSwap(tools, task, journal).run();
        }
    }

    private static ForeignKeyDefinition withReferencedTable(ForeignKeyDefinition fk, TableName referenced) {
        return new ForeignKeyDefinition(
                fk.columns(),
                referenced,
                fk.referencedColumns(),
                fk.match(),
                fk.onDelete(),
                fk.onDeleteColumns(),
                fk.onUpdate(),
                fk.deferrability(),
                fk.validated(),
                fk.enforced());
    }
}
