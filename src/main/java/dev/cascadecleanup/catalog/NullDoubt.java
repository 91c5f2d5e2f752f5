package dev.cascadecleanup.catalog;

import java.util.Objects;

/**
 * What may refuse that a column of a foreign key becomes NULL.
 *
 * @param what a CHECK constraint, a unique index to which NULL is a value, a partition key, in words
 * @param opaque whether only trying tells: it is a function or a calculation that is worked out again, or a condition on the row as a whole,
 *     on the clock or on other tables, and not something that can be asked of the rows beforehand
 */
public record NullDoubt(String what, boolean opaque) {

    public NullDoubt {
        Objects.requireNonNull(what, "what");
    }

    @Override
    public String toString() {
        return what;
    }
}
