package dev.cascadecleanup.internal.engine;

import dev.cascadecleanup.internal.jdbc.SqlStates;
import java.sql.SQLException;

/**
 * A build that was given up, and has left nothing, because it would wait for somebody who may be waiting for this run, or for the
 * table. Give back the lock, wait until they are through, and begin again.
 */
public final class GiveWayException extends SQLException {

    private static final long serialVersionUID = 1;

    /** @param message what was given up, and for whom */
    public GiveWayException(String message) {
        super(message, SqlStates.LOCK_NOT_AVAILABLE);
    }
}
