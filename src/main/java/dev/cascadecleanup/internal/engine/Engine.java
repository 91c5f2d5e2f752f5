package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.plan.Conversion;
import java.sql.SQLException;

/** Changes foreign keys on one database, over one connection. */
public interface Engine {

    /**
     * Turns one foreign key into another under the same name. At every instant at least one foreign key with its columns is in
     * force. A call that was interrupted at any point can be repeated.
     *
     * @param conversion from what to what
     * @param journal what to write down about it
     * @throws ForeignKeyChangedException if the foreign key is not what the conversion says any more; nothing was changed
     * @throws SQLException if the server refuses, or no lock could be had for as long as the options allow
     */
    Outcome convert(Conversion conversion, JournalStep journal) throws SQLException, ForeignKeyChangedException;

    /**
     * Finishes what an interrupted run began, in the direction that the journal step says.
     *
     * @param entry the row that the run left unfinished
     * @throws ForeignKeyChangedException if neither the foreign key nor its stand-in is there any more
     */
    Outcome resume(JournalEntry entry, JournalStep journal) throws SQLException, ForeignKeyChangedException;

    /** Drops a stand-in that an interrupted run left beside the foreign key that it was to become. */
    void dropStandIn(ForeignKey standIn) throws SQLException;

    /**
     * Validates a foreign key that an earlier run left NOT VALID.
     *
     * @throws ForeignKeyChangedException if it is not there any more
     */
    Outcome validate(ForeignKey foreignKey) throws SQLException, ForeignKeyChangedException;
}
