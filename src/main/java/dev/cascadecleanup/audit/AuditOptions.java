package dev.cascadecleanup.audit;

import java.time.Duration;
import java.util.Set;

/**
 * How thorough an audit is.
 *
 * @param rowCounts at most for how many foreign keys to count the rows that refuse today; 0 for none, so that only the catalog is read
 * @param countTimeout how long one count may take; whole seconds
 * @param ownerColumns names of columns that mean the owner of a row wherever they are, whatever the parent is called
 * @param ignoredColumns columns that are no references, as {@code table.column}
 */
public record AuditOptions(int rowCounts, Duration countTimeout, Set<String> ownerColumns, Set<String> ignoredColumns) {

    private static final AuditOptions DEFAULTS = new AuditOptions(
            200,
            Duration.ofSeconds(10),
            Set.of("owner_id", "created_by", "updated_by", "deleted_by", "recorded_by"),
            Set.of());

    public AuditOptions {
        ownerColumns = Set.copyOf(ownerColumns);
        ignoredColumns = Set.copyOf(ignoredColumns);
        if (rowCounts < 0 || countTimeout.toSeconds() < 1) {
            throw new IllegalArgumentException("rowCounts is not negative, countTimeout at least one second");
        }
    }

    /** Up to 200 counts of at most ten seconds. */
    public static AuditOptions defaults() {
        return DEFAULTS;
    }

    /** The same with another limit of counts. */
    public AuditOptions withRowCounts(int atMost) {
        return new AuditOptions(atMost, countTimeout, ownerColumns, ignoredColumns);
    }

    /** The same with other names of owner columns. */
    public AuditOptions withOwnerColumns(Set<String> names) {
        return new AuditOptions(rowCounts, countTimeout, names, ignoredColumns);
    }

    /** The same, ignoring these columns. */
    public AuditOptions withIgnoredColumns(Set<String> columns) {
        return new AuditOptions(rowCounts, countTimeout, ownerColumns, columns);
    }
}
