package dev.cascadecleanup;

import dev.cascadecleanup.plan.Conversion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an undo would do.
 *
 * @param version the version that it would undo, or null if the journal has nothing to undo
 * @param restorations from what to what, in the order in which it would be done
 * @param skipped foreign keys that someone changed or dropped since, each with the reason; they make the undo inexact
 * @param renamed foreign keys that are called differently than they were then
 * @param interrupted foreign keys that an interrupted run left half-done, which would be taken back first
 * @param otherVersions where the journal has nothing of the wanted version, and it was not undone before: of which it has something
 * @param indexes the indexes that the migration has built, which would be dropped last
 */
public record UndoPlan(
        @Nullable String version,
        List<Conversion> restorations,
        List<String> skipped,
        List<String> renamed,
        List<String> interrupted,
        List<String> otherVersions,
        List<String> indexes) {

    /** The journal has nothing to undo, or only of these versions. */
    public static UndoPlan nothing(List<String> otherVersions) {
        return new UndoPlan(null, List.of(), List.of(), List.of(), List.of(), otherVersions, List.of());
    }

    public UndoPlan {
        restorations = List.copyOf(restorations);
        skipped = List.copyOf(skipped);
        renamed = List.copyOf(renamed);
        interrupted = List.copyOf(interrupted);
        otherVersions = List.copyOf(otherVersions);
        indexes = List.copyOf(indexes);
    }

    /** Whether everything would be what it was. */
    public boolean isExact() {
        return skipped.isEmpty();
    }
}
