package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.plan.MissingIndex;
import java.sql.SQLException;
import java.util.List;

/** Builds and drops indexes on one database, over one connection, while its clients go on. */
public interface IndexEngine {

    /**
     * Builds one, on all its parts. What is there already is not built again, and what an interrupted build has left invalid is built
     * anew. If it fails, nothing invalid remains, unless the message says so.
     *
     * @param version the version that the journal keeps it under
     * @throws GiveWayException if somebody whom it would wait for waits for this run
     * @throws SQLException if the server refuses, or others are in the way for as long as the options allow
     */
    void build(MissingIndex index, String version) throws SQLException;

    /**
     * Brings the journal and the database together after an interruption: what was built is built, and what is half-built is dropped.
     *
     * @param entries rows that may be older than what they are about
     * @param goingOn whether a build follows, for which what is half-built on partitions is left as it is
     */
    void settle(List<IndexEntry> entries, boolean goingOn) throws SQLException;

    /**
     * Drops indexes that are ours; those that somebody has dropped or replaced are only written down as gone. One whose parts are not all
     * ours stays, and is nobody's business any more.
     *
     * @return how many were there to drop
     */
    int drop(List<IndexEntry> entries) throws SQLException;
}
