package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.ReferentialAction;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A row of CockroachDB's {@code pg_constraint}.
 *
 * @param reference what it says as a foreign key; empty if it is none
 */
public record CockroachConstraintRow(
        long oid, String name, long tableOid, Optional<Reference> reference, boolean validated) {

    /**
     * What only a foreign key has.
     *
     * @param columns empty if the server's text cannot be read
     */
    public record Reference(
            long tableOid,
            Optional<ColumnPairs> columns,
            MatchType match,
            ReferentialAction onDelete,
            ReferentialAction onUpdate) {}

    /** What a constraint is called while it is being dropped, before v23.2.20, v24.1.12, v24.2.10 and v24.3.5 (#137860). */
    private static final Pattern BEING_DROPPED = Pattern.compile("crdb_internal_constraint_\\d+_name_placeholder");

    /** Whether it is going: the server has taken its name away already. */
    boolean isBeingDropped() {
        return BEING_DROPPED.matcher(name).matches();
    }
}
