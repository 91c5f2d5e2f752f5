package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.IndexFacts;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Names for the indexes that this library builds: the same table and columns always give the same name, so that a run after a crash
 * recognises what an interrupted one has left.
 */
public final class IndexNames {

    /** Nobody has as many indexes that look like ours and are not. */
    private static final int MOST_ATTEMPTS = 5;

    private IndexNames() {}

    /** Whether an index was named for these columns of the table. */
    public static boolean isFor(TableName table, List<String> columns, String index) {
        return IntStream.range(0, MOST_ATTEMPTS)
                .anyMatch(attempt -> of(table, columns, attempt).equals(index));
    }

    /**
     * A name.
     *
     * @param attempt 0, or more where the name of the attempt before is somebody else's
     */
    static String of(TableName table, List<String> columns, int attempt) {
        String of = table.schema() + '\0' + table.name() + '\0' + String.join("\0", columns);
        String suffix = IndexFacts.MARK + TemporaryNames.hash(attempt == 0 ? of : of + '\0' + attempt);
        String readable = table.name() + '_' + String.join("_", columns);
        return TemporaryNames.truncate(readable, TemporaryNames.MAX_BYTES - suffix.length()) + suffix;
    }
}
