package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.MigrationReport;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.engine.Engine;
import dev.cascadecleanup.internal.engine.ForeignKeyChangedException;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.internal.journal.Journal;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.JournalMatch;
import dev.cascadecleanup.internal.journal.JournalMatches;
import dev.cascadecleanup.internal.journal.JournalState;
import dev.cascadecleanup.internal.journal.MigrationIdentity;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.IndexPlan;
import dev.cascadecleanup.plan.MissingIndex;
import dev.cascadecleanup.plan.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
    private final List<MigrationReport.Converted> converted = new ArrayList<>();
    private final List<ForeignKey> validated = new ArrayList<>();
    private final OrphanNotes orphans = new OrphanNotes();
    private final ConversionLog log;
    private final IndexRun indexes;
    private final List<MissingIndex> built = new ArrayList<>();
    private final Set<Long> passedOver = new HashSet<>();
    /** The one that is being converted, or null. */
    private @Nullable JournalEntry current;

    private ConversionRun(Session session, CascadeOptions options, MigrationIdentity identity) {
        this.session = session;
        this.options = options;
        this.identity = identity;
        this.console = session.console();
        this.journal = session.journal();
        this.log = new ConversionLog(console, session.server(), options);
        this.indexes = new IndexRun(session, options, identity.version());
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
                    "the cascade migration failed: " + SqlErrors.describe(e) + ". " + progress() + ". " + howToResume(),
                    e);
        }
    }

    private MigrationReport planAndConvert() throws SQLException {
        if (!hasUnfinished()) {
            ForeignKeyGraph graph = session.catalog().read();
            CascadePlan plan = plan(graph);
            if (plan.conversions().isEmpty()
                    && toValidate(graph).isEmpty()
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
        finishInterrupted(engine);
        indexes.settle(lock);
        ForeignKeyGraph graph = session.catalog().read();
        CascadePlan plan = plan(graph);
        indexes.refuseWhatWouldHang(toBuild(plan));
        log.announce(plan);
        indexes.adopt(plan, graph);
        session.guarded(() -> journal.createIfMissing());
        if (validateEarlier(engine, graph)) {
            // The closure does not build on a foreign key that is NOT VALID; now there are fewer of those.
            graph = session.catalog().read();
            plan = plan(graph);
        }
        for (int round = 1;
                !toConvert(plan).isEmpty() || !toBuild(plan).missing().isEmpty();
                round++) {
            if (round > MOST_ROUNDS) {
                throw new CascadeException("foreign keys are being changed by others as fast as they are converted; "
                        + progress() + "; still to do: " + names(toConvert(plan))
                        + toBuild(plan).missing()
                        + ". Stop other schema changes and run again.");
            }
            if (buildIndexes(lock, toBuild(plan))) {
                graph = session.catalog().read();
                plan = plan(graph);
            }
            convertAll(engine, lock, toConvert(plan));
            graph = session.catalog().read();
            plan = plan(graph);
        }
        dropStandIns(engine, graph);
        new Postcondition(console, converted)
                .check(
                        graph,
                        entries().stream()
                                .filter(entry -> entry.run().equals(run))
                                .toList());
        if (!orphans.isEmpty()) {
            throw new CascadeException(
                    orphans.describe("is converted and in force", "converted") + ". " + howToResume());
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
        built.addAll(missing.missing());
        return !missing.missing().isEmpty();
    }

    /** The rest is to be done first, where rows stand in the way of one. */
    private List<Conversion> toConvert(CascadePlan plan) {
        return plan.conversions().stream()
                .filter(conversion ->
                        !passedOver.contains(conversion.foreignKey().oid()))
                .toList();
    }

    private CascadePlan plan(ForeignKeyGraph graph) throws SQLException {
        CascadePlan plan = Plans.of(session, options, graph);
        if (options.indexes() != CascadeOptions.IndexMode.WARN) {
            plan = Plans.withIndexes(session, options, graph, plan);
        }
        List<Problem> problems = Plans.withJournal(session, plan, toBuild(plan));
        if (!problems.isEmpty()) {
            throw converted.isEmpty()
                    ? CascadeException.refused("The cascade migration", problems)
                    : new CascadeException("the schema changed under the migration; " + progress() + ": " + problems);
        }
        return plan;
    }

    private List<JournalEntry> entries() throws SQLException {
        return session.guarded(() -> journal.active(identity.historySchema(), identity.historyTable())).stream()
                .filter(entry -> entry.migration().version().equals(identity.version()))
                .toList();
    }

    private void finishInterrupted(Engine engine) throws SQLException {
        for (JournalEntry entry : entries()) {
            if (entry.state().isUnfinished()) {
                console.info("finishing what an interrupted run began: " + entry.table() + "." + entry.name());
                finishOne(engine, entry);
            }
        }
    }

    private void finishOne(Engine engine, JournalEntry entry) throws SQLException {
        try {
            note(
                    entry.table() + "." + entry.name(),
                    engine.resume(entry, JournalStep.resumedConversion(journal, entry)));
        } catch (ForeignKeyChangedException e) {
            console.warn(e.getMessage() + "; the interrupted work on it is given up");
            journal.mark(entry, JournalState.SUPERSEDED);
        }
    }

    /** What an earlier run swapped but did not live to validate. */
    private List<ForeignKey> toValidate(ForeignKeyGraph graph) throws SQLException {
        boolean leftOut = !options.validate() && session.server().product() == Product.POSTGRESQL;
        // Most runs find all of them valid, and need not know what the journal says of each.
        if (leftOut
                || graph.foreignKeys().stream().allMatch(fk -> fk.definition().validated())) {
            return List.of();
        }
        JournalMatches matches = new JournalMatches(graph);
        return entries().stream()
                .filter(entry -> entry.state() == JournalState.CONVERTED
                        && entry.before().validated())
                .flatMap(entry -> matches.find(entry).stream())
                .filter(match -> match.isAsConverted()
                        && !match.foreignKey().definition().validated())
                .map(JournalMatch::foreignKey)
                .toList();
    }

    private boolean validateEarlier(Engine engine, ForeignKeyGraph graph) throws SQLException {
        List<ForeignKey> toValidate = toValidate(graph);
        for (ForeignKey fk : toValidate) {
            console.info("validating " + fk + ", which an earlier run left NOT VALID");
            try {
                Outcome outcome = engine.validate(fk);
                note(fk.toString(), outcome);
                if (outcome.kind() == Outcome.Kind.DONE) {
                    validated.add(fk);
                }
            } catch (ForeignKeyChangedException e) {
                console.warn(e.getMessage() + "; it is left alone");
            }
        }
        return !toValidate.isEmpty();
    }

    private void convertAll(Engine engine, MigrationLock lock, List<Conversion> conversions) {
        int width = String.valueOf(conversions.size()).length();
        for (int i = 0; i < conversions.size(); i++) {
            Conversion conversion = conversions.get(i);
            String number = ("[%" + width + "d/%d] ").formatted(i + 1, conversions.size());
            try {
                lock.ensureHeld();
                convertOne(engine, conversion, number);
            } catch (ForeignKeyChangedException e) {
                current = null;
                console.warn(number + e.getMessage() + "; it is looked at again");
            } catch (SQLException e) {
                throw new CascadeException(
                        "the cascade migration failed at " + number + conversion.foreignKey() + ": "
                                + SqlErrors.describe(e) + ". " + progress() + ". " + howToResume(),
                        e);
            }
        }
    }

    private void convertOne(Engine engine, Conversion conversion, String number)
            throws SQLException, ForeignKeyChangedException {
        long began = System.nanoTime();
        ForeignKey fk = conversion.foreignKey();
        JournalEntry entry = JournalEntry.begin(
                run,
                identity,
                fk,
                conversion.target(),
                TemporaryNames.of(fk.table().name(), fk.name()));
        current = entry;
        Outcome outcome = engine.convert(conversion, JournalStep.conversion(journal, entry));
        current = null;
        Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
        note(fk.toString(), outcome);
        if (outcome.kind() == Outcome.Kind.ORPHANS_IN_THE_WAY) {
            passedOver.add(fk.oid());
            log.passedOver(number, fk, outcome);
            return;
        }
        converted.add(new MigrationReport.Converted(conversion, outcome, elapsed));
        log.converted(number, conversion, outcome, elapsed);
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
                converted,
                validated,
                plan.alreadyDone(),
                plan.kept(),
                built,
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

    /** A statement that failed may follow one that succeeded, the swap before a validation for instance; the journal tells. */
    private String progress() {
        String done = (converted.isEmpty() ? "Nothing was converted" : progress(converted.size()))
                + (built.isEmpty() ? "" : ", and " + built.size() + " indexes are built");
        if (current == null) {
            return done;
        }
        try {
            if (entries().stream().noneMatch(entry -> entry.id().equals(current.id()))) {
                return done;
            }
        } catch (SQLException e) {
            return progress(converted.size())
                    + "; whether the one named here is converted too, the server could not be asked any more";
        }
        return session.server().product() == Product.POSTGRESQL
                ? progress(converted.size() + 1) + ", the one named here without its validation"
                : progress(converted.size()) + "; the one named here is begun, and deletes may cascade over it already";
    }

    private static String progress(int foreignKeys) {
        return foreignKeys + " foreign keys are converted and stay so";
    }

    private String howToResume() {
        return session.server().product() == Product.POSTGRESQL
                ? "Then run flyway migrate again; it goes on where this run ended. (With flyway.postgresql.transactional.lock=false"
                        + " run flyway repair first.)"
                : "Then run flyway repair and flyway migrate; it goes on where this run ended.";
    }

    private static String names(List<Conversion> conversions) {
        return String.join(
                ", ",
                conversions.stream()
                        .map(conversion -> conversion.foreignKey().qualifiedName())
                        .toList());
    }
}
