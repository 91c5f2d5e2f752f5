package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the rows of the database add to a plan, which knows the schema alone.
 *
 * @param rows the counts for open links, as far as they could be written as a query and the time sufficed
 * @param undeclared how many columns look like a reference to a parent and are in no foreign key; -1 if nobody has looked
 * @param asOf the server's time when it was read; empty if nobody has looked
 */
public record PlanData(List<OpenRows> rows, int undeclared, String asOf) {

    /** Nobody has looked. */
    public static final PlanData NONE = new PlanData(List.of(), -1, "");

    public PlanData {
        rows = List.copyOf(rows);
        Objects.requireNonNull(asOf, "asOf");
    }

    /** The count for this foreign key, if there is one. */
    public Optional<OpenRows> of(ForeignKey foreignKey) {
        return rows.stream().filter(each -> each.foreignKey() == foreignKey).findFirst();
    }

    /** One sentence about the undeclared references; empty if there are none, or nobody has looked. */
    public String undeclaredSentence() {
        return undeclared < 1
                ? ""
                : undeclared + (undeclared == 1 ? " column looks" : " columns look")
                        + " like a reference to the parent without a foreign key, so an erasure leaves "
                        + (undeclared == 1 ? "it" : "them") + " behind; audit lists "
                        + (undeclared == 1 ? "it" : "them");
    }
}
