package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.Console;
import dev.cascadecleanup.MigrationReport;
import dev.cascadecleanup.Outcome;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.plan.Link;
import java.time.Duration;
import java.util.List;

/** What a conversion run says. */
final class ConversionLog {

    /** A schema with thousands below the parent would bury the rest of the log, at every run. */
    private static final int MOST_LISTED = 20;

    private final Console console;
    private final Server server;
    private final CascadeOptions options;

    ConversionLog(Console console, Server server, CascadeOptions options) {
        this.console = console;
        this.server = server;
        this.options = options;
    }

    /** At the beginning: what will be done, what will not, and what to know first. */
    void announce(CascadePlan plan) {
        String parents =
                String.join(", ", plan.parents().stream().map(Object::toString).toList());
        console.info(server + ": " + plan.conversions().size() + " foreign keys on " + parents
                + (options.scope() == CascadeOptions.Scope.CLOSURE ? " and below" : "") + " to convert, "
                + plan.alreadyDone().size() + " already as they should be, "
                + plan.kept().size() + " kept");
        plan.kept()
                .forEach(kept -> console.info("kept: " + kept.foreignKey() + " ON DELETE "
                        + kept.foreignKey().definition().describeOnDelete() + " (" + kept.reason() + ")"));
        plan.hazards().forEach(hazard -> console.warn("hazard: " + hazard));
    }

    /** At the end: what was done, and what would still refuse the delete. */
    void finish(MigrationReport report, CascadePlan plan) {
        int ours = report.converted().size();
        if (ours == 0 && report.validated().isEmpty()) {
            console.info("nothing to do: every foreign key is "
                    + (plan.hazards().stream().allMatch(hazard -> hazard.kind() == Hazard.Kind.NO_INDEX)
                            ? "as it should be"
                            : "converted or kept"));
        } else {
            console.info("done in " + report.elapsed().toMillis() + " ms: " + ours + " converted, "
                    + (plan.alreadyDone().size() - ours) + " already as they should be, "
                    + plan.kept().size() + " kept"
                    + (report.validated().isEmpty()
                            ? ""
                            : ", " + report.validated().size() + " validated"));
        }
        reportOpen(plan);
    }

    /** The delete succeeds only if nothing further down refuses it; what does is said together with what would change it. */
    private void reportOpen(CascadePlan plan) {
        List<Link> open = plan.open();
        if (open.isEmpty()) {
            return;
        }
        console.warn(open.size() + " foreign keys still refuse the delete, or can:");
        open.stream().limit(MOST_LISTED).forEach(link -> console.warn("  " + link));
        if (open.size() > MOST_LISTED) {
            console.warn("  and " + (open.size() - MOST_LISTED)
                    + " more; a plan or an audit lists all of them, and the options in full");
        }
        plan.advice().lines(MOST_LISTED).forEach(line -> console.warn("  to close them: " + line));
    }

    void converted(String number, Conversion conversion, Outcome outcome, Duration elapsed) {
        console.info(number + conversion + ", " + describe(outcome) + ", " + elapsed.toMillis() + " ms");
    }

    void passedOver(String number, ForeignKey fk, Outcome outcome) {
        console.warn(number + fk + ", " + describe(outcome));
    }

    void stillNotValid(String subject, Outcome outcome) {
        console.warn(subject + " was NOT VALID and still is; " + outcome.describeOrphans() + " without a referenced row"
                + (outcome.orphans() == 0 ? "" : ", list them with: " + outcome.orphanQuery()));
    }

    private static String describe(Outcome outcome) {
        return switch (outcome.kind()) {
            case DONE -> "validated";
            case STILL_NOT_VALID -> "NOT VALID as before";
            case VALIDATION_LEFT_OUT -> "NOT VALID (cascade_validate = false)";
            case ORPHANS_FOUND -> "left NOT VALID";
            case ORPHANS_IN_THE_WAY -> "not converted, because rows without a referenced row stand in the way";
        };
    }
}
