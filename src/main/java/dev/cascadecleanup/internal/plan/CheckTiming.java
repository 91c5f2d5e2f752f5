package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.plan.Depths;
import dev.cascadecleanup.plan.Verdict;

/**
 * When a database looks whether rows still reference a deleted row.
 *
 * <p>PostgreSQL runs the triggers of a statement in passes: what pass d deleted is checked in pass d + 1, and what pass d + 1
 * cascades to is deleted in that same pass (manual, 5.5.5 and 39.1; trigger.c, {@code AfterTriggerEndQuery}). So NO ACTION does not
 * wait for the whole cascade, unless it is INITIALLY DEFERRED; RESTRICT is timed the same and can never be deferred. CockroachDB
 * checks when all cascades are done.
 */
public enum CheckTiming {
    /** In the pass after the one that deleted the referenced row. */
    PASS_BY_PASS,
    /** When nothing is left to cascade. */
    AFTER_ALL_CASCADES;

    /** When this database makes the check of a foreign key so defined. */
    public static CheckTiming of(Product product, ForeignKeyDefinition definition) {
        boolean deferred = definition.deferrability() == Deferrability.INITIALLY_DEFERRED
                && definition.onDelete() != ReferentialAction.RESTRICT;
        return product == Product.COCKROACHDB || deferred ? AFTER_ALL_CASCADES : PASS_BY_PASS;
    }

    /**
     * Whether the check finds a referencing row.
     *
     * @param referenced when rows of the referenced table are deleted, if they are
     * @param referencing when rows of the referencing table are
     */
    public Verdict verdict(Depths referenced, Depths referencing) {
        if (!referencing.isReached()) {
            return Verdict.REFUSES;
        }
        if (this == AFTER_ALL_CASCADES) {
            return referencing.isBounded() ? Verdict.SAFE : Verdict.DEPENDS_ON_DATA;
        }
        boolean alwaysTooLate = referenced.isBounded() && referencing.shallowest() - 2 >= referenced.deepest();
        if (alwaysTooLate) {
            return Verdict.REFUSES;
        }
        if (!referencing.isBounded()) {
            return Verdict.DEPENDS_ON_DATA;
        }
        int latest = referencing.deepest() - referenced.shallowest();
        if (latest <= 0) {
            return Verdict.SAFE;
        }
        return latest == 1 ? Verdict.ORDER_DEPENDENT : Verdict.DEPENDS_ON_DATA;
    }
}
