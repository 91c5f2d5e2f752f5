package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.UndoOptions;
import dev.cascadecleanup.UndoPlan;
import dev.cascadecleanup.UndoReport;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.engine.Engine;
import dev.cascadecleanup.internal.engine.ForeignKeyChangedException;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.engine.MigrationLock;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.journal.Journal;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.JournalMatch;
import dev.cascadecleanup.internal.journal.JournalMatches;
import dev.cascadecleanup.internal.journal.JournalState;
import dev.cascadecleanup.internal.plan.Preconditions;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.api.MigrationVersion;

/** One run of the undo: the journal says what was done, the catalog what is there; both must agree before anything changes. */
public final class UndoRun {

    private final Session session;
    private final CascadeOptions options;
    private final UndoOptions undo;
    private final Console console;
    private final Journal journal;
    private final long start = System.nanoTime();
    private final List<UndoReport.Restored> restored = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private final List<String> renamed = new ArrayList<>();
    private final List<String> notValid = new ArrayList<>();
    private final List<String> notRestored = new ArrayList<>();

    public UndoRun(Session session, CascadeOptions options, UndoOptions undo) {
        this.session = session;
        // What was validated is so again, whatever the migration was told: otherwise the undo would not be exact.
        this.options = options.toBuilder().validate(true).build();
        this.undo = undo;
        this.console = session.console();
        this.journal = session.journal();
    }

    public UndoReport run() {
        try {
            return compareAndRestore();
        } catch (SQLException e) {
            throw new CascadeException(
                    "the undo failed: " + e.getMessage() + ". " + restored.size()
                            + " foreign keys are restored and stay so. Run the undo again; it goes on from here.",
                    e);
        }
    }

    /** What {@link #run()} would do, as far as can be told without a lock. */
    public UndoPlan preview() throws SQLException {
        List<JournalEntry> entries = entries();
        if (entries.isEmpty()) {
            return UndoPlan.NOTHING;
        }
        List<JournalMatch> toRestore = new ArrayList<>();
        compare(session.catalog().read(), toRestore, new ArrayList<>());
        Collections.reverse(toRestore);
        return new UndoPlan(
                entries.get(0).migration().version(),
                toRestore.stream().map(UndoRun::conversion).toList(),
                skipped,
                renamed,
                entries.stream()
                        .filter(entry -> entry.state().isUnfinished())
                        .map(entry -> entry.table() + "." + Identifiers.display(entry.name()))
                        .toList());
    }

    private UndoReport compareAndRestore() throws SQLException {
        List<JournalEntry> entries = entries();
        if (entries.isEmpty()) {
            if (!TemporaryNames.standIns(session.catalog().read()).isEmpty()) {
                // Of a run that was interrupted before its first swap.
                try (MigrationLock lock = session.lock(options)) {
                    dropStandIns(session.engine(options, lock));
                }
            }
            console.info("nothing to undo: the journal " + journal.table() + " has no conversion"
                    + (undo.version() == null ? "" : " of version " + undo.version()) + " under "
                    + session.history().schema() + "." + session.history().table());
            return report(null);
        }
        try (MigrationLock lock = session.lock(options)) {
            runLocked(lock);
        }
        if (!notValid.isEmpty() || !notRestored.isEmpty()) {
            throw orphans();
        }
        return report(entries.get(0).migration().version());
    }

    private void runLocked(MigrationLock lock) throws SQLException {
        Engine engine = session.engine(options, lock);
        finishInterrupted(engine);
        ForeignKeyGraph graph = session.catalog().read();
        List<JournalMatch> toRestore = new ArrayList<>();
        List<JournalMatch> asBefore = new ArrayList<>();
        compare(graph, toRestore, asBefore);
        refuseUnlessExact();
        Collections.reverse(toRestore);
        List<Conversion> conversions =
                toRestore.stream().map(UndoRun::conversion).toList();
        List<Problem> problems = Preconditions.checkUndo(graph, session.server(), options, conversions);
        if (!problems.isEmpty()) {
            throw CascadeException.refused("The undo", problems);
        }
        announce(conversions);
        session.guarded(() -> {
            for (JournalMatch match : asBefore) {
                journal.mark(match.entry(), JournalState.UNDONE);
            }
            return null;
        });
        for (int i = 0; i < conversions.size(); i++) {
            lock.ensureHeld();
            restore(
                    engine,
                    toRestore.get(i).entry(),
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

    /** The version that an earlier run has undone, latest first, or null: the history may still have it. */
    public String undoneEarlier() throws SQLException {
        return session
                .guarded(() -> journal.undone(
                        session.history().schema(), session.history().table()))
                .stream()
                .filter(version -> undo.version() == null
                        || MigrationVersion.fromVersion(version).equals(MigrationVersion.fromVersion(undo.version())))
                .findFirst()
                .orElse(null);
    }

    /** The rows of the wanted version; refuses to guess between several. */
    private List<JournalEntry> entries() throws SQLException {
        List<JournalEntry> active = session.guarded(() ->
                journal.active(session.history().schema(), session.history().table()));
        if (undo.version() != null) {
            MigrationVersion wanted = MigrationVersion.fromVersion(undo.version());
            return active.stream()
                    .filter(entry -> MigrationVersion.fromVersion(
                                    entry.migration().version())
                            .equals(wanted))
                    .toList();
        }
        Set<String> versions = new LinkedHashSet<>();
        active.forEach(entry -> versions.add(entry.migration().version()));
        if (versions.size() > 1) {
            throw new CascadeException("the journal " + journal.table() + " has conversions of the versions "
                    + String.join(", ", versions) + ": say which one to undo, the newest first. Nothing was changed.");
        }
        return active;
    }

    private void finishInterrupted(Engine engine) throws SQLException {
        for (JournalEntry entry : entries()) {
            if (entry.state().isUnfinished()) {
                console.info("taking back what an interrupted run began: " + entry.table() + "." + entry.name());
                try {
                    note(entry.table() + "." + entry.name(), engine.resume(entry, JournalStep.undo(journal, entry)));
                } catch (ForeignKeyChangedException e) {
                    console.warn(e.getMessage() + "; the interrupted work on it is given up");
                    journal.mark(entry, JournalState.SUPERSEDED);
                }
            }
        }
    }

    private void compare(ForeignKeyGraph graph, List<JournalMatch> toRestore, List<JournalMatch> asBefore)
            throws SQLException {
        JournalMatches matches = new JournalMatches(graph);
        for (JournalEntry entry : entries()) {
            if (entry.state().isUnfinished()) {
                // It is as before but for its validation, for which rows are in the way.
                continue;
            }
            Optional<JournalMatch> found = matches.find(entry);
            if (found.isEmpty()) {
                skipped.add(entry.table() + "." + entry.name() + " is gone: it, or its table, was dropped");
                continue;
            }
            JournalMatch match = found.get();
            Optional.ofNullable(match.renamed()).ifPresent(renamed::add);
            if (match.isAsBefore()) {
                asBefore.add(match);
            } else if (match.isAsConverted()) {
                toRestore.add(match);
            } else {
                ForeignKey fk = match.foreignKey();
                skipped.add(fk + " was changed since: it is " + describe(fk.definition())
                        + ", the migration had made it " + describe(match.after()));
            }
        }
    }

    private static String describe(ForeignKeyDefinition fk) {
        return "ON DELETE " + fk.describeOnDelete() + " ON UPDATE " + fk.onUpdate() + " MATCH " + fk.match() + ' '
                + fk.deferrability().sql() + (fk.enforced() ? "" : " NOT ENFORCED");
    }

    private void refuseUnlessExact() {
        if (!skipped.isEmpty() && !undo.skipChanged()) {
            throw new CascadeException("the undo would not be exact and was refused before anything was changed: "
                    + String.join("; ", skipped)
                    + ". To undo the others and leave these alone, ask for it (skipChanged).");
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

    private static Conversion conversion(JournalMatch match) {
        return new Conversion(
                match.foreignKey(),
                match.before(),
                match.entry().triggerStates(),
                match.entry().comment());
    }

    private void restore(Engine engine, JournalEntry entry, Conversion conversion, String number) throws SQLException {
        long began = System.nanoTime();
        try {
            Outcome outcome = engine.convert(conversion, JournalStep.undo(journal, entry));
            note(conversion.foreignKey().toString(), outcome);
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
                    "the undo failed at " + number + conversion.foreignKey() + ": " + e.getMessage() + ". "
                            + restored.size()
                            + " foreign keys are restored and stay so. Run the undo again; it goes on from here.",
                    e);
        }
    }

    private void note(String subject, Outcome outcome) {
        String rows = subject + ": " + outcome.describeOrphans() + ", list them with: " + outcome.orphanQuery();
        switch (outcome.kind()) {
            case ORPHANS_FOUND -> notValid.add(rows);
            case ORPHANS_IN_THE_WAY -> notRestored.add(rows);
            case DONE, STILL_NOT_VALID, VALIDATION_LEFT_OUT -> {}
        }
    }

    private CascadeException orphans() {
        String unvalidated = notValid.isEmpty()
                ? ""
                : notValid.size() + " could not be validated because rows without a referenced" + " row are there: "
                        + String.join("; ", notValid) + ". ";
        String unrestored = notRestored.isEmpty()
                ? ""
                : notRestored.size() + " could not be restored because of such rows, as before"
                        + " PostgreSQL 18 a partitioned table takes no NOT VALID foreign key: "
                        + String.join("; ", notRestored) + ". ";
        return new CascadeException("every" + (notRestored.isEmpty() ? "" : " other")
                + " foreign key has its old action again, but " + unvalidated + unrestored
                + "Delete or correct those rows, then run the undo again; it does the rest.");
    }

    private UndoReport report(String version) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        if (version != null) {
            console.info("undone in " + elapsed.toMillis() + " ms: " + restored.size() + " foreign keys restored, "
                    + skipped.size() + " left alone");
        }
        return new UndoReport(version, restored, skipped, renamed, false, elapsed);
    }
}
