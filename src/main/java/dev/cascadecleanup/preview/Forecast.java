package dev.cascadecleanup.preview;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How long the delete itself would take on a quiet server whose data is in memory: from counts and rates, not measured.
 *
 * @param least not less than about this
 * @param most not more than about this
 * @param missingIndexes tables and columns that the delete scans for each row that goes, because no index serves the foreign key
 * @param stepsAdvisable whether so long a transaction would be felt, so that erasing in steps is better
 */
public record Forecast(Duration least, Duration most, List<String> missingIndexes, boolean stepsAdvisable) {

    public Forecast {
        Objects.requireNonNull(least, "least");
        Objects.requireNonNull(most, "most");
        missingIndexes = List.copyOf(missingIndexes);
    }

    @Override
    public String toString() {
        return "about " + words(least) + " to " + words(most) + " by its counts"
                + (stepsAdvisable ? "; better erased in steps: cascade-cleanup erase" : "");
    }

    private static String words(Duration duration) {
        return duration.toMillis() < 1_000
                ? Math.max(1, duration.toMillis()) + " ms"
                : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    }
}
