package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.Server;
import java.sql.SQLException;

/**
 * Reads one database's catalog over one connection. A call costs a fixed number of round trips, however many tables there are,
 * and leaves the connection as it was.
 */
public interface Catalog {

    /** What the server is and what the session may do. */
    Server server() throws SQLException;

    /**
     * Every foreign key of the database, with the tables and columns that it connects.
     *
     * @throws SQLException if the server answers with an error
     */
    ForeignKeyGraph read() throws SQLException;

    /**
     * The same without what only concerns those who want to change something: privileges, indexes and comments are left out as if all
     * were well. For a look at every start of an application.
     */
    ForeignKeyGraph readForeignKeys() throws SQLException;

    /** The same for who only looks, and had better give up than wait long behind somebody's lock. */
    default Catalog ofALook() {
        return this;
    }

    /** Whether it waits for locks as long as they are held. */
    default boolean patient() {
        return true;
    }
}
