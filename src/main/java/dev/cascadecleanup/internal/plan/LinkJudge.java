package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Depths;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.ReachedTable;
import dev.cascadecleanup.plan.Verdict;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Says of each foreign key on a reached table whether it refuses the delete, and why. */
final class LinkJudge {

    private static final Set<Link.Effect> SETTING = EnumSet.of(Link.Effect.SET_NULL, Link.Effect.SET_DEFAULT);

    private final References references;
    private final Definitions definitions;
    private final Product product;
    private final Set<Long> sources;
    private final Map<Long, ReachedTable> tables;
    private final Map<Long, Integer> longest;

    LinkJudge(
            References references,
            Definitions definitions,
            Product product,
            Set<Long> sources,
            Map<Long, ReachedTable> tables,
            Map<Long, Integer> longest) {
        this.references = references;
        this.definitions = definitions;
        this.product = product;
        this.sources = sources;
        this.tables = tables;
        this.longest = longest;
    }

    Link judge(ForeignKey fk) {
        Link link = judgeAction(fk);
        return link.verdict() == Verdict.SAFE && product == Product.POSTGRESQL ? judgeSecondWrites(link) : link;
    }

    private Link judgeAction(ForeignKey fk) {
        return switch (definitions.effect(fk)) {
            case DELETED -> judgeCascade(fk);
            case SET_NULL -> judgeSetNull(fk);
            case SET_DEFAULT ->
                link(
                        fk,
                        Link.Effect.SET_DEFAULT,
                        Verdict.DEPENDS_ON_DATA,
                        "the default must be NULL or reference a row that stays");
            case CHECKED -> judgeCheck(fk);
            case LEFT_BEHIND ->
                link(
                        fk,
                        Link.Effect.LEFT_BEHIND,
                        Verdict.SAFE,
                        "it is NOT ENFORCED or its trigger is switched off, so its rows are left behind");
        };
    }

    private Link judgeCascade(ForeignKey fk) {
        List<ForeignKey> rivals = twins(fk, EnumSet.of(ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT));
        return rivals.isEmpty()
                ? link(fk, Link.Effect.DELETED, Verdict.SAFE, "its rows are deleted too")
                : link(fk, Link.Effect.DELETED, Verdict.ORDER_DEPENDENT, rivalry(rivals));
    }

    private Link judgeSetNull(ForeignKey fk) {
        ForeignKeyDefinition definition = definitions.of(fk);
        List<String> columns = changedColumns(definition);
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
                .filter(other ->
                        definitions.of(other).referencedColumns().stream().anyMatch(columns::contains))
                .toList();
        if (!dependents.isEmpty()) {
            return link(
                    fk,
                    Link.Effect.SET_NULL,
                    Verdict.DEPENDS_ON_DATA,
                    "the column is itself referenced by " + dependents.get(0).qualifiedName()
                            + ", whose ON UPDATE action decides");
        }
        return link(fk, Link.Effect.SET_NULL, Verdict.SAFE, "the reference is set to NULL and the row stays");
    }

    /** Those that SET NULL and SET DEFAULT change. */
    private static List<String> changedColumns(ForeignKeyDefinition definition) {
        return definition.onDeleteColumns().isEmpty() ? definition.columns() : definition.onDeleteColumns();
    }

    private Link judgeCheck(ForeignKey fk) {
        CheckTiming timing = CheckTiming.of(product, definitions.of(fk));
        Verdict byDepth = timing.verdict(referencedDepths(fk), referencingDepths(fk));
        List<ForeignKey> twins = twins(
                fk, EnumSet.of(ReferentialAction.CASCADE, ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT));
        if (!twins.isEmpty() && byDepth != Verdict.SAFE) {
            String twin = twins.get(0).qualifiedName() + " has the same columns and ON DELETE "
                    + definitions.of(twins.get(0)).onDelete().sql();
            return product == Product.COCKROACHDB
                    ? link(fk, Link.Effect.CHECKED, Verdict.SAFE, twin + ", which wins")
                    : timing == CheckTiming.AFTER_ALL_CASCADES
                            ? link(fk, Link.Effect.CHECKED, Verdict.SAFE, twin + ", and this one is checked at commit")
                            : link(
                                    fk,
                                    Link.Effect.CHECKED,
                                    Verdict.ORDER_DEPENDENT,
                                    twin + "; the one whose trigger sorts first wins");
        }
        List<ForeignKey> setters = references.overlapping(
                fk, definitions, EnumSet.of(ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT));
        if (byDepth == Verdict.REFUSES && !setters.isEmpty()) {
            return link(
                    fk,
                    Link.Effect.CHECKED,
                    Verdict.DEPENDS_ON_DATA,
                    setters.get(0).qualifiedName() + " may clear the column before");
        }
        return link(fk, Link.Effect.CHECKED, byDepth, reason(fk, timing, byDepth));
    }

    /**
     * PostgreSQL checks every foreign key of a row, and not only those whose columns change, when a transaction updates a row that
     * it has written before (ri_triggers.c, {@code RI_FKey_fk_upd_check_required}). So two SET NULL in one delete make it look for
     * rows that are deleted already, although the cascade or the SET NULL that answers for that is only waiting for its turn.
     */
    private Link judgeSecondWrites(Link link) {
        ForeignKey fk = link.foreignKey();
        boolean checkedAtOnce = link.effect() != Link.Effect.LEFT_BEHIND
                && link.definition().deferrability() != Deferrability.INITIALLY_DEFERRED;
        List<ForeignKey> setters = checkedAtOnce ? setters(fk) : List.of();
        for (ForeignKey last : setters) {
            // The one that can be first at all is enough.
            ForeignKey first = setters.stream()
                    .filter(other -> !other.columns().equals(last.columns()) && mayBeOfOneRow(other, last))
                    .findFirst()
                    .orElse(null);
            if (first != null && isCheckedTooEarly(fk, first, last)) {
                return new Link(
                        fk,
                        link.definition(),
                        link.effect(),
                        Verdict.ORDER_DEPENDENT,
                        link.referenced(),
                        link.referencing(),
                        link.definition().onDelete() != ReferentialAction.RESTRICT,
                        first.qualifiedName() + " and " + last.qualifiedName()
                                + " may both update a row in one delete; the second update checks this foreign key too, perhaps before"
                                + " its own turn comes");
            }
        }
        return link;
    }

    /** The other foreign keys of the same rows that update them in the course of the delete, the earliest first. */
    private List<ForeignKey> setters(ForeignKey fk) {
        return references.of(references.root(fk.table())).stream()
                .filter(other -> other != fk && mayBeOfOneRow(other, fk))
                .filter(other -> SETTING.contains(definitions.effect(other))
                        && tables.containsKey(references.root(other.referencedTable())))
                .filter(other -> Collections.disjoint(changedColumns(definitions.of(other)), fk.columns()))
                .sorted(Comparator.comparingInt(other -> referencedDepths(other).shallowest()))
                .toList();
    }

    /** A row is in one partition only. */
    private static boolean mayBeOfOneRow(ForeignKey fk, ForeignKey other) {
        return fk.table().equals(other.table())
                || !fk.table().partition()
                || !other.table().partition();
    }

    /**
     * What a row deleted at depth d sets to NULL, it does in pass d + 1; the check follows in pass d + 2. There it refuses a row that is
     * still the same, and whose referenced row is gone.
     */
    private boolean isCheckedTooEarly(ForeignKey fk, ForeignKey first, ForeignKey last) {
        Depths checked = referencedDepths(fk);
        int shallowest = Math.max(
                Math.max(
                        referencedDepths(first).shallowest(),
                        referencedDepths(last).shallowest()),
                checked.shallowest() - 2);
        int deepest = Math.min(
                Math.min(referencedDepths(last).deepest(), referencingDepths(fk).deepest() - 2), checked.deepest() - 1);
        return shallowest <= deepest;
    }

    /** Foreign keys with the same columns and the same referenced row that do one of these things to the referencing rows. */
    private List<ForeignKey> twins(ForeignKey fk, Set<ReferentialAction> actions) {
        return references.overlapping(fk, definitions, actions).stream()
                .filter(other -> References.sameReference(fk, other))
                .toList();
    }

    private String rivalry(List<ForeignKey> rivals) {
        return rivals.get(0).qualifiedName() + " has the same columns and ON DELETE "
                + definitions.of(rivals.get(0)).onDelete().sql()
                + (product == Product.POSTGRESQL
                        ? "; the one whose trigger sorts first decides whether the row stays"
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
        String maybe = referencing.isBounded()
                ? ""
                : "; rows of " + fk.table().name() + " without a guaranteed way in may stay";
        if (timing == CheckTiming.AFTER_ALL_CASCADES) {
            return "checked when all cascades are done" + maybe;
        }
        return "a row deleted at depth d is checked in pass d + 1: "
                + fk.referencedTable().name() + " goes at depth "
                + tables.get(references.root(fk.referencedTable())).depths() + ", "
                + fk.table().name() + " at depth " + referencing
                + (verdict == Verdict.ORDER_DEPENDENT ? ", in the same pass as the check" : "") + maybe;
    }

    private Link link(ForeignKey fk, Link.Effect effect, Verdict verdict, String reason) {
        Depths referencing = referencingDepths(fk);
        boolean closedByDeferring = product == Product.POSTGRESQL
                && effect == Link.Effect.CHECKED
                && verdict != Verdict.SAFE
                && referencing.isBounded()
                && definitions.of(fk).onDelete() == ReferentialAction.NO_ACTION;
        return new Link(
                fk, definitions.of(fk), effect, verdict, referencedDepths(fk), referencing, closedByDeferring, reason);
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
