package dev.cascadecleanup.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.jdbc.Identifiers;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Says of each foreign key on a reached table whether it refuses the delete, and why. */
final class LinkJudge {

    private final References references;
    private final Definitions definitions;
    private final Product product;
    private final Set<Long> sources;
    private final Map<Long, ReachedTable> tables;
    private final Map<Long, Integer> longest;

    LinkJudge(References references, Definitions definitions, Product product, Set<Long> sources, Map<Long, ReachedTable> tables,
            Map<Long, Integer> longest) {
        this.references = references;
        this.definitions = definitions;
        this.product = product;
        this.sources = sources;
        this.tables = tables;
        this.longest = longest;
    }

    Link judge(ForeignKey fk) {
        return switch (definitions.effect(fk)) {
            case DELETED -> judgeCascade(fk);
            case SET_NULL -> judgeSetNull(fk);
            case SET_DEFAULT -> link(fk, Link.Effect.SET_DEFAULT, Verdict.DEPENDS_ON_DATA,
                    "the default must be NULL or reference a row that stays");
            case CHECKED -> judgeCheck(fk);
            case LEFT_BEHIND -> link(fk, Link.Effect.LEFT_BEHIND, Verdict.SAFE,
                    "it is NOT ENFORCED or its trigger is switched off, so its rows are left behind");
        };
    }

    private Link judgeCascade(ForeignKey fk) {
        List<ForeignKey> rivals = twins(fk, EnumSet.of(ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT));
        return rivals.isEmpty() ? link(fk, Link.Effect.DELETED, Verdict.SAFE, "its rows are deleted too")
                : link(fk, Link.Effect.DELETED, Verdict.ORDER_DEPENDENT, rivalry(rivals));
    }

    private Link judgeSetNull(ForeignKey fk) {
        ForeignKeyDefinition definition = definitions.of(fk);
        Set<String> columns = new TreeSet<>(
                definition.onDeleteColumns().isEmpty() ? definition.columns() : definition.onDeleteColumns());
        Set<String> notNull = new TreeSet<>(columns);
        notNull.removeAll(fk.nullableColumns());
        if (!notNull.isEmpty()) {
            return link(fk, Link.Effect.SET_NULL, Verdict.REFUSES, Identifiers.displayAll(notNull) + " is NOT NULL");
        }
        List<ForeignKey> rivals = twins(fk, EnumSet.of(ReferentialAction.CASCADE, ReferentialAction.SET_DEFAULT));
        if (!rivals.isEmpty()) {
            return link(fk, Link.Effect.SET_NULL, Verdict.ORDER_DEPENDENT, rivalry(rivals));
        }
        List<ForeignKey> dependents = references.on(references.root(fk.table())).stream()
                .filter(other -> definitions.of(other).referencedColumns().stream().anyMatch(columns::contains))
                .toList();
        if (!dependents.isEmpty()) {
            return link(fk, Link.Effect.SET_NULL, Verdict.DEPENDS_ON_DATA, "the column is itself referenced by "
                    + dependents.get(0).qualifiedName() + ", whose ON UPDATE action decides");
        }
        return link(fk, Link.Effect.SET_NULL, Verdict.SAFE, "the reference is set to NULL and the row stays");
    }

    private Link judgeCheck(ForeignKey fk) {
        CheckTiming timing = CheckTiming.of(product, definitions.of(fk));
        Verdict byDepth = timing.verdict(referencedDepths(fk), referencingDepths(fk));
        List<ForeignKey> twins = twins(fk,
                EnumSet.of(ReferentialAction.CASCADE, ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT));
        if (!twins.isEmpty() && byDepth != Verdict.SAFE) {
            String twin = twins.get(0).qualifiedName() + " has the same columns and ON DELETE "
                    + definitions.of(twins.get(0)).onDelete().sql();
            return product == Product.COCKROACHDB
                    ? link(fk, Link.Effect.CHECKED, Verdict.SAFE, twin + ", which wins")
                    : timing == CheckTiming.AFTER_ALL_CASCADES
                    ? link(fk, Link.Effect.CHECKED, Verdict.SAFE, twin + ", and this one is checked at commit")
                    : link(fk, Link.Effect.CHECKED, Verdict.ORDER_DEPENDENT, twin + "; the one whose trigger sorts first wins");
        }
        List<ForeignKey> setters = references.overlapping(fk, definitions,
                EnumSet.of(ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT));
        if (byDepth == Verdict.REFUSES && !setters.isEmpty()) {
            return link(fk, Link.Effect.CHECKED, Verdict.DEPENDS_ON_DATA, setters.get(0).qualifiedName()
                    + " may clear the column before");
        }
        return link(fk, Link.Effect.CHECKED, byDepth, reason(fk, timing, byDepth));
    }

    /** Foreign keys with the same columns and the same referenced row that do one of these things to the referencing rows. */
    private List<ForeignKey> twins(ForeignKey fk, Set<ReferentialAction> actions) {
        return references.overlapping(fk, definitions, actions).stream().filter(other -> References.sameReference(fk, other)).toList();
    }

    private String rivalry(List<ForeignKey> rivals) {
        return rivals.get(0).qualifiedName() + " has the same columns and ON DELETE " + definitions.of(rivals.get(0)).onDelete().sql()
                + (product == Product.POSTGRESQL ? "; the one whose trigger sorts first decides whether the row stays"
                : "; the one that was created first decides whether the row stays");
    }

    private String reason(ForeignKey fk, CheckTiming timing, Verdict verdict) {
        Depths referencing = referencingDepths(fk);
        if (sources.contains(references.root(fk.table()))) {
            return "rows of other " + fk.table().name() + " may reference a deleted row, and they stay";
        }
        if (!referencing.isReached()) {
            return "rows of " + fk.table().name() + " are not deleted";
        }
        String maybe = referencing.isBounded() ? "" : "; rows of " + fk.table().name() + " without a guaranteed way in may stay";
        if (timing == CheckTiming.AFTER_ALL_CASCADES) {
            return "checked when all cascades are done" + maybe;
        }
        return "a row deleted at depth d is checked in pass d + 1: " + fk.referencedTable().name() + " goes at depth "
                + tables.get(references.root(fk.referencedTable())).depths() + ", " + fk.table().name() + " at depth " + referencing
                + (verdict == Verdict.ORDER_DEPENDENT ? ", in the same pass as the check" : "") + maybe;
    }

    private Link link(ForeignKey fk, Link.Effect effect, Verdict verdict, String reason) {
        return new Link(fk, definitions.of(fk), effect, verdict, referencedDepths(fk), referencingDepths(fk), reason);
    }

    /** The depth of a referenced row, given that it is deleted. */
    private Depths referencedDepths(ForeignKey fk) {
        long oid = references.root(fk.referencedTable());
        Depths depths = tables.get(oid).depths();
        return new Depths(depths.shallowest(), Math.min(depths.deepest(), longest.get(oid)));
    }

    private Depths referencingDepths(ForeignKey fk) {
        ReachedTable reached = tables.get(references.root(fk.table()));
        return reached == null ? Depths.UNREACHED : reached.depths();
    }
}
