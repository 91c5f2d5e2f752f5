package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        @Nullable String comment) {

    /** Of CockroachDB, which has less. */
    static ForeignKeyRow of(CockroachConstraintRow row, @Nullable String comment) {
        CockroachConstraintRow.Reference reference = row.reference().orElseThrow();
        return new ForeignKeyRow(
                row.oid(),
                row.name(),
                row.tableOid(),
                reference.tableOid(),
                reference.columns(),
                reference.match(),
                reference.onDelete(),
                List.of(),
                reference.onUpdate(),
                Deferrability.NOT_DEFERRABLE,
                row.validated(),
                true,
                false,
                comment);
    }
}
