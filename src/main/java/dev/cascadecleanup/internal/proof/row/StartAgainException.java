package dev.cascadecleanup.internal.proof.row;

import java.sql.SQLException;
import java.util.Objects;

/** The transaction lost against another session (40001, 40P01), and the whole of it has to be tried again. */
public final class StartAgainException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartAgainException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    @Override
    public synchronized SQLException getCause() {
        return (SQLException) Objects.requireNonNull(super.getCause());
    }
}
