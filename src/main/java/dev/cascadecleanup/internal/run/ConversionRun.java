package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.MigrationReport;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.engine.Engine;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.internal.journal.Journal;
import dev.cascadecleanup.internal.journal.MigrationIdentity;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of a cascade migration: plan, lock, plan again, convert, look again. */
public final class ConversionRun {

    /** The version as the class or file spells it, leading zeros included. */
    private static final Pattern WRITTEN_VERSION = Pattern.compile("(?:^|\\.)V(\\d[\\d_.]*?)__");

    /** How often to look again after foreign keys were changed or added by others during the run. */
    private static final int MOST_ROUNDS = 5;

    private final Session session;
    private final CascadeOptions options;
    private final MigrationIdentity identity;
    private final Console console;
    private final Journal journal;
    private final UUID run = UUID.randomUUID();
    private final long start = System.nanoTime();
    private final OwnEntries entries;
    private final ConversionProgress progress;
    private final EarlierConversions earlier;
    private final Conversions conversions;
    private final OrphanNotes orphans = new OrphanNotes();
    private final ConversionLog log;
    private final IndexRun indexes;

    private ConversionRun(Session session, CascadeOptions options, MigrationIdentity identity) {
        this.session = session;
        this.options = options;
        this.identity = identity;
        this.console = session.console();
        this.journal = session.journal();
        this.log = new ConversionLog(console, session.server(), options);
        this.indexes = new IndexRun(session, options, identity.version());
        this.entries = new OwnEntries(session, identity);
        this.progress = new ConversionProgress(session, entries);
        this.earlier = new EarlierConversions(session, options, entries, this::note);
        this.conversions = new Conversions(session, identity, run, progress, log, this::note);
    }

    /** A run whose conversions the journal keeps under this version and name. */
    public static ConversionRun of(Session session, CascadeOptions options, String version, String script) {
        return new ConversionRun(
                session,
                options,
                new MigrationIdentity(
                        session.history().schema(), session.history().table(), Versions.require(version), script));
    }

    public MigrationReport run() {
        try {
            return planAndConvert();
        } catch (SQLException e) {
            throw new CascadeException(
                    "the cascade migration failed: " + SqlErrors.describe(e) + ". " + progress.describe() + ". "
                            + progress.howToResume(),
                    e);
        }
    }

    private MigrationReport planAndConvert() throws SQLException {
        if (!hasUnfinished()) {
            ForeignKeyGraph graph = session.catalog().read();
            CascadePlan plan = plan(graph);
            if (plan.conversions().isEmpty()
                    && earlier.toValidate(graph).isEmpty()
                    && TemporaryNames.standIns(graph).isEmpty()
                    && toBuild(plan).missing().isEmpty()) {
                log.announce(plan);
                indexes.adopt(plan, graph);
                return finish(graph, plan);
            }
        }
        return LockedRun.of(session, options, this::runLocked);
    }

    private boolean hasUnfinished() throws SQLException {
        try {
            return session.guarded(() -> journal.hasUnfinished(identity)) || indexes.hasUnfinished();
        } catch (CascadeException e) {
            // The role may not read the journal. What else is wrong is said with it.
            plan(session.catalog().read());
            throw e;
        }
    }

    private MigrationReport runLocked(MigrationLock lock) throws SQLException {
        Engine engine = session.engine(options, lock);
        earlier.finishInterrupted(engine);
        indexes.settle(lock);
        ForeignKeyGraph graph = session.catalog().read();
        CascadePlan plan = plan(graph);
        indexes.refuseWhatWouldHang(toBuild(plan));
        log.announce(plan);
        indexes.adopt(plan, graph);
        session.guarded(() -> journal.createIfMissing());
        if (earlier.validate(engine, graph)) {
            // The closure does not build on a foreign key that is NOT VALID; now there are fewer of those.
            graph = session.catalog().read();
            plan = plan(graph);
        }
        for (int round = 1;
                !conversions.of(plan).isEmpty() || !toBuild(plan).missing().isEmpty();
                round++) {
            if (round > MOST_ROUNDS) {
                throw new CascadeException("foreign keys are being changed by others as fast as they are converted; "
                        + progress.describe() + "; still to do: " + names(conversions.of(plan))
                        + toBuild(plan).missing()
                        + ". Stop other schema changes and run again.");
            }
            if (buildIndexes(lock, toBuild(plan))) {
                graph = session.catalog().read();
                plan = plan(graph);
            }
            conversions.convert(engine, lock, conversions.of(plan));
            graph = session.catalog().read();
            plan = plan(graph);
        }
        dropStandIns(engine, graph);
        new Postcondition(console, progress.converted())
                .check(
                        graph,
                        entries.read().stream()
                                .filter(entry -> entry.run().equals(run))
                                .toList());
        if (!orphans.isEmpty()) {
            throw new CascadeException(
                    orphans.describe("is converted and in force", "converted") + ". " + progress.howToResume());
        }
        return finish(graph, plan);
    }

    /** What the options ask for. */
    private IndexPlan toBuild(CascadePlan plan) {
        return options.indexes() == CascadeOptions.IndexMode.CREATE ? plan.indexes() : IndexPlan.NONE;
    }

    /** Before the swaps: from the first of them on, a delete looks for its rows. */
    private boolean buildIndexes(MigrationLock lock, IndexPlan missing) throws SQLException {
        indexes.build(lock, missing);
        progress.add(missing.missing());
        return !missing.missing().isEmpty();
    }

    private CascadePlan plan(ForeignKeyGraph graph) throws SQLException {
        CascadePlan plan = Plans.of(session, options, graph);
        if (options.indexes() != CascadeOptions.IndexMode.WARN) {
            plan = Plans.withIndexes(session, options, graph, plan);
        }
        List<Problem> problems = Plans.withJournal(session, plan, toBuild(plan));
        if (!problems.isEmpty()) {
            throw progress.converted().isEmpty()
                    ? CascadeException.refused("The cascade migration", problems)
                    : new CascadeException(
                            "the schema changed under the migration; " + progress.describe() + ": " + problems);
        }
        return plan;
    }

    private void note(String subject, Outcome outcome) {
        orphans.note(subject, outcome);
        if (outcome.kind() == Outcome.Kind.STILL_NOT_VALID) {
            log.stillNotValid(subject, outcome);
        }
    }

    /** What an interrupted run left on partitions of a foreign key that is not to be converted any more. */
    private static void dropStandIns(Engine engine, ForeignKeyGraph graph) throws SQLException {
        for (ForeignKey standIn : TemporaryNames.standIns(graph)) {
            engine.dropStandIn(standIn);
        }
    }

    private MigrationReport finish(ForeignKeyGraph graph, CascadePlan planned) throws SQLException {
        CascadePlan plan = Plans.withData(session, graph, planned);
        MigrationReport report = new MigrationReport(
                progress.converted(),
                earlier.validated(),
                plan.alreadyDone(),
                plan.kept(),
                progress.built(),
                Duration.ofNanos(System.nanoTime() - start));
        log.finish(report, plan, plan.advice().isEmpty() ? Optional.empty() : nextVersion());
        return report;
    }

    private Optional<String> nextVersion() throws SQLException {
        Matcher written = WRITTEN_VERSION.matcher(identity.script());
        return NextVersion.readAfter(
                session.connection(),
                session.server().product(),
                session.history(),
                written.find() ? written.group(1).replace('_', '.') : identity.version());
    }

    private static String names(List<Conversion> conversions) {
        return String.join(
                ", ",
                conversions.stream()
                        .map(conversion -> conversion.foreignKey().qualifiedName())
                        .toList());
    }
}
