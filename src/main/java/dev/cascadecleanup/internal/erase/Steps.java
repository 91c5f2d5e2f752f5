package dev.cascadecleanup.internal.erase;

import java.sql.SQLException;
import java.util.List;

/** How one database takes the rows of a unit. Each call is a transaction. */
interface Steps {

    /** Where the server has no statistics of one person's rows. */
    long NO_ESTIMATES = -1;

    /** How many rows there are, counted up to a limit. */
    int count(DrainUnit unit, int limit) throws SQLException;

    /** How many rows of each unit the server's statistics promise, without looking, or {@link #NO_ESTIMATES}. */
    List<Long> estimate(List<DrainUnit> units) throws SQLException;

    /**
     * Deletes some.
     *
     * @param rows how many at most
     * @param all whether there are no more than that, as far as is known, so that they need not be counted out
     * @return how many are deleted
     */
    int delete(DrainUnit unit, int rows, boolean all) throws SQLException;

    /**
     * After the last of them: goes over what is left of them on disk, which the DELETE would have to do otherwise, in its longer
     * transaction.
     */
    void tidy(DrainUnit unit) throws SQLException;
}
