package dev.cascadecleanup;

import dev.cascadecleanup.plan.Problem;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A run that was refused or that failed. The message says what is wrong, how far the work is, and what to do next. */
public class CascadeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CascadeException(String message) {
        super(message);
    }

    public CascadeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /** All problems at once, each on a line of its own. */
    public static CascadeException refused(String what, List<Problem> problems) {
        StringBuilder message = new StringBuilder(what).append(" was refused before anything was changed:");
        for (Problem problem : problems) {
            message.append(System.lineSeparator()).append("  - ").append(problem);
        }
        return new CascadeException(message.toString());
    }
}
