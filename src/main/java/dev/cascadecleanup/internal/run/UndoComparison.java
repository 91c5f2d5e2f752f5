package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.JournalMatch;
import dev.cascadecleanup.internal.journal.JournalMatches;
import dev.cascadecleanup.plan.Conversion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What the journal says was done, beside what the catalog shows.
 *
 * @param toRestore the foreign keys that are as they were converted, the last one first
 * @param asBefore those that are already as they were before
 * @param skipped what cannot be restored exactly, each with the reason
 * @param renamed what has another name than in the journal
 */
record UndoComparison(
        List<JournalMatch> toRestore, List<JournalMatch> asBefore, List<String> skipped, List<String> renamed) {

    /**
     * @param entries of the version that is to be undone
     * @param active all that count, oldest first, of whatever version
     */
    static UndoComparison of(ForeignKeyGraph graph, List<JournalEntry> entries, List<JournalEntry> active) {
        List<JournalMatch> toRestore = new ArrayList<>();
        List<JournalMatch> asBefore = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        List<String> renamed = new ArrayList<>();
        JournalMatches matches = new JournalMatches(graph);
        for (JournalEntry entry : entries) {
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
            Optional<String> later = convertedAgainBy(entry, match.foreignKey(), active, matches);
            if (match.isAsBefore()) {
                asBefore.add(match);
            } else if (later.isPresent()) {
                skipped.add(
                        match.foreignKey() + " was converted again by version " + later.get() + "; undo that first");
            } else if (match.isAsConverted()) {
                toRestore.add(match);
            } else {
                ForeignKey fk = match.foreignKey();
                skipped.add(fk + " was changed since: it is " + describe(fk.definition())
                        + ", the migration had made it " + describe(match.after()));
            }
        }
        Collections.reverse(toRestore);
        return new UndoComparison(toRestore, asBefore, skipped, renamed);
    }

    /** Somebody may have made the foreign key anew, so that a later version found one to convert in its place. */
    private static Optional<String> convertedAgainBy(
            JournalEntry entry, ForeignKey foreignKey, List<JournalEntry> active, JournalMatches matches) {
        return active.stream()
                .skip(active.indexOf(entry) + 1L)
                .filter(later -> !Versions.same(
                        later.migration().version(), entry.migration().version()))
                .filter(later -> matches.find(later)
                        .filter(match -> match.foreignKey() == foreignKey)
                        .isPresent())
                .map(later -> later.migration().version())
                .reduce((one, latest) -> latest);
    }

    List<Conversion> conversions() {
        return toRestore.stream().map(UndoComparison::conversion).toList();
    }

    /** @throws CascadeException if something was changed by others since, unless that is to be left alone */
    void refuseUnlessExact(boolean skipChanged) {
        if (!skipped.isEmpty() && !skipChanged) {
            throw new CascadeException("the undo would not be exact and was refused before anything was changed: "
                    + String.join("; ", skipped)
                    + ". To undo the others and leave these alone, ask for it (skipChanged).");
        }
    }

    private static Conversion conversion(JournalMatch match) {
        return new Conversion(
                match.foreignKey(),
                match.before(),
                match.entry().triggerStates(),
                match.entry().comment());
    }

    private static String describe(ForeignKeyDefinition fk) {
        return "ON DELETE " + fk.describeOnDelete() + " ON UPDATE " + fk.onUpdate() + " MATCH " + fk.match() + ' '
                + fk.deferrability().sql() + (fk.enforced() ? "" : " NOT ENFORCED");
    }
}
