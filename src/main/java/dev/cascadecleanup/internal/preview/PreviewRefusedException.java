package dev.cascadecleanup.internal.preview;

import java.util.Objects;

/** There is nothing to preview: no such person, a value of another type, a parent that is not there. One line; nothing was run. */
public final class PreviewRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PreviewRefusedException(String message) {
        super(message);
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
