package dev.cascadecleanup.cli;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.plan.Durations;
import dev.cascadecleanup.internal.plan.Sizes;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.plan.MissingIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A plan for people: what changes, in which order, under which locks, and what to know first. */
final class PlanText {

    private final CascadePlan plan;
    private final CascadeOptions options;
    private final UnaryOperator<String> asTyped;
    private final List<String> lines = new ArrayList<>();

    /** @param asTyped calls a placeholder what was typed for it */
    PlanText(CascadePlan plan, CascadeOptions options, UnaryOperator<String> asTyped) {
        this.asTyped = asTyped;
        this.plan = plan;
        this.options = options;
    }

    String write() {
        lines.add("Plan for " + plan.server() + ", foreign keys on " + joined(plan.parents())
                + (options.scope() == CascadeOptions.Scope.CLOSURE ? " and below" : "") + ": "
                + plan.conversions().size() + " to convert, "
                + plan.alreadyDone().size() + " already as they should be, "
                + plan.kept().size() + " kept");
        summary().forEach(line -> lines.add("  " + line));
        conversions();
        section(
                "Kept",
                plan.kept().stream()
                        .map(kept -> kept.foreignKey() + " ON DELETE "
                                + kept.foreignKey().definition().describeOnDelete() + " (" + kept.reason() + ")")
                        .toList());
        if (!plan.conversions().isEmpty()) {
            section("Locks", locks());
        }
        section("Hazards", plan.hazards().stream().map(Object::toString).toList());
        if (!plan.open().isEmpty()) {
            section("To be decided (" + plan.openSummary() + ")", plan.openLines());
        }
        section(
                "Triggers and rules that take part",
                plan.interceptors().stream().map(Object::toString).toList());
        section("Not seen", plan.notSeen().stream().map(Object::toString).toList());
        section(
                "A decision for each (or put the entry into another option, or into cascade_keep)",
                plan.advice().proposalLines());
        section(
                "The same to paste, for a migration that is not applied yet",
                plan.advice().lines());
        section("Missing indexes", indexes());
        section(
                "Refused, and nothing would be changed",
                plan.problems().stream().map(Object::toString).map(asTyped).toList());
        return String.join("\n", lines);
    }

    /** What to know at once. */
    private List<String> summary() {
        List<String> summary = new ArrayList<>();
        if (!plan.problems().isEmpty()) {
            summary.add("It would be refused, see the end");
        }
        if (!plan.open().isEmpty()) {
            summary.add(plan.openSummary() + ": to be decided, see below");
        }
        if (!plan.decided().isEmpty()) {
            summary.add("Decided, and not counted: " + plan.decided());
        }
        long setting = plan.hazards().stream()
                .filter(hazard -> hazard.kind() == Hazard.Kind.ACTION_CHANGES_FROM_SET)
                .count();
        if (setting > 0) {
            summary.add(setting + (setting == 1 ? " foreign key says" : " foreign keys say")
                    + " SET NULL or SET DEFAULT today and will cascade; cascade_keep_set_null = true leaves "
                    + (setting == 1 ? "it" : "all of them"));
        }
        if (!plan.data().asOf().isEmpty()) {
            summary.add("rows are counted as of " + plan.data().asOf());
        }
        if (!plan.data().undeclaredSentence().isEmpty()) {
            summary.add(plan.data().undeclaredSentence());
        }
        return summary;
    }

    private void conversions() {
        int width = String.valueOf(plan.conversions().size()).length();
        List<String> numbered = new ArrayList<>();
        for (Conversion conversion : plan.conversions()) {
            numbered.add(("[%" + width + "d/%d] %s")
                    .formatted(numbered.size() + 1, plan.conversions().size(), conversion));
        }
        section("In this order", numbered);
    }

    private List<String> indexes() {
        List<String> text = new ArrayList<>();
        for (MissingIndex index : plan.indexes().missing()) {
            text.add(index
                    + (index.bytes() < 0 ? "" : ", a table of " + Sizes.text(index.bytes()))
                    + (index.rows() < 0 ? "" : ", about " + index.rows() + " rows")
                    + (index.estimatedBytes() < 0
                            ? ""
                            : "; the index takes " + Sizes.text(index.estimatedBytes()) + " at most"));
            index.statements().forEach(statement -> text.add("  " + statement + ";"));
        }
        text.addAll(plan.indexes().remarks());
        return text;
    }

    private List<String> locks() {
        String maxWait = Durations.format(options.maxWait());
        if (plan.server().product() == Product.COCKROACHDB) {
            return List.of(
                    "Each: ADD CONSTRAINT under a temporary name, validated online, then DROP of the old one, then RENAME; open"
                            + " transactions on the two tables are waited for, others go on.",
                    "Deletes on the parent cascade from the first statement on. No progress for " + maxWait
                            + " ends the run.");
        }
        return List.of(
                "Each: SHARE UPDATE EXCLUSIVE on both tables, which stops no client, then ACCESS EXCLUSIVE on both for a change of"
                        + " the catalog, about a millisecond; one attempt may take "
                        + Durations.format(options.lockTimeout())
                        + " and so make others queue, and is repeated for up to " + maxWait + ".",
                options.validate()
                        ? "Then VALIDATE CONSTRAINT reads the table once, while clients go on."
                        : "They stay NOT VALID (validate = false).");
    }

    private void section(String title, List<String> content) {
        if (!content.isEmpty()) {
            lines.add("");
            lines.add(title + ":");
            content.forEach(line -> lines.add("  " + line));
        }
    }

    private static String joined(List<?> names) {
        return names.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
