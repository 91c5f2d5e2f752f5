package dev.cascadecleanup.internal.engine.cockroach;

import dev.cascadecleanup.internal.engine.TableConstraint;
import org.jspecify.annotations.Nullable;

/**
 * How far the swap of a foreign key has come, as far as the catalog shows.
 *
 * @param original the constraint under the foreign key's own name, or null
 * @param standIn the one under the stand-in's name, or null
 */
public record SwapState(
        @Nullable TableConstraint original, @Nullable TableConstraint standIn) {

    /** For messages. */
    String describe() {
        return (original == null ? "the foreign key is gone" : "the foreign key is " + original.describe())
                + (standIn == null ? "" : ", its stand-in is " + standIn.describe());
    }
}
