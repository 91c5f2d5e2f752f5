package dev.cascadecleanup.testing;

/** This machine does not have a server that tests may do without; the message is the reason that the skip shows. */
final class UnreachableServerException extends RuntimeException {

    UnreachableServerException(String reason) {
        super(reason);
    }

    UnreachableServerException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
