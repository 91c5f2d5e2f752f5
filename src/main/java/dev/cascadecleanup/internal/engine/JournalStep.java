package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.internal.jdbc.Flight;
import dev.cascadecleanup.internal.jdbc.SqlStatement;
import dev.cascadecleanup.internal.journal.Journal;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.JournalState;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the journal says before and after the work on one foreign key. The engine decides when: on PostgreSQL in the swap's
 * transaction, and for an undo once more after the validation; on CockroachDB before the first statement and after the last.
 */
public final class JournalStep {

    private enum Kind {
        NEW_CONVERSION,
        RESUMED_CONVERSION,
        UNDO
    }

    private final Journal journal;
    private final JournalEntry entry;
    private final Kind kind;

    private JournalStep(Journal journal, JournalEntry entry, Kind kind) {
        this.journal = journal;
        this.entry = entry;
        this.kind = kind;
    }

    /** A conversion: a new row. */
    public static JournalStep conversion(Journal journal, JournalEntry entry) {
        return new JournalStep(journal, entry, Kind.NEW_CONVERSION);
    }

    /** A conversion whose row is there: an earlier run began it, or began to undo it. */
    public static JournalStep resumedConversion(Journal journal, JournalEntry entry) {
        return new JournalStep(journal, entry, Kind.RESUMED_CONVERSION);
    }

    /** An undo, or the rest of one: the row that the conversion wrote. */
    public static JournalStep undo(Journal journal, JournalEntry entry) {
        return new JournalStep(journal, entry, Kind.UNDO);
    }

    /** Whether the foreign key goes back to what it was before. */
    public boolean isUndo() {
        return kind == Kind.UNDO;
    }

    public void begin() throws SQLException {
        journal.run(beginStatements());
    }

    /** {@link #begin()} as statements. */
    public List<SqlStatement> beginStatements() {
        return switch (kind) {
            case NEW_CONVERSION -> journal.beginStatements(entry);
            case RESUMED_CONVERSION -> List.of(journal.markStatement(entry, JournalState.CONVERTING));
            case UNDO -> List.of(journal.markStatement(entry, JournalState.UNDOING));
        };
    }

    /** Writes the row again as it is. */
    public void touch() throws SQLException {
        journal.touch(entry);
    }

    public void complete() throws SQLException {
        journal.mark(entry, finalState());
    }

    /** {@link #complete()} with the new OID, as a statement. */
    public String completeStatement(String constraintOid) {
        return journal.markStatement(entry, finalState(), constraintOid);
    }

    /**
     * The statement for a swap after which the foreign key is still to be validated. An undo is not complete before that: the row of
     * a complete one is history, and with it the knowledge that the foreign key was valid.
     */
    public String swappedStatement(String constraintOid) {
        return journal.markStatement(entry, isUndo() ? JournalState.UNDOING : finalState(), constraintOid);
    }

    /** The OID that the last of these statements has written. */
    public Supplier<Long> constraintOid(Flight flight) {
        return journal.constraintOid(flight, entry);
    }

    private JournalState finalState() {
        return kind == Kind.UNDO ? JournalState.UNDONE : JournalState.CONVERTED;
    }
}
