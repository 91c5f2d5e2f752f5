package dev.cascadecleanup.internal.erase;

/** The DELETE succeeded, and the row is still there. */
final class SwallowedDeleteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SwallowedDeleteException(String message) {
        super(message);
    }
}
