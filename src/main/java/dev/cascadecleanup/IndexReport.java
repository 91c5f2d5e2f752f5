package dev.cascadecleanup;

import dev.cascadecleanup.plan.MissingIndex;
import java.time.Duration;
import java.util.List;

/**
 * What a build of indexes did.
 *
 * @param built the indexes that it built, in order
 * @param remarks what it could not or would not do anything about
 * @param elapsed the wall time
 */
public record IndexReport(List<MissingIndex> built, List<String> remarks, Duration elapsed) {

    public IndexReport {
        built = List.copyOf(built);
        remarks = List.copyOf(remarks);
    }
}
