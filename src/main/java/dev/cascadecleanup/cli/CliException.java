package dev.cascadecleanup.cli;

/** Something that the caller has to put right. The message is one line with the cause and the next step. */
final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CliException(String message) {
        super(message);
    }

    CliException(String message, Throwable cause) {
        super(message, cause);
    }
}
