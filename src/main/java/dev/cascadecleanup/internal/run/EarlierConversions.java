package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.engine.Engine;
import dev.cascadecleanup.internal.engine.ForeignKeyChangedException;
import dev.cascadecleanup.internal.engine.JournalStep;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.JournalMatch;
import dev.cascadecleanup.internal.journal.JournalMatches;
import dev.cascadecleanup.internal.journal.JournalState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What earlier runs of the same migration began and did not live to finish. */
final class EarlierConversions {

    private final Session session;
    private final CascadeOptions options;
    private final OwnEntries entries;
    private final BiConsumer<String, Outcome> note;
    private final List<ForeignKey> validated = new ArrayList<>();

    /** @param note hears what has become of each */
    EarlierConversions(Session session, CascadeOptions options, OwnEntries entries, BiConsumer<String, Outcome> note) {
        this.session = session;
        this.options = options;
        this.entries = entries;
        this.note = note;
    }

    /** Those that {@link #validate} has validated. */
    List<ForeignKey> validated() {
        return validated;
    }

    /** Finishes what an interrupted run began. */
    void finishInterrupted(Engine engine) throws SQLException {
        for (JournalEntry entry : entries.read()) {
            if (entry.state().isUnfinished()) {
                session.console()
                        .info("finishing what an interrupted run began: " + entry.table() + "." + entry.name());
                finishOne(engine, entry);
            }
        }
    }

    private void finishOne(Engine engine, JournalEntry entry) throws SQLException {
        try {
            note.accept(
                    entry.table() + "." + entry.name(),
                    engine.resume(entry, JournalStep.resumedConversion(session.journal(), entry)));
        } catch (ForeignKeyChangedException e) {
            session.console().warn(e.getMessage() + "; the interrupted work on it is given up");
            session.journal().mark(entry, JournalState.SUPERSEDED);
        }
    }

    /** What an earlier run swapped but did not live to validate. */
    List<ForeignKey> toValidate(ForeignKeyGraph graph) throws SQLException {
        boolean leftOut = !options.validate() && session.server().product() == Product.POSTGRESQL;
        // Most runs find all of them valid, and need not know what the journal says of each.
        if (leftOut
                || graph.foreignKeys().stream().allMatch(fk -> fk.definition().validated())) {
            return List.of();
        }
        JournalMatches matches = new JournalMatches(graph);
        return entries.read().stream()
                .filter(entry -> entry.state() == JournalState.CONVERTED
                        && entry.before().validated())
                .flatMap(entry -> matches.find(entry).stream())
                .filter(match -> match.isAsConverted()
                        && !match.foreignKey().definition().validated())
                .map(JournalMatch::foreignKey)
                .toList();
    }

    /**
     * Validates that.
     *
     * @return whether there was any
     */
    boolean validate(Engine engine, ForeignKeyGraph graph) throws SQLException {
        List<ForeignKey> toValidate = toValidate(graph);
        for (ForeignKey fk : toValidate) {
            session.console().info("validating " + fk + ", which an earlier run left NOT VALID");
            try {
                Outcome outcome = engine.validate(fk);
                note.accept(fk.toString(), outcome);
                if (outcome.kind() == Outcome.Kind.DONE) {
                    validated.add(fk);
                }
            } catch (ForeignKeyChangedException e) {
                session.console().warn(e.getMessage() + "; it is left alone");
            }
        }
        return !toValidate.isEmpty();
    }
}
