package dev.cascadecleanup.internal.proof.row;

import java.sql.SQLException;
import java.util.Objects;

/** The transaction cannot go on, and the place where that was noticed could not say so by an SQLException. */
public final class BrokenTransactionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokenTransactionException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    @Override
    public synchronized SQLException getCause() {
        return (SQLException) Objects.requireNonNull(super.getCause());
    }
}
