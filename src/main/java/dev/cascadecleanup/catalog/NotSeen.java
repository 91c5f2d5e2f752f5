package dev.cascadecleanup.catalog;

import java.util.Collection;
import java.util.Objects;

/**
 * Something that has a part in the answer and could not be seen. No answer is "yes" beside it.
 *
 * @param referencedTableOid the table that it is about, as the referenced one; 0 if not even that is known
 * @param what what was not seen, {@code foreign key orders.of_user} say
 * @param reason why not
 * @param remedy what lets it be seen
 */
public record NotSeen(long referencedTableOid, String what, String reason, String remedy) {

    /** It may be about any table. */
    public static final long ANY_TABLE = 0;

    public NotSeen {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(remedy, "remedy");
    }

    /** Whether it has a part in an answer about a delete from these tables. */
    public boolean concerns(Collection<Long> tableOids) {
        return referencedTableOid == ANY_TABLE || tableOids.contains(referencedTableOid);
    }

    @Override
    public String toString() {
        return what + ": " + reason + "; " + remedy;
    }
}
