package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoPlan;
import dev.cascadecleanup.UndoReport;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.engine.Engine;
import dev.cascadecleanup.internal.engine.ForeignKeyChangedException;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.jdbc.SqlErrors;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.internal.journal.Journal;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.JournalMatch;
import dev.cascadecleanup.internal.journal.JournalState;
import dev.cascadecleanup.internal.plan.Preconditions;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of the undo: the journal says what was done, the catalog what is there; both must agree before anything changes. */
public final class UndoRun {

    private final Session session;
    private final CascadeOptions options;
    private final UndoOptions undo;
    private final Console console;
    private final Journal journal;
    private final UndoSubject subject;
    private final long start = System.nanoTime();
    private final List<UndoReport.Restored> restored = new ArrayList<>();
    private final OrphanNotes orphans = new OrphanNotes();
    private List<String> skipped = List.of();
    private List<String> renamed = List.of();
    private int indexesDropped;

    public UndoRun(Session session, CascadeOptions options, UndoOptions undo) {
        this.session = session;
        // What was validated is so again, whatever the migration was told: otherwise the undo would not be exact.
        this.options = options.toBuilder().validate(true).build();
        this.undo = undo;
        this.console = session.console();
        this.journal = session.journal();
        this.subject = new UndoSubject(session, this.options, undo);
    }

    public UndoReport run() {
        try {
            return compareAndRestore();
        } catch (SQLException e) {
            throw new CascadeException(
                    "the undo failed: " + SqlErrors.describe(e) + ". " + restored.size()
                            + " foreign keys are restored and stay so. Run the undo again; it goes on from here.",
                    e);
        }
    }

    /** What {@link #run()} would do, as far as can be told without a lock. */
    public UndoPlan preview() throws SQLException {
        List<JournalEntry> active = subject.active();
        List<JournalEntry> entries = subject.entries(active);
        List<IndexEntry> indexes = undo.keepIndexes() ? List.of() : subject.toDrop(entries);
        if (entries.isEmpty() && indexes.isEmpty()) {
            return UndoPlan.nothing(subject.undoneEarlier().isEmpty() ? UndoSubject.versions(active) : List.of());
        }
        UndoComparison comparison = UndoComparison.of(session.catalog().read(), entries, active);
        return new UndoPlan(
                UndoSubject.version(entries, indexes),
                comparison.conversions(),
                comparison.skipped(),
                comparison.renamed(),
                entries.stream()
                        .filter(entry -> entry.state().isUnfinished())
                        .map(entry -> entry.table() + "." + Identifiers.display(entry.name()))
                        .toList(),
                List.of(),
                undo.keepIndexes() || indexes.isEmpty()
                        ? List.of()
                        : subject.indexes(entries).orElseThrow().toDrop().stream()
                                .map(IndexEntry::toString)
                                .toList());
    }

    /** The version that an earlier run has undone, the latest: the history may still have it. */
    public Optional<String> undoneEarlier() throws SQLException {
        return subject.undoneEarlier();
    }

    private UndoReport compareAndRestore() throws SQLException {
        List<JournalEntry> active = subject.active();
        List<JournalEntry> entries = subject.entries(active);
        List<IndexEntry> built = subject.toDrop(entries);
        if (entries.isEmpty() && built.isEmpty()) {
            if (!TemporaryNames.standIns(session.catalog().read()).isEmpty()) {
                // Of a run that was interrupted before its first swap.
                try (MigrationLock lock = session.lock(options)) {
                    dropStandIns(session.engine(options, lock));
                }
            }
            String nothing = "nothing to undo: the journal " + journal.table() + " has no conversion"
                    + (undo.version() == null ? "" : " of version " + undo.version()) + " under "
                    + session.history().schema() + "." + session.history().table();
            if (active.isEmpty()) {
                console.info(nothing);
            } else {
                console.warn(nothing + ", only of " + String.join(", ", UndoSubject.versions(active)));
            }
            sayWhatIsAhead();
            return report(null);
        }
        try (MigrationLock lock = session.lock(options)) {
            Optional<IndexRun> indexes = subject.indexes(entries);
            if (!entries.isEmpty()) {
                runLocked(lock);
            }
            if (indexes.isPresent()) {
                // Last: until then deletes may still cascade, and find their rows by them.
                indexesDropped = indexes.get().undo(lock, undo.keepIndexes());
            }
        }
        if (!orphans.isEmpty()) {
            throw new CascadeException(orphans.describe("has its old action again", "restored")
                    + ", then run the undo again; it does the rest.");
        }
        return report(UndoSubject.version(entries, built));
    }

    private void runLocked(MigrationLock lock) throws SQLException {
        Engine engine = session.engine(options, lock);
        finishInterrupted(engine);
        ForeignKeyGraph graph = session.catalog().read();
        List<JournalEntry> active = subject.active();
        UndoComparison comparison = UndoComparison.of(graph, subject.entries(active), active);
        comparison.refuseUnlessExact(undo.skipChanged());
        skipped = comparison.skipped();
        renamed = comparison.renamed();
        List<Conversion> conversions = comparison.conversions();
        List<Problem> problems =
                new ArrayList<>(Preconditions.checkUndo(graph, session.server(), options, conversions));
        if (session.server().product() == Product.POSTGRESQL) {
            problems.addAll(session.guarded(
                    () -> journal.missingPrivileges(session.server().role())));
        }
        if (!problems.isEmpty()) {
            throw CascadeException.refused("The undo", problems);
        }
        announce(conversions);
        comparison
                .asBefore()
                .forEach(match -> console.info(match.foreignKey() + " is already what it was; somebody took it back"));
        session.guarded(() -> {
            for (JournalMatch match : comparison.asBefore()) {
                journal.mark(match.entry(), JournalState.UNDONE);
            }
        });
        for (int i = 0; i < conversions.size(); i++) {
            lock.ensureHeld();
            restore(
                    engine,
                    comparison.toRestore().get(i).entry(),
                    conversions.get(i),
                    "[%d/%d] ".formatted(i + 1, conversions.size()));
        }
        dropStandIns(engine);
    }

    private void dropStandIns(Engine engine) throws SQLException {
        for (ForeignKey standIn : TemporaryNames.standIns(session.catalog().read())) {
            console.info("dropping " + standIn.qualifiedName() + ", which an interrupted run left");
            engine.dropStandIn(standIn);
        }
    }

    private void sayWhatIsAhead() throws SQLException {
        List<IndexEntry> ahead = subject.ahead();
        if (!ahead.isEmpty()) {
            console.info("indexes that were built ahead, and that no migration has made its own, stay: "
                    + ahead.stream().map(IndexEntry::toString).collect(Collectors.joining(", ")));
        }
    }

    private void finishInterrupted(Engine engine) throws SQLException {
        for (JournalEntry entry : subject.entries(subject.active())) {
            if (entry.state().isUnfinished()) {
                console.info("taking back what an interrupted run began: " + entry.table() + "." + entry.name());
                try {
                    orphans.note(
                            entry.table() + "." + entry.name(), engine.resume(entry, JournalStep.undo(journal, entry)));
                } catch (ForeignKeyChangedException e) {
                    console.warn(e.getMessage() + "; the interrupted work on it is given up");
                    journal.mark(entry, JournalState.SUPERSEDED);
                }
            }
        }
    }

    private void announce(List<Conversion> conversions) {
        console.warn(
                "undo: " + conversions.size()
                        + " foreign keys go back to what they were; from then on DELETE of a user is"
                        + " refused again. Rows that cascades have deleted since the migration do not come back: only a backup has them.");
        renamed.forEach(console::info);
        skipped.forEach(skip -> console.warn("left alone: " + skip));
    }

    private void restore(Engine engine, JournalEntry entry, Conversion conversion, String number) throws SQLException {
        long began = System.nanoTime();
        try {
            Outcome outcome = engine.convert(conversion, JournalStep.undo(journal, entry));
            orphans.note(conversion.foreignKey().toString(), outcome);
            if (outcome.kind() == Outcome.Kind.ORPHANS_IN_THE_WAY) {
                return;
            }
            restored.add(new UndoReport.Restored(conversion, outcome));
            console.info(number + conversion + ", "
                    + Duration.ofNanos(System.nanoTime() - began).toMillis() + " ms");
        } catch (ForeignKeyChangedException e) {
            throw new CascadeException(
                    "the undo stopped at " + number + e.getMessage() + ". " + restored.size()
                            + " foreign keys are restored and stay so. Run the undo again.",
                    e);
        } catch (SQLException e) {
            throw new CascadeException(
                    "the undo failed at " + number + conversion.foreignKey() + ": " + SqlErrors.describe(e) + ". "
                            + restored.size()
                            + " foreign keys are restored and stay so. Run the undo again; it goes on from here.",
                    e);
        }
    }

    private UndoReport report(@Nullable String version) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        if (version != null) {
            console.info("undone in " + elapsed.toMillis() + " ms: " + restored.size() + " foreign keys restored, "
                    + skipped.size() + " left alone"
                    + (indexesDropped == 0 ? "" : ", " + indexesDropped + " indexes dropped"));
        }
        return new UndoReport(version, restored, skipped, renamed, indexesDropped, false, elapsed);
    }
}
