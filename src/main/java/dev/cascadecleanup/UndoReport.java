package dev.cascadecleanup;

import dev.cascadecleanup.plan.Conversion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an undo did.
 *
 * @param version the version that was undone, or null if the journal had nothing to undo
 * @param restored the foreign keys that are again what they were before
 * @param skipped foreign keys that were left alone, each with the reason
 * @param renamed foreign keys that are called differently than they were then
 * @param indexesDropped how many indexes were dropped that the migration had built
 * @param removedFromHistory whether the migration was taken out of Flyway's history
 * @param elapsed the wall time
 */
public record UndoReport(
        @Nullable String version,
        List<Restored> restored,
        List<String> skipped,
        List<String> renamed,
        int indexesDropped,
        boolean removedFromHistory,
        Duration elapsed) {

    /**
     * A restored foreign key.
     *
     * @param conversion from what to what
     * @param outcome how it ended
     */
    public record Restored(Conversion conversion, Outcome outcome) {}

    public UndoReport {
        restored = List.copyOf(restored);
        skipped = List.copyOf(skipped);
        renamed = List.copyOf(renamed);
    }
}
