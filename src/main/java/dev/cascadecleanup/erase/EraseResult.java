package dev.cascadecleanup.erase;

import dev.cascadecleanup.CascadeException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one key of a list.
 *
 * @param key the key as it was given
 * @param receipt what was done, or null if it failed
 * @param failure why it failed, or null
 */
public record EraseResult(
        String key,
        @Nullable EraseReceipt receipt,
        @Nullable CascadeException failure) {

    public EraseResult {
        Objects.requireNonNull(key, "key");
        if ((receipt == null) == (failure == null)) {
            throw new IllegalArgumentException("either a receipt or a failure");
        }
    }

    /** Whether this person is gone. */
    public boolean erased() {
        return receipt != null;
    }
}
