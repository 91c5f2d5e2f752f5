package dev.cascadecleanup.internal.guard;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.engine.ConstraintSql;
import dev.cascadecleanup.internal.plan.TemporaryNames;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a plan says to somebody who does not want to migrate but to know whether all is well.
 *
 * @param migrated whether there was a migration to guard
 * @param violations foreign keys that refuse the delete and that no option excludes, each with the statement that mends it
 * @param warnings foreign keys that refuse it for some rows only
 * @param problems options that do not fit the database
 */
public record GuardFindings(boolean migrated, List<String> violations, List<String> warnings, List<String> problems) {

    static final GuardFindings NOT_MIGRATED = new GuardFindings(false, List.of(), List.of(), List.of());

    /** There is a migration to guard, and no foreign key refuses the delete. */
    public boolean allWell() {
        return migrated && violations.isEmpty();
    }

    public static GuardFindings of(CascadePlan plan, Product product, CascadeOptions options) {
        List<String> violations = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        plan.conversions().forEach(conversion -> violations.add(describe(conversion, product)));
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
                warnings,
                plan.problems().stream().map(Object::toString).toList());
    }

    private static String describe(Conversion conversion, Product product) {
        return conversion.foreignKey() + " is ON DELETE "
                + conversion.foreignKey().definition().describeOnDelete() + ". To mend it: "
                + statement(conversion, product) + ". To leave it so: cascade_keep = "
                + conversion.foreignKey().qualifiedName();
    }

    private static String statement(Conversion conversion, Product product) {
        ForeignKey fk = conversion.foreignKey();
        if (product == Product.POSTGRESQL && fk.table().kind() != TableKind.PARTITIONED_TABLE) {
            // As the migration does it: without NOT VALID the old rows would be read while nobody can use either table.
            return ConstraintSql.alter(
                            fk.table().name(),
                            ConstraintSql.drop(fk.name()),
                            ConstraintSql.add(fk.name(), conversion.target()) + " NOT VALID")
                    + (conversion.target().validated()
                            ? "; " + ConstraintSql.alter(fk.table().name(), ConstraintSql.validate(fk.name()))
                            : "");
        }
        if (product == Product.POSTGRESQL) {
            return ConstraintSql.alter(
                    fk.table().name(),
                    ConstraintSql.drop(fk.name()),
                    ConstraintSql.add(fk.name(), conversion.target()));
        }
        // CockroachDB cannot do both in one statement, and a drop before the add would leave a moment without any.
        String temporary = TemporaryNames.of(fk.table().name(), fk.name());
        return ConstraintSql.alter(fk.table().name(), ConstraintSql.add(temporary, conversion.target())) + "; "
                + ConstraintSql.alter(fk.table().name(), ConstraintSql.drop(fk.name())) + "; "
                + ConstraintSql.alter(fk.table().name(), ConstraintSql.rename(temporary, fk.name()));
    }

    public String violationText() {
        return violations.size() + " foreign keys keep a row of the parent from being deleted:" + System.lineSeparator()
                + violations.stream()
                        .map(violation -> "  - " + violation)
                        .collect(Collectors.joining(System.lineSeparator()));
    }
}
