package dev.cascadecleanup.internal.erase;

import java.sql.SQLException;

/** How one database takes the rows of a unit. Each call is a transaction. */
interface Steps {

    /** How many rows there are, counted up to a limit. */
    int count(DrainUnit unit, int limit) throws SQLException;

    /**
     * Deletes some.
     *
     * @param rows how many at most
     * @param all whether there are no more than that, as far as is known, so that they need not be counted out
     * @return how many are deleted
     */
    int delete(DrainUnit unit, int rows, boolean all) throws SQLException;
}
