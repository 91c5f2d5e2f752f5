package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeException;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.MigrationReport;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.JournalMatch;
import dev.cascadecleanup.internal.journal.JournalMatches;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the catalog must show when a run has ended: that decides, not what the statements answered. */
final class Postcondition {

    private final Console console;
    private final Set<String> toBeValid = new HashSet<>();

    /** @param converted what the run says that it has done */
    Postcondition(Console console, List<MigrationReport.Converted> converted) {
        this.console = console;
        converted.stream()
                .filter(done -> done.outcome().kind() == Outcome.Kind.DONE)
                .map(done -> done.conversion().foreignKey())
                .forEach(fk -> toBeValid.add(keyOf(fk.table().oid(), fk.name())));
    }

    /**
     * Compares the journal rows of the run with the catalog.
     *
     * @throws CascadeException if a foreign key is not what the run has made of it
     */
    void check(ForeignKeyGraph graph, List<JournalEntry> ofThisRun) {
        JournalMatches matches = new JournalMatches(graph);
        List<String> differences = new ArrayList<>();
        for (JournalEntry entry : ofThisRun) {
            String name = entry.table() + "." + Identifiers.display(entry.name());
            JournalMatch match = matches.find(entry).orElse(null);
            if (match == null) {
                console.warn(name + " was converted, and then dropped by someone else");
            } else if (!match.isAsConverted() && match.foreignKey().oid() != entry.constraintOid()) {
                console.warn(
                        name + " was converted, and then replaced by someone else; it is left as it is now: ON DELETE "
                                + match.foreignKey().definition().describeOnDelete());
            } else if (!match.isAsConverted()
                    || (toBeValid.contains(keyOf(entry.tableOid(), entry.name()))
                            && !match.foreignKey().definition().validated())) {
                differences.add(match.foreignKey() + " ON DELETE "
                        + match.foreignKey().definition().describeOnDelete());
            }
        }
        if (!differences.isEmpty()) {
            throw new CascadeException("after the migration the catalog does not show what it should, but: "
                    + String.join("; ", differences)
                    + ". Someone else changed it in the meantime; look at it and run again.");
        }
    }

    private static String keyOf(long tableOid, String constraint) {
        return tableOid + "." + constraint;
    }
}
