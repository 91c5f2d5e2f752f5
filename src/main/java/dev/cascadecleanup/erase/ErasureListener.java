package dev.cascadecleanup.erase;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Takes part in an erasure. Whatever a method throws ends it: before the first row is gone, or by a rollback of the DELETE.
 *
 * <p>Between the first step and the DELETE the person exists with fewer and fewer rows. Block the account before, here at the latest.
 */
public interface ErasureListener {

    /** Does nothing. */
    ErasureListener NONE = new ErasureListener() {};

    /**
     * Before the first step. Not called where one DELETE does it all. Nothing is open on the database, so that this may take as long as
     * it likes, and what it writes it commits itself.
     */
    default void beforeDrain(String key) {}

    /** After each step. */
    default void progressed(EraseProgress progress) {}

    /**
     * After the DELETE, in its transaction: what is written over this connection, an outbox row say, is there if and only if the person
     * is gone. Called again where the transaction was rolled back, for a deadlock say, or for taking too long. Must neither commit nor roll
     * back.
     *
     * @param receipt what was done; its times are those of this moment
     */
    default void afterErase(Connection connection, EraseReceipt receipt) throws SQLException {}
}
