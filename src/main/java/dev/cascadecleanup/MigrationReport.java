package dev.cascadecleanup;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.MissingIndex;
import java.time.Duration;
import java.util.List;

/**
 * What a run did.
 *
 * @param converted the foreign keys that it converted, in order
 * @param validated foreign keys of an earlier, interrupted run that it only had to validate
 * @param alreadyDone the foreign keys that were as they should be
 * @param kept the foreign keys that an option or rule leaves as they are
 * @param indexes the indexes that it built first
 * @param elapsed the wall time
 */
public record MigrationReport(
        List<Converted> converted,
        List<ForeignKey> validated,
        List<ForeignKey> alreadyDone,
        List<CascadePlan.Kept> kept,
        List<MissingIndex> indexes,
        Duration elapsed) {

    /**
     * A converted foreign key.
     *
     * @param conversion from what to what
     * @param outcome how it ended
     * @param elapsed the wall time of this one
     */
    public record Converted(Conversion conversion, Outcome outcome, Duration elapsed) {}

    public MigrationReport {
        converted = List.copyOf(converted);
        validated = List.copyOf(validated);
        alreadyDone = List.copyOf(alreadyDone);
        kept = List.copyOf(kept);
        indexes = List.copyOf(indexes);
    }
}
