package dev.cascadecleanup.internal.erase;

import java.sql.SQLException;

/** How one database takes the rows of a unit, part by part. */
interface Steps {

    /**
     * Looks for rows to delete; what an earlier look has found is forgotten.
     *
     * @param limit how many to look for at most
     * @return how many there are
     */
    int find(DrainUnit unit, int limit) throws SQLException;

    /** Whether some of those that were found have not been tried yet. */
    boolean hasMore();

    /**
     * One transaction: tries the next ones of those that were found.
     *
     * @param rows how many to try
     * @return how many are deleted
     */
    int delete(DrainUnit unit, int rows) throws SQLException;
}
