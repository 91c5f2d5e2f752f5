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
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
        int count = plan.conversions().size();
        console.info(server + ": " + count + (count == 1 ? " foreign key on " : " foreign keys on ") + parents
                + (options.scope() == CascadeOptions.Scope.CLOSURE ? " and below" : "") + " to convert, "
                + plan.alreadyDone().size() + " already as they should be, "
                + plan.kept().size() + " kept");
        plan.kept()
                .forEach(kept -> console.info("kept: " + kept.foreignKey() + " ON DELETE "
                        + kept.foreignKey().definition().describeOnDelete() + " (" + kept.reason() + ")"));
        // Of each kind a few: dozens of one must not bury the others.
        for (Hazard.Kind kind : Hazard.Kind.values()) {
            List<Hazard> ofKind = plan.hazards().stream()
                    .filter(hazard -> hazard.kind() == kind)
                    .toList();
            if (kind == Hazard.Kind.ACTION_CHANGES_FROM_SET && ofKind.size() > 1) {
                console.warn(
                        "hazard: " + ofKind.size() + " foreign keys say SET NULL or SET DEFAULT today and will cascade;"
                                + " cascade_keep_set_null = true leaves all of them");
            }
            if (kind == Hazard.Kind.NO_INDEX) {
                ofKind.forEach(hazard -> console.warn("hazard: " + hazard + "; a plan has the statements"));
            } else {
                warn(ofKind, "hazard: ");
            }
        }
    }

    /**
     * At the end: what was done, and what is open.
     *
     * @param nextVersion the version that the next migration can have; empty if nobody knows
     */
    void finish(MigrationReport report, CascadePlan plan, Optional<String> nextVersion) {
        int ours = report.converted().size();
        if (ours == 0 && report.validated().isEmpty() && report.indexes().isEmpty()) {
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
                            : ", " + report.validated().size() + " validated")
                    + (report.indexes().isEmpty() ? "" : ", " + report.indexes().size() + " indexes built"));
        }
        if (!plan.decided().isEmpty()) {
            console.info("decided, and not counted: " + plan.decided());
        }
        warn(plan.notSeen(), "not seen: ");
        warn(plan.interceptors().stream().filter(each -> !each.accepted()).toList(), "");
        reportOpen(plan, nextVersion);
    }

    private void warn(List<?> subjects, String before) {
        subjects.stream().limit(MOST_LISTED).forEach(each -> console.warn(before + each));
        if (subjects.size() > MOST_LISTED) {
            console.warn("  and " + (subjects.size() - MOST_LISTED) + " more; a plan lists all of them");
        }
    }

    /** What is open somebody has to decide about: said together with a decision that can be pasted. This version is applied. */
    private void reportOpen(CascadePlan plan, Optional<String> nextVersion) {
        if (!plan.open().isEmpty()) {
            console.warn(plan.openSummary() + ':');
            warn(plan.openLines(), "  ");
        }
        if (!plan.data().undeclaredSentence().isEmpty()) {
            console.warn(plan.data().undeclaredSentence());
        }
        List<String> advice = plan.advice().lines();
        if (!advice.isEmpty()) {
            String version = nextVersion.orElse("<next>");
            console.warn("to decide as proposed (a plan gives the reasons): class V" + version
                    + "__CascadeCleanup extends dev.cascadecleanup.CascadeMigration, or plan --format sql > V" + version
                    + "__CascadeCleanup.sql, with these placeholders:");
            advice.stream().limit(MOST_LISTED).forEach(line -> console.warn("  " + line));
            if (advice.size() > MOST_LISTED) {
                console.warn("  and " + (advice.size() - MOST_LISTED) + " more lines; a plan has all of them");
            }
        }
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
