package db.migration;

import dev.cascadecleanup.CascadeMigration;
import java.time.Duration;

/** Invoices stay, without the person, because the law says so; and a review is its author's, not the moderator's who has checked it. */
public class V067__FixCascadeDeleteConstraints extends CascadeMigration {

    @Override
    protected String keep() {
        return "invoices.customer";
    }

    @Override
    protected String setNull() {
        return "reviews.checked_by";
    }

    @Override
    protected Duration lockTimeout() {
        return Duration.ofMillis(500);
    }
}
