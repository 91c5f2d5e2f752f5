package dev.cascadecleanup;

import dev.cascadecleanup.audit.AuditOptions;
import dev.cascadecleanup.audit.AuditReport;
import dev.cascadecleanup.audit.Auditor;
import dev.cascadecleanup.catalog.Catalog;
import dev.cascadecleanup.catalog.Catalogs;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.engine.Console;
import dev.cascadecleanup.jdbc.Sql;
import dev.cascadecleanup.journal.MigrationIdentity;
import dev.cascadecleanup.plan.CascadeOptions;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.CascadePlanner;
import dev.cascadecleanup.plan.PlaceholderOptions;
import dev.cascadecleanup.plan.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.api.configuration.Configuration;

/**
 * Everything that this library does, for code: look ({@link #plan()}, {@link #verify()}), change ({@link #migrate(String,
 * String)}) and take back ({@link #undo(UndoOptions)}). Immutable; each call opens its own connection and closes it.
 *
 * <p>Privileges: PostgreSQL, the privileges of the owner of each referencing table, REFERENCES on the referenced table, CREATE on
 * the schema of Flyway's history table for the journal. CockroachDB, CREATE on each referencing table and on the database.
 * Looking needs only what the catalog shows to everyone.
 */
public final class CascadeCleanup {

    private final DataSource dataSource;
    private final Configuration flyway;
    private final CascadeOptions options;
    private final Console console;

    private CascadeCleanup(DataSource dataSource, Configuration flyway, CascadeOptions options, Console console) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.flyway = flyway;
        this.options = Objects.requireNonNull(options, "options");
        this.console = console;
    }

    /** On this database, with the default options and Flyway's default history table in the connection's current schema. */
    public static CascadeCleanup of(DataSource dataSource) {
        return new CascadeCleanup(dataSource, null, CascadeOptions.defaults(), new FlywayConsole());
    }

    /**
     * On the database of a Flyway configuration, with its history table and the options that its placeholders set.
     *
     * @throws CascadeException if a placeholder cannot be understood, naming all of them
     */
    public static CascadeCleanup of(Configuration flyway) {
        return new CascadeCleanup(flyway.getDataSource(), flyway, optionsOf(flyway, CascadeOptions.defaults()),
                new FlywayConsole());
    }

    /** The same with other options. */
    public CascadeCleanup withOptions(CascadeOptions other) {
        return new CascadeCleanup(dataSource, flyway, other, console);
    }

    /** What a migration would do to this database, without doing it. Takes no lock. */
    public CascadePlan plan() {
        return onConnection(session -> CascadePlanner.plan(session.catalog().read(), session.server(),
                session.history().schema(), options));
    }

    /**
     * Whether there is nothing left to convert. Takes no lock.
     *
     * @throws CascadeException if the options do not fit the database
     */
    public Verification verify() {
        CascadePlan plan = plan();
        if (plan.parents().isEmpty()) {
            throw CascadeException.refused("The verification", plan.problems());
        }
        return new Verification(plan.conversions(), plan.alreadyDone().stream()
                .filter(fk -> !fk.definition().validated()).map(ForeignKey::toString).toList(), plan.kept());
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
        return onConnection(session -> migrate(session, options, version, script));
    }

    /**
     * Takes a migration back: every foreign key that it converted is again exactly what it was. Rows that cascades have deleted
     * in the meantime do not come back.
     *
     * @throws CascadeException if it was refused (then nothing was changed) or failed (then the message says how far it came)
     */
    public UndoReport undo(UndoOptions undo) {
        return onConnection(session -> {
            UndoReport report = new UndoRun(session, options, undo).run();
            if (undo.removeFromHistory() && report.version() != null) {
                boolean removed = new FlywayHistory(session).remove(report.version());
                return new UndoReport(report.version(), report.restored(), report.skipped(), report.renamed(), removed,
                        report.elapsed());
            }
            return report;
        });
    }

    /** What {@link CascadeAssertions} asserts. */
    GuardFindings guardFindings() {
        return onConnection(session -> GuardFindings.of(CascadePlanner.plan(session.catalog().read(), session.server(),
                session.history().schema(), options), session.server().product(), options));
    }

    static MigrationReport migrate(Session session, CascadeOptions options, String version, String script) throws SQLException {
        MigrationIdentity identity = new MigrationIdentity(session.history().schema(), session.history().table(), version, script);
        return new ConversionRun(session, options, identity).run();
    }

    /** A session on a connection that Flyway lends; empty on an unsupported database that the options skip. */
    static Optional<Session> sessionOf(Connection connection, Configuration flyway, CascadeOptions options, FlywayConsole console)
            throws SQLException {
        Optional<Catalog> catalog = Catalogs.open(connection);
        if (catalog.isEmpty()) {
            if (options.skipUnsupported()) {
                console.warn("skipped: " + connection.getMetaData().getDatabaseProductName()
                        + " is neither PostgreSQL nor CockroachDB (cascade_unsupported = skip)");
                return Optional.empty();
            }
            throw unsupported(connection);
        }
        Server server = catalog.get().server();
        return Optional.of(new Session(connection, flyway.getDataSource(), catalog.get(), server,
                HistoryTable.of(flyway, server), console));
    }

    static CascadeOptions optionsOf(Configuration flyway, CascadeOptions defaults) {
        List<Problem> problems = new ArrayList<>();
        CascadeOptions options = PlaceholderOptions.read(defaults, flyway.getPlaceholders(), problems);
        if (!problems.isEmpty()) {
            throw CascadeException.refused("The cascade migration", problems);
        }
        return options;
    }

    private static CascadeException unsupported(Connection connection) throws SQLException {
        return new CascadeException("this database is neither PostgreSQL nor CockroachDB but "
                + connection.getMetaData().getDatabaseProductName() + "; nothing was changed. Where that is a test profile, set the"
                + " placeholder cascade_unsupported to skip.");
    }

    /** Work on an open session. */
    private interface Work<T> {
        T run(Session session) throws SQLException;
    }

    private <T> T onConnection(Work<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            try {
                if (flyway != null && flyway.getInitSql() != null) {
                    // As Flyway does with its own connections: it may set the role or the search path.
                    Sql.execute(connection, flyway.getInitSql());
                }
                Catalog catalog = Catalogs.open(connection).orElseThrow(() -> unsupportedUnchecked(connection));
                Server server = catalog.server();
                HistoryTable history = flyway == null ? HistoryTable.byDefault(server) : HistoryTable.of(flyway, server);
                return work.run(new Session(connection, dataSource, catalog, server, history, console));
            } finally {
                if (!connection.isClosed()) {
                    connection.setAutoCommit(autoCommit);
                }
            }
        } catch (SQLException e) {
            throw new CascadeException("the database answered with an error: " + e.getMessage(), e);
        }
    }

    private static CascadeException unsupportedUnchecked(Connection connection) {
        try {
            return unsupported(connection);
        } catch (SQLException e) {
            return new CascadeException("this database is neither PostgreSQL nor CockroachDB; nothing was changed.", e);
        }
    }
}
