package dev.cascadecleanup.cli;

import org.jspecify.annotations.Nullable;

/** Something that the caller has to put right. The message is one line with the cause and the next step. */
final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CliException(String message) {
        super(message);
    }

    CliException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
