package dev.cascadecleanup.catalog;

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

    public NotSeen {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(remedy, "remedy");
    }

    @Override
    public String toString() {
        return what + ": " + reason + "; " + remedy;
    }
}
