package dev.cascadecleanup.internal.proof.row;

import java.sql.SQLException;

/** The transaction lost against another session (40001, 40P01), and the whole of it has to be tried again. */
public final class StartAgainException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartAgainException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    @Override
    public synchronized SQLException getCause() {
        return (SQLException) super.getCause();
    }
}
