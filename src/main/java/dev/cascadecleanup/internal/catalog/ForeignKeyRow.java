package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import java.util.List;
import java.util.Optional;

/**
 * One row of {@code pg_constraint}, before its table OIDs have been turned into tables.
 *
 * @param columns empty if the catalog does not give the names of all of them
 */
record ForeignKeyRow(
        long oid,
        String name,
        long tableOid,
        long referencedOid,
        Optional<ColumnPairs> columns,
        MatchType match,
        ReferentialAction onDelete,
        List<String> onDeleteColumns,
        ReferentialAction onUpdate,
        Deferrability deferrability,
        boolean validated,
        boolean enforced,
        boolean temporal,
        String comment) {

    /** Of CockroachDB, which has less. */
    static ForeignKeyRow of(CockroachConstraintRow row, String comment) {
        return new ForeignKeyRow(
                row.oid(),
                row.name(),
                row.tableOid(),
                row.referencedOid(),
                row.columns(),
                row.match(),
                row.onDelete(),
                List.of(),
                row.onUpdate(),
                Deferrability.NOT_DEFERRABLE,
                row.validated(),
                true,
                false,
                comment);
    }
}
