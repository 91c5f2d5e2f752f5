package dev.cascadecleanup.internal.guard;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.run.HistoryTable;
import dev.cascadecleanup.internal.run.NextVersion;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a plan says to somebody who does not want to migrate but to know whether all is well.
 *
 * @param migrated whether there was a migration to guard
 * @param violations foreign keys that refuse the delete and that no option excludes
 * @param remedy what to do about them, in lines
 * @param warnings foreign keys that refuse it for some rows only
 * @param problems options that do not fit the database
 * @param notSeen what could not be looked at, so that nobody knows whether it refuses
 */
public record GuardFindings(
        boolean migrated,
        List<String> violations,
        List<String> remedy,
        List<String> warnings,
        List<String> problems,
        List<String> notSeen) {

    static final GuardFindings NOT_MIGRATED =
            new GuardFindings(false, List.of(), List.of(), List.of(), List.of(), List.of());

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
        List<String> warnings = new ArrayList<>();
        plan.conversions().forEach(conversion -> violations.add(describe(conversion)));
        List<String> remedy = plan.conversions().isEmpty()
                ? List.of()
                : Remedy.of(
                        plan.conversions(),
                        plan.server(),
                        options,
                        NextVersion.read(connection, plan.server().product(), history));
        Set<ForeignKey> excluded = new HashSet<>();
        plan.kept().forEach(kept -> excluded.add(kept.foreignKey()));
        boolean closure = options.scope() == CascadeOptions.Scope.CLOSURE;
        for (Link link : closure ? plan.open() : List.<Link>of()) {
            if (!excluded.contains(link.foreignKey())) {
                String how = plan.advice().lines().stream()
                        .filter(line -> line.startsWith("cascade_"))
                        .collect(Collectors.joining(" and "));
                (link.verdict() == Verdict.REFUSES ? violations : warnings)
                        .add(link + (how.isEmpty() ? "" : ". To close it: " + how));
            }
        }
        return new GuardFindings(
                true,
                violations,
                remedy,
                warnings,
                plan.optionProblems().stream().map(Object::toString).toList(),
                plan.notSeen().stream().map(Object::toString).toList());
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
                        ? "1 foreign key keeps a row of the parent from being deleted:"
                        : violations.size() + " foreign keys keep a row of the parent from being deleted:");
        violations.forEach(violation -> lines.add("  - " + violation));
        lines.addAll(remedy);
        return String.join(System.lineSeparator(), lines);
    }
}
