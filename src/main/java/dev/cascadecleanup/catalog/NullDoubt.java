package dev.cascadecleanup.catalog;

import java.util.Objects;

/**
 * What may refuse that a column of a foreign key becomes NULL.
 *
 * @param what a CHECK constraint, a unique index to which NULL is a value, a partition key, in words
 * @param opaque whether only trying tells: a unique index, a partitioning, something that is worked out again, a condition on the row as a
 *     whole, on the clock or on other tables; and not a condition on columns, which can be asked of the rows beforehand
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
