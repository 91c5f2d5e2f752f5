package dev.cascadecleanup.plan;

import java.util.Objects;

/**
 * A reason to change nothing.
 *
 * @param cause what is wrong, with the table and constraint that it is about
 * @param remedy what to do about it
 */
public record Problem(String cause, String remedy) {

    public Problem {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(remedy, "remedy");
    }

    @Override
    public String toString() {
        return cause + (cause.endsWith("?") ? " " : ". ") + remedy + '.';
    }
}
