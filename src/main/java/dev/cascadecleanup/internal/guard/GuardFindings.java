package dev.cascadecleanup.internal.guard;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.internal.run.HistoryTable;
import dev.cascadecleanup.internal.run.NextVersion;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a plan says to somebody who does not want to migrate but to know whether all is well.
 *
 * @param migrated whether there was a migration to guard
 * @param violations foreign keys that refuse the delete, do nothing or take rows of others, rules and the like in its way, and no option
 *     excludes them
 * @param remedy what to do about them, in lines
 * @param problems options that do not fit the database
 * @param notSeen what could not be looked at, so that nobody knows whether it refuses
 */
public record GuardFindings(
        boolean migrated, List<String> violations, List<String> remedy, List<String> problems, List<String> notSeen) {

    static final GuardFindings NOT_MIGRATED = new GuardFindings(false, List.of(), List.of(), List.of(), List.of());

    /** There is a migration to guard, everything was seen, and no foreign key refuses the delete. */
    public boolean allWell() {
        return migrated && violations.isEmpty() && notSeen.isEmpty();
    }

    /**
     * By a plan, over the connection that it was made on.
     *
     * @param history where Flyway's history is, for the version of what is recommended
     */
    public static GuardFindings of(
            CascadePlan plan, Connection connection, HistoryTable history, CascadeOptions options) throws SQLException {
        List<String> violations = new ArrayList<>();
        plan.conversions().forEach(conversion -> violations.add(describe(conversion)));
        List<String> remedy = new ArrayList<>();
        boolean closure = options.scope() == CascadeOptions.Scope.CLOSURE;
        boolean open = closure && !plan.advice().isEmpty();
        if (!plan.conversions().isEmpty() || open) {
            Optional<String> next = NextVersion.read(connection, plan.server().product(), history);
            remedy.addAll(Remedy.of(plan.conversions(), plan.server(), options, next));
            if (open) {
                remedy.addAll(Remedy.ofOpen(plan.advice(), next));
            }
        }
        plan.ineffective(closure)
                .forEach(link -> violations.add(link.foreignKey()
                        + " does nothing (NOT ENFORCED, or its trigger is switched off): its rows stay behind"));
        List<String> notSeen =
                new ArrayList<>(plan.notSeen().stream().map(Object::toString).toList());
        if (closure) {
            plan.open().forEach(link -> violations.add(link.toString()));
            plan.interceptors().stream()
                    .filter(each -> !each.accepted())
                    .forEach(each -> (each.swallows() ? violations : notSeen).add(each.toString()));
        }
        return new GuardFindings(
                true,
                violations,
                remedy,
                plan.optionProblems().stream().map(Object::toString).toList(),
                notSeen);
    }

    private static String describe(Conversion conversion) {
        return conversion.foreignKey() + " is ON DELETE "
                + conversion.foreignKey().definition().describeOnDelete();
    }

    /** The violations, and what to do about them. */
    public String violationText() {
        List<String> lines = new ArrayList<>();
        lines.add(
                violations.size() == 1
                        ? "1 foreign key keeps a row of the parent from being deleted, leaves rows behind, or takes rows of others with it:"
                        : violations.size()
                                + " foreign keys keep a row of the parent from being deleted, leave rows behind, or take rows of others with it:");
        violations.forEach(violation -> lines.add("  - " + violation));
        lines.addAll(remedy);
        return String.join(System.lineSeparator(), lines);
    }
}
