package dev.cascadecleanup;

import dev.cascadecleanup.audit.AuditOptions;
import dev.cascadecleanup.audit.AuditReport;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.erase.EraseOptions;
import dev.cascadecleanup.erase.EraseReceipt;
import dev.cascadecleanup.erase.EraseResult;
import dev.cascadecleanup.internal.audit.Auditor;
import dev.cascadecleanup.internal.audit.PlanDataReader;
import dev.cascadecleanup.internal.catalog.Catalog;
import dev.cascadecleanup.internal.catalog.Catalogs;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.catalog.ReplicationRole;
import dev.cascadecleanup.internal.erase.EraseMemory;
import dev.cascadecleanup.internal.erase.EraseRun;
import dev.cascadecleanup.internal.flyway.FlywayConfiguration;
import dev.cascadecleanup.internal.flyway.FlywayConsole;
import dev.cascadecleanup.internal.flyway.FlywayHistory;
import dev.cascadecleanup.internal.guard.GuardFindings;
import dev.cascadecleanup.internal.jdbc.Sql;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.internal.plan.CascadePlanner;
import dev.cascadecleanup.internal.preview.PreviewRefusedException;
import dev.cascadecleanup.internal.preview.PreviewRun;
import dev.cascadecleanup.internal.preview.SchemaMemory;
import dev.cascadecleanup.internal.proof.ProofRefusedException;
import dev.cascadecleanup.internal.proof.ProofRun;
import dev.cascadecleanup.internal.run.ConversionRun;
import dev.cascadecleanup.internal.run.HistoryTable;
import dev.cascadecleanup.internal.run.IndexBuildRun;
import dev.cascadecleanup.internal.run.NextVersion;
import dev.cascadecleanup.internal.run.Plans;
import dev.cascadecleanup.internal.run.Session;
import dev.cascadecleanup.internal.run.SqlScripts;
import dev.cascadecleanup.internal.run.SystemConsole;
import dev.cascadecleanup.internal.run.UndoRun;
import dev.cascadecleanup.internal.run.UnsupportedDatabase;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.preview.PeopleReport;
import dev.cascadecleanup.preview.PreviewOptions;
import dev.cascadecleanup.preview.PreviewReport;
import dev.cascadecleanup.proof.ProofHints;
import dev.cascadecleanup.proof.ProofReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Everything that this library does, for code: look ({@link #plan()}, {@link #verify()}), change ({@link #migrate(String,
 * String)}) and take back ({@link #undo(UndoOptions)}). For several threads and to be kept; each call opens its own connection and
 * closes it.
 *
 * <p>Privileges: PostgreSQL, the privileges of the owner of each referencing table, REFERENCES on the referenced table, CREATE on
 * the schema of Flyway's history table for the journal. CockroachDB, CREATE on each referencing table and on the database.
 * Looking needs only what the catalog shows to everyone.
 */
public final class CascadeCleanup {

    private final DataSource dataSource;
    private final @Nullable Configuration flyway;
    private final CascadeOptions options;
    private final Console console;
    private final EraseMemory eraseMemory = new EraseMemory();
    private final SchemaMemory schemaMemory = new SchemaMemory();

    private CascadeCleanup(
            DataSource dataSource, @Nullable Configuration flyway, CascadeOptions options, Console console) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.flyway = flyway;
        this.options = Objects.requireNonNull(options, "options");
        this.console = Objects.requireNonNull(console, "console");
    }

    /**
     * On this database, with the default options and Flyway's default history table in the connection's current schema. What it does
     * goes to the {@link System.Logger} of this class.
     */
    public static CascadeCleanup of(DataSource dataSource) {
        return new CascadeCleanup(dataSource, null, CascadeOptions.defaults(), new SystemConsole(CascadeCleanup.class));
    }

    /**
     * On the database of a Flyway configuration, with its history table and the options that its placeholders set. What it does goes
     * to Flyway's log.
     *
     * @throws CascadeException if a placeholder cannot be understood, naming all of them
     */
    public static CascadeCleanup of(Configuration flyway) {
        // As a Flyway does that is made of it: before, LogFactory drops every line.
        LogFactory.setConfiguration(flyway);
        return new CascadeCleanup(
                flyway.getDataSource(),
                flyway,
                FlywayConfiguration.options(flyway, CascadeOptions.defaults()),
                new FlywayConsole(CascadeCleanup.class));
    }

    /** The same with other options. */
    public CascadeCleanup withOptions(CascadeOptions other) {
        return new CascadeCleanup(dataSource, flyway, other, console);
    }

    /** The same, saying there what it does. */
    public CascadeCleanup withConsole(Console other) {
        return new CascadeCleanup(dataSource, flyway, options, other);
    }

    /** What is converted and how. */
    public CascadeOptions options() {
        return options;
    }

    /**
     * What a migration would do to this database, without doing it. Takes no lock. Beside the catalog it counts, for a few seconds at
     * most, the rows of today over which a delete would be refused or somebody else would lose a row, where the role may read them.
     */
    public CascadePlan plan() {
        return onConnection(session -> Plans.withData(session, options));
    }

    /** The version that the next migration can have, by Flyway's history; empty where there is none that the role may read. */
    public Optional<String> nextVersion() {
        return onConnection(session ->
                NextVersion.read(session.connection(), session.server().product(), session.history()));
    }

    /**
     * {@link #migrate(String, String)} as an SQL script for this database, to be reviewed and run by hand or as an SQL migration, with
     * comments that say how. Takes no lock.
     *
     * @param version the version under which the journal keeps it, for a later undo
     * @throws CascadeException if a parent is not there
     */
    public String migrationScript(String version) {
        return onConnection(session -> new SqlScripts(session, options, version).migration());
    }

    /** The script that takes back {@link #migrationScript(String)}, or a migration of this version that has run already. */
    public String undoScript(String version) {
        return onConnection(session -> new SqlScripts(session, options, version).undo());
    }

    /**
     * Whether all is as the options want it: yes, no, or not seen. Takes no lock.
     *
     * @throws CascadeException if the options do not fit the database
     */
    public Verification verify() {
        List<NotSeen> notSeen = new ArrayList<>();
        CascadePlan plan = onConnection(session -> {
            ReplicationRole.notSeen(session.connection(), session.server().product())
                    .ifPresent(notSeen::add);
            return Plans.of(session, options);
        });
        if (!plan.optionProblems().isEmpty()) {
            throw CascadeException.refused("The verification", plan.optionProblems());
        }
        notSeen.addAll(plan.notSeen());
        return new Verification(
                options.scope(),
                plan.conversions(),
                plan.ineffective(options.scope() == CascadeOptions.Scope.CLOSURE).stream()
                        .map(link -> link.foreignKey().toString())
                        .distinct()
                        .toList(),
                plan.alreadyDone().stream()
                        .filter(fk -> !fk.definition().validated())
                        .map(ForeignKey::toString)
                        .toList(),
                plan.kept(),
                plan.open(),
                plan.accepted(),
                plan.decided(),
                plan.interceptors().stream().filter(each -> !each.accepted()).toList(),
                notSeen,
                plan.indexes());
    }

    /**
     * What a delete of a parent row does, today and after a migration, and what would spoil it. Takes no lock; reads the catalog and
     * counts rows that refuse today, on a connection of its own.
     */
    public AuditReport audit() {
        return audit(AuditOptions.defaults());
    }

    /** The same, as thorough as wanted. */
    public AuditReport audit(AuditOptions auditOptions) {
        return onConnection(session -> new Auditor(session.connection(), session.catalog(), session.server())
                .audit(session.history().schema(), options, auditOptions));
    }

    /**
     * Converts, as {@link CascadeMigration} does under Flyway. Can be repeated after any interruption.
     *
     * @param version the version under which the journal keeps it, for a later undo
     * @param script the name under which the journal keeps it
     * @throws CascadeException if it was refused (then nothing was changed) or failed (then the message says how far it came)
     */
    public MigrationReport migrate(String version, String script) {
        return working(
                session -> ConversionRun.of(session, options, version, script).run());
    }

    /**
     * Builds the indexes that the deletes will need, ahead of a migration and outside of Flyway: whatever {@code cascade_indexes} says, with
     * the other options of the migration. Reads and writes go on meanwhile. The migration makes them its own, and its undo drops them.
     *
     * @throws CascadeException if it was refused (then nothing was changed) or failed (then what is built stays so)
     */
    public IndexReport createIndexes() {
        return working(session -> new IndexBuildRun(session, options).run());
    }

    /** What {@link #undo(UndoOptions)} would do, without doing it. Takes no lock. */
    public UndoPlan planUndo(UndoOptions undo) {
        return onConnection(session -> new UndoRun(session, options, undo).preview());
    }

    /**
     * Takes a migration back: every foreign key that it converted is again exactly what it was. Rows that cascades have deleted
     * in the meantime do not come back.
     *
     * @throws CascadeException if it was refused (then nothing was changed) or failed (then the message says how far it came)
     */
    public UndoReport undo(UndoOptions undo) {
        return working(session -> {
            UndoRun run = new UndoRun(session, options, undo);
            UndoReport report = run.run();
            // Also what an earlier run has undone: it may have been interrupted before it came to the history.
            Optional<String> version = !undo.removeFromHistory()
                    ? Optional.empty()
                    : report.version() != null ? Optional.of(report.version()) : run.undoneEarlier();
            if (version.isPresent()) {
                boolean removed = new FlywayHistory(session).remove(version.get());
                return new UndoReport(
                        report.version(),
                        report.restored(),
                        report.skipped(),
                        report.renamed(),
                        report.indexesDropped(),
                        removed,
                        report.elapsed());
            }
            return report;
        });
    }

    /** What {@link CascadeAssertions} asserts. */
    GuardFindings guardFindings() {
        return onConnection(session -> GuardFindings.of(
                CascadePlanner.plan(
                        session.catalog().read(),
                        session.server(),
                        session.history().schema(),
                        options),
                session.connection(),
                session.history(),
                options));
    }

    /** {@link #prove(ProofHints)} without hints. */
    public ProofReport prove() {
        return prove(ProofHints.none());
    }

    /**
     * Proves, on this database as it is now, that deleting a user leaves nothing of it, is refused by nobody's rows and takes nobody
     * else's: in one transaction that is always rolled back, makes two throw-away users with rows in every table that is reached from the
     * parent, deletes one and counts; then does the same beside rows of the other that reference the deleted one's, rows of the deleted
     * one that reference the other's, and rows that hang on nobody else; and looks again after the rollback. Works before a migration, where it names what refuses, and after it. In a test of the service:
     *
     * <pre>
     * &#64;Test
     * void oneDeleteErasesAPerson() {
     *     CascadeCleanup.of(dataSource).prove().assertPassed();
     * }
     * </pre>
     *
     * <p>What the options decide ({@code cascade_accept}, {@code cascade_keep}, {@code cascade_closure}) is tried and shown all the same,
     * and not counted. Where the schema allows a row that could not be made, the verdict is INCOMPLETE, never PASSED.
     *
     * <p>Privileges: INSERT and SELECT on the parent, on every reached table and on the tables that these need rows in, UPDATE where
     * foreign keys form a cycle, DELETE on the parent (CockroachDB: on every reached table). Where row-level security applies to the
     * role, a table is out of its sight (CockroachDB) or a row cannot be made, the verdict is INCOMPLETE.
     *
     * <p>Locks, until the rollback: the rows that it inserts and nothing else, beside ROW EXCLUSIVE on the tables, which every INSERT
     * takes and no reader or writer notices. One exception: rows of lookup tables which it cannot make itself it references, and so holds
     * FOR KEY SHARE. What stays: sequences have advanced, and the space of the rolled-back rows is free again after the next vacuum.
     * What a trigger does outside the transaction cannot be rolled back.
     *
     * @throws CascadeException if it was refused before anything was inserted: the parent is not there, a hint names something that
     *     is not, the database is read-only, or a rollback would not undo everything; or if the connection was lost
     */
    public ProofReport prove(ProofHints hints) {
        return onConnection(session -> {
            ForeignKeyGraph graph = session.catalog().read();
            CascadePlan plan = CascadePlanner.plan(
                    graph, session.server(), session.history().schema(), options);
            if (plan.parents().isEmpty()) {
                throw CascadeException.refused("The proof", plan.problems());
            }
            try {
                return new ProofRun(session.connection(), session.catalog(), session.server(), options, hints)
                        .run(
                                plan,
                                session.history().schema(),
                                PlanDataReader.undeclared(session.connection(), graph, plan));
            } catch (ProofRefusedException e) {
                throw CascadeException.refused("The proof", e.problems());
            }
        });
    }

    /** {@link #preview(PreviewOptions, String...)} with the default options. */
    public PreviewReport preview(String... keys) {
        return preview(PreviewOptions.defaults(), keys);
    }

    /**
     * What one DELETE of these people would do, exactly and without doing it: which rows go, which are detached, what refuses, and what
     * others lose. Reads in one snapshot, in a transaction that the server holds to reading; works on a hot standby. It is about a DELETE in a
     * session like this one: with {@code session_replication_role = replica} no foreign key works (PostgreSQL manual, 20.11.1).
     *
     * <p>Privileges: SELECT on the parent and on the tables that the delete comes to. What cannot be read makes the verdict
     * {@link dev.cascadecleanup.preview.PreviewVerdict#NOT_SEEN}, as do triggers and rules on the way.
     *
     * <p>Locks: ACCESS SHARE on the tables that it reads, which stops nobody but who drops or rewrites one of them.
     *
     * @param preview how to look
     * @param keys the people: values of the primary key, or {@code column=value}, with a comma between several, for another unique key
     * @throws CascadeException if there is nobody of that key, a value is not of the column's type, or the options do not fit the
     *     database; nothing was run then
     */
    public PreviewReport preview(PreviewOptions preview, String... keys) {
        List<String> people = Arrays.asList(keys);
        return previewing(preview, run -> run.run(people));
    }

    /**
     * What the deletes of many people would do, each by itself: how many succeed, and over which foreign keys the others are refused or
     * take somebody else's rows. The figure that tells whether one may roll out; {@link PreviewOptions.After} says for which schema.
     *
     * @param sample how many people to look at, chosen at random; 0 for all of them
     * @throws CascadeException if the options do not fit the database
     */
    public PeopleReport previewPeople(PreviewOptions preview, int sample) {
        return previewing(preview.withSampleKeys(0), run -> run.runAll(sample));
    }

    /** Work on a preview. */
    private interface Previewing<T> {
        T run(PreviewRun run) throws SQLException;
    }

    private <T> T previewing(PreviewOptions preview, Previewing<T> work) {
        return onConnection(session -> {
            try {
                return work.run(new PreviewRun(
                        session.connection(),
                        session.catalog(),
                        session.server(),
                        session.history().schema(),
                        options,
                        preview,
                        console,
                        schemaMemory));
            } catch (PreviewRefusedException e) {
                throw new CascadeException(e.getMessage(), e);
            }
        });
    }

    /**
     * Erases one person: deletes the row of the parent that has this primary key, and with it what cascades. Like the one DELETE, and never
     * a row more than that; but where a person is heavy, the tables with many of its rows are taken apart first, from the leaves up, in
     * short transactions that nobody feels. The DELETE has the last word.
     *
     * <p><b>Until then the person exists with fewer and fewer rows. Block the account before.</b> A run that dies is finished by calling
     * again.
     *
     * <p>Needs no Flyway, and no migration of this library: any schema whose foreign keys cascade. One at a time for each person; different
     * people run side by side. Uses one connection, on CockroachDB a second one to renew its lease with.
     *
     * <p>Privileges: DELETE and SELECT on the parent. To take a table apart, DELETE, SELECT and UPDATE on it (UPDATE, because rows are locked
     * first), and SELECT on what references it; without them it is left to the DELETE. CockroachDB: also CREATE on the schema of Flyway's
     * history table for the first run, later INSERT, SELECT, UPDATE and DELETE on {@code cascade_cleanup_lease} there.
     *
     * @param key the value of the primary key as text, or {@code column=value}, with a comma between several, for another unique key
     * @return what was done
     * @throws dev.cascadecleanup.erase.NoSuchPersonException if there is no such row
     * @throws dev.cascadecleanup.erase.EraseBusyException if another session is erasing this very person
     * @throws dev.cascadecleanup.erase.EraseRefusedException if nothing was deleted
     * @throws dev.cascadecleanup.erase.EraseIncompleteException if the person is still there, with fewer rows
     */
    public EraseReceipt erase(String key, EraseOptions eraseOptions) {
        return connected(connection -> eraseMemory.erase(connection, key, eraseOptions, () -> {
            Session session = session(connection, true);
            return new EraseRun(
                    connection,
                    session.monitor(),
                    session.catalog(),
                    session.server(),
                    session.history().schema(),
                    options,
                    eraseOptions,
                    console,
                    schemaMemory);
        }));
    }

    /** The same for several people, one after the other; that one fails does not stop the rest. In the order of the keys. */
    public List<EraseResult> erase(List<String> keys, EraseOptions eraseOptions) {
        return keys.stream()
                .map(key -> {
                    try {
                        return new EraseResult(key, erase(key, eraseOptions), null);
                    } catch (CascadeException e) {
                        return new EraseResult(key, null, e);
                    }
                })
                .toList();
    }

    /** Work on an open session. */
    private interface Work<T> {
        T run(Session session) throws SQLException;
    }

    /** Work on an open connection. */
    private interface Connected<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Work that only looks. */
    private <T> T onConnection(Work<T> work) {
        return connected(connection -> work.run(session(connection, true)));
    }

    private <T> T working(Work<T> work) {
        return connected(connection -> work.run(session(connection, false)));
    }

    private <T> T connected(Connected<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            try {
                if (flyway != null && flyway.getInitSql() != null) {
                    // As Flyway does with its own connections: it may set the role or the search path.
                    Sql.execute(connection, flyway.getInitSql());
                }
                return work.run(connection);
            } finally {
                if (!connection.isClosed()) {
                    connection.setAutoCommit(autoCommit);
                }
            }
        } catch (SQLException e) {
            throw new CascadeException("the database answered with an error: " + SqlErrors.describe(e), e);
        }
    }

    private Session session(Connection connection, boolean looks) throws SQLException {
        Catalog opened = Catalogs.open(connection).orElseThrow(() -> unsupported(connection));
        Catalog catalog = looks ? opened.ofALook() : opened;
        Server server = catalog.server();
        HistoryTable history =
                flyway == null ? HistoryTable.byDefault(server) : FlywayConfiguration.historyTable(flyway, server);
        return new Session(connection, dataSource, catalog, server, history, false, console);
    }

    private static CascadeException unsupported(Connection connection) {
        try {
            return UnsupportedDatabase.exception(connection);
        } catch (SQLException e) {
            return new CascadeException("this database is neither PostgreSQL nor CockroachDB; nothing was changed.", e);
        }
    }
}
