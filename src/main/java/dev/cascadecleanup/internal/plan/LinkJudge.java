package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.NullDoubt;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Depths;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.Judgement;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.ReachedTable;
import dev.cascadecleanup.plan.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The one judgement: says of each foreign key on a reached table what becomes of the rows of the deleted person, of somebody else and of
 * nobody behind it, and so whether somebody has to decide about it.
 */
final class LinkJudge {

    private static final Set<Link.Effect> SETTING = EnumSet.of(Link.Effect.SET_NULL, Link.Effect.SET_DEFAULT);

    private final References references;
    private final Definitions definitions;
    private final Product product;
    private final Set<Long> sources;
    private final Map<Long, ReachedTable> tables;
    private final Map<Long, Integer> longest;
    private final Owners owners;

    LinkJudge(
            References references,
            Definitions definitions,
            Product product,
            Set<Long> sources,
            Map<Long, ReachedTable> tables,
            Map<Long, Integer> longest,
            Function<ForeignKey, Decision> decisions) {
        this.references = references;
        this.definitions = definitions;
        this.product = product;
        this.sources = sources;
        this.tables = tables;
        this.longest = longest;
        this.owners = new Owners(references, definitions, sources, tables.keySet(), decisions);
    }

    /** What is found out about one foreign key, step by step. */
    private final class Draft {

        private final ForeignKey fk;
        private final Link.Effect effect;
        private final boolean source;
        private final boolean reached;
        // The worst, until it is found out.
        private Fate own = Fate.REFUSES;
        private Fate ofOthers = Fate.REFUSES;
        private Fate ownToOthers = Fate.REFUSES;
        private Fate withoutOwner = Fate.REFUSES;
        private boolean refusesAlways;
        private boolean closedByDeferring;
        private String reason = "";

        Draft(ForeignKey fk) {
            this.fk = fk;
            this.effect = definitions.effect(fk);
            this.source = isSource(fk.table());
            this.reached = referencingDepths(fk).isReached();
        }

        /** What becomes of the kinds of rows that the schema allows. */
        void fates(Fate ofOwn, Fate ofOther, Fate ofNobody) {
            // A deleted row of the parent is gone before anything is looked at.
            own = source ? Fate.GOES : ofOwn;
            ofOthers = othersMayReference() ? ofOther : Fate.NO_SUCH_ROW;
            withoutOwner = nobodysMayReference() ? ofNobody : Fate.NO_SUCH_ROW;
            boolean throughAnother =
                    source || owners.other(fk).isPresent() || (effect != Link.Effect.DELETED && reached);
            ownToOthers = throughAnother ? Fate.GOES : Fate.NO_SUCH_ROW;
        }

        /** A row that goes with somebody else, or is another person. */
        private boolean othersMayReference() {
            return effect == Link.Effect.DELETED
                    ? source || owners.other(fk).isPresent()
                    : source || isWithSomebodyElse();
        }

        /** Goes with somebody else, or is somebody else's, which need not be the same. */
        private boolean isWithSomebodyElse() {
            long table = references.root(fk.table());
            return !reached
                    || Stream.concat(owners.ways(table).stream(), owners.of(table).stream())
                            .anyMatch(other -> owners.isAnother(fk, other));
        }

        private boolean nobodysMayReference() {
            ReachedTable table = tables.get(references.root(fk.table()));
            return !source && (table == null || !table.guaranteed() || effect == Link.Effect.DELETED);
        }

        Link link() {
            Judgement judgement = new Judgement(own, ofOthers, ownToOthers, withoutOwner);
            Decision decision = owners.decision(fk);
            boolean takes = effect == Link.Effect.DELETED && judgement.takesOthersRows() && owners.isToDecide(fk);
            return new Link(
                    fk,
                    definitions.of(fk),
                    effect,
                    judgement,
                    verdict(judgement, takes),
                    decision,
                    owners.undecided(references.root(fk.table())).contains(fk),
                    isOpen(judgement, decision) || takes,
                    referencedDepths(fk),
                    referencingDepths(fk),
                    closedByDeferring,
                    reason);
        }

        private Verdict verdict(Judgement judgement, boolean takes) {
            if (refusesAlways) {
                return Verdict.REFUSES;
            }
            Set<Fate> fates = EnumSet.of(judgement.own(), judgement.ofOthers(), judgement.withoutOwner());
            return fates.contains(Fate.REFUSES)
                    ? Verdict.DEPENDS_ON_DATA
                    : fates.contains(Fate.ANY_ORDER)
                            ? Verdict.ORDER_DEPENDENT
                            : takes ? Verdict.TAKES_OTHERS_ROWS : Verdict.SAFE;
        }

        private boolean isOpen(Judgement judgement, Decision decision) {
            boolean others =
                    judgement.ofOthers().mayRefuse() || judgement.withoutOwner().mayRefuse();
            return decision != Decision.KEEP
                    && (judgement.own().mayRefuse() || (others && decision != Decision.ACCEPT));
        }
    }

    Link judge(ForeignKey fk) {
        Draft draft = new Draft(fk);
        switch (draft.effect) {
            case DELETED -> judgeCascade(draft);
            case SET_NULL -> judgeSetNull(draft);
            case SET_DEFAULT -> judgeSetDefault(draft);
            case CHECKED -> judgeCheck(draft);
            case LEFT_BEHIND -> {
                draft.fates(draft.reached ? Fate.GOES : Fate.STAYS, Fate.STAYS, Fate.STAYS);
                draft.reason = "it is NOT ENFORCED or its trigger is switched off, so its rows are left behind";
            }
        }
        if (product == Product.POSTGRESQL) {
            judgeSecondWrites(draft);
        }
        return draft.link();
    }

    private void judgeCascade(Draft draft) {
        ForeignKey fk = draft.fk;
        List<ForeignKey> rivals = twins(fk, EnumSet.of(ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT));
        if (!rivals.isEmpty()) {
            draft.fates(Fate.ANY_ORDER, Fate.ANY_ORDER, Fate.ANY_ORDER);
            draft.reason = rivalry(rivals);
            return;
        }
        draft.fates(Fate.GOES, Fate.GOES, Fate.GOES);
        if (draft.source) {
            draft.reason = "a row goes with the one that it references, and it is another person";
        } else if (draft.ofOthers == Fate.GOES) {
            draft.reason = "a row goes with the row of " + fk.referencedTable().name()
                    + " that it references, also when it is" + " somebody else's by "
                    + owners.other(fk).map(LinkJudge::columns).orElseThrow();
        } else {
            draft.reason = "its rows go too";
        }
    }

    private void judgeSetNull(Draft draft) {
        ForeignKey fk = draft.fk;
        ForeignKeyDefinition definition = definitions.of(fk);
        List<String> columns = changedColumns(definition);
        Fate own = draft.reached ? Fate.GOES : Fate.DETACHED;
        Set<String> forbidden = new TreeSet<>(columns);
        forbidden.retainAll(fk.nullRules().forbidden());
        if (!forbidden.isEmpty()) {
            draft.fates(Fate.REFUSES, Fate.REFUSES, Fate.REFUSES);
            draft.refusesAlways = true;
            draft.reason = Identifiers.displayAll(forbidden) + " must not be NULL";
            return;
        }
        List<ForeignKey> rivals = twins(fk, EnumSet.of(ReferentialAction.CASCADE, ReferentialAction.SET_DEFAULT));
        if (!rivals.isEmpty()) {
            draft.fates(Fate.ANY_ORDER, Fate.ANY_ORDER, Fate.ANY_ORDER);
            draft.reason = rivalry(rivals);
            return;
        }
        List<String> doubts = columns.stream()
                .flatMap(column -> fk.nullRules().doubtful().getOrDefault(column, List.of()).stream())
                .map(NullDoubt::what)
                .distinct()
                .toList();
        if (!doubts.isEmpty()) {
            draft.fates(Fate.REFUSES, Fate.REFUSES, Fate.REFUSES);
            draft.reason = "refuses where " + String.join(" or ", doubts) + " then fails";
            return;
        }
        Optional<ForeignKey> full = references.of(references.root(fk.table())).stream()
                .filter(other -> definitions.of(other).match() == MatchType.FULL
                        && definitions.of(other).enforced()
                        && !Collections.disjoint(other.columns(), columns)
                        && !columns.containsAll(other.columns()))
                .findFirst();
        if (full.isPresent()) {
            draft.fates(Fate.REFUSES, Fate.REFUSES, Fate.REFUSES);
            draft.reason = Identifiers.displayAll(columns) + " becomes NULL and the other columns of "
                    + full.get().qualifiedName() + " do not, which is MATCH FULL";
            return;
        }
        List<ForeignKey> dependents = references.on(references.root(fk.table())).stream()
                .filter(other ->
                        definitions.of(other).referencedColumns().stream().anyMatch(columns::contains))
                .toList();
        if (!dependents.isEmpty()) {
            draft.fates(Fate.REFUSES, Fate.REFUSES, Fate.REFUSES);
            draft.reason = "the column is itself referenced by "
                    + dependents.get(0).qualifiedName() + ", whose ON UPDATE action decides";
            return;
        }
        draft.fates(own, Fate.DETACHED, Fate.DETACHED);
        draft.reason = "the row stays without the reference";
    }

    private void judgeSetDefault(Draft draft) {
        draft.fates(Fate.REFUSES, Fate.REFUSES, Fate.REFUSES);
        draft.reason = "the default must be NULL or reference a row that stays";
    }

    /** Those that SET NULL and SET DEFAULT change. */
    static List<String> changedColumns(ForeignKeyDefinition definition) {
        return definition.onDeleteColumns().isEmpty() ? definition.columns() : definition.onDeleteColumns();
    }

    private void judgeCheck(Draft draft) {
        ForeignKey fk = draft.fk;
        CheckTiming timing = CheckTiming.of(product, definitions.of(fk));
        Verdict byDepth = timing.verdict(referencedDepths(fk), referencingDepths(fk));
        List<ForeignKey> twins = twins(
                fk, EnumSet.of(ReferentialAction.CASCADE, ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT));
        if (!twins.isEmpty()) {
            judgeTwin(draft, twins.get(0), timing);
            return;
        }
        draft.fates(ownFate(draft, timing), Fate.REFUSES, Fate.REFUSES);
        List<ForeignKey> setters = references.overlapping(
                fk, definitions, EnumSet.of(ReferentialAction.SET_NULL, ReferentialAction.SET_DEFAULT));
        draft.refusesAlways = byDepth == Verdict.REFUSES && setters.isEmpty();
        draft.closedByDeferring = product == Product.POSTGRESQL
                && draft.own.mayRefuse()
                && draft.reached
                && definitions.of(fk).onDelete() == ReferentialAction.NO_ACTION;
        draft.reason = checkReason(draft, byDepth, setters);
    }

    /** Two on the same columns: on CockroachDB the one that changes rows wins, on PostgreSQL the one whose trigger sorts first. */
    private void judgeTwin(Draft draft, ForeignKey other, CheckTiming timing) {
        String twin = other.qualifiedName() + " has the same columns and ON DELETE "
                + definitions.of(other).onDelete().sql();
        boolean wins = product == Product.COCKROACHDB || timing == CheckTiming.AFTER_ALL_CASCADES;
        Fate fate = !wins ? Fate.ANY_ORDER : definitions.deletes(other) ? Fate.GOES : Fate.DETACHED;
        boolean inTime = timing.verdict(referencedDepths(draft.fk), referencingDepths(draft.fk)) == Verdict.SAFE;
        draft.fates(inTime ? Fate.GOES : fate, fate, fate);
        draft.reason = product == Product.COCKROACHDB
                ? twin + ", which wins"
                : wins
                        ? twin + ", and this one is checked at commit"
                        : twin + "; the one whose trigger sorts first wins";
    }

    /** Of a row that goes with the deleted person: whether it is gone when the database looks. */
    private Fate ownFate(Draft draft, CheckTiming timing) {
        if (draft.source) {
            return Fate.GOES;
        }
        Depths depths = referencingDepths(draft.fk);
        if (owners.of(references.root(draft.fk.table())).contains(draft.fk)) {
            // It says whose the row is, and nothing takes the row along for that.
            return Fate.REFUSES;
        }
        if (depths.isReached() && !depths.isBounded()) {
            depths = new Depths(
                    depths.shallowest(), Math.max(depths.shallowest(), longestWay(references.root(draft.fk.table()))));
            if (timing == CheckTiming.AFTER_ALL_CASCADES) {
                return Fate.GOES;
            }
        }
        return switch (timing.verdict(referencedDepths(draft.fk), depths)) {
            case SAFE, TAKES_OTHERS_ROWS -> Fate.GOES;
            case ORDER_DEPENDENT -> Fate.ANY_ORDER;
            case DEPENDS_ON_DATA, REFUSES -> Fate.REFUSES;
        };
    }

    private String checkReason(Draft draft, Verdict byDepth, List<ForeignKey> setters) {
        String table = draft.fk.table().name().toString();
        if (draft.source) {
            return "refuses while another row of " + table
                    + " references a deleted one: that is another person, who stays";
        }
        if (!draft.reached) {
            return setters.isEmpty()
                    ? "rows of " + table + " are not deleted"
                    : "rows of " + table + " are not deleted; " + setters.get(0).qualifiedName()
                            + " may clear the column before";
        }
        List<String> reasons = new ArrayList<>();
        String whose = draft.ofOthers == Fate.REFUSES
                ? draft.withoutOwner == Fate.REFUSES ? "somebody else's row, or nobody's," : "somebody else's row"
                : "a row of nobody";
        if (draft.ofOthers == Fate.REFUSES || draft.withoutOwner == Fate.REFUSES) {
            reasons.add("refuses while " + whose + " references it");
        }
        if (draft.own == Fate.REFUSES) {
            reasons.add(
                    byDepth == Verdict.REFUSES
                            ? "the deleted person's own row goes too late, when PostgreSQL has looked already"
                            : "the deleted person's own row may go too late, when PostgreSQL has looked already");
        } else if (draft.own == Fate.ANY_ORDER) {
            reasons.add(
                    "whether the deleted person's own row goes before PostgreSQL looks depends on the names of two triggers");
        }
        return reasons.isEmpty() ? "its rows go too, before the database looks" : String.join("; ", reasons);
    }

    /**
     * PostgreSQL checks every foreign key of a row, and not only those whose columns change, when a transaction updates a row that
     * it has written before (ri_triggers.c, {@code RI_FKey_fk_upd_check_required}). So two SET NULL in one delete make it look for
     * rows that are deleted already, although the cascade or the SET NULL that answers for that is only waiting for its turn.
     */
    private void judgeSecondWrites(Draft draft) {
        ForeignKey fk = draft.fk;
        ForeignKeyDefinition definition = definitions.of(fk);
        // What leaves its rows behind may have only the one trigger switched off: its check is not in time at commit
        // either.
        boolean checked = definition.enforced()
                && !Definitions.isSwitchedOff(fk, "CHECK_UPDATE")
                && (draft.effect == Link.Effect.LEFT_BEHIND
                        || definition.deferrability() != Deferrability.INITIALLY_DEFERRED);
        List<ForeignKey> setters = checked ? setters(fk) : List.of();
        for (ForeignKey last : setters) {
            // The one that can be first at all is enough.
            ForeignKey first = setters.stream()
                    .filter(other -> !other.columns().equals(last.columns()) && Owners.mayBeOfOneRow(other, last))
                    .findFirst()
                    .orElse(null);
            if (first == null) {
                continue;
            }
            boolean own = isCheckedTooEarly(fk, first, last, true);
            boolean others = own || isCheckedTooEarly(fk, first, last, false);
            if (own || others) {
                draft.own = own || draft.ofOthers == Fate.NO_SUCH_ROW ? orderOf(draft.own) : draft.own;
                draft.ofOthers = orderOf(draft.ofOthers);
                draft.withoutOwner = orderOf(draft.withoutOwner);
                draft.closedByDeferring =
                        draft.effect != Link.Effect.LEFT_BEHIND && definition.onDelete() != ReferentialAction.RESTRICT;
                draft.reason = first.qualifiedName() + " and " + last.qualifiedName()
                        + " may both update a row in one delete; the second update checks this foreign key too, perhaps"
                        + " before its own turn comes" + (draft.ofOthers == Fate.REFUSES ? "; " + draft.reason : "");
                return;
            }
        }
    }

    private static Fate orderOf(Fate fate) {
        return fate == Fate.GOES || fate == Fate.DETACHED || fate == Fate.STAYS ? Fate.ANY_ORDER : fate;
    }

    /** The other foreign keys of the same rows that update them in the course of the delete, the earliest first. */
    private List<ForeignKey> setters(ForeignKey fk) {
        return references.of(references.root(fk.table())).stream()
                .filter(other -> other != fk && Owners.mayBeOfOneRow(other, fk))
                .filter(other -> SETTING.contains(definitions.effect(other))
                        && tables.containsKey(references.root(other.referencedTable())))
                .filter(other -> Collections.disjoint(changedColumns(definitions.of(other)), fk.columns()))
                .sorted(Comparator.comparingInt(other -> referencedDepths(other).shallowest()))
                .toList();
    }

    /**
     * What a row deleted at depth d sets to NULL, it does in pass d + 1; the check follows in pass d + 2. There it refuses a row that is
     * still the same, and whose referenced row is gone. Rows that hang on several people may go later than their guaranteed way says.
     */
    private boolean isCheckedTooEarly(ForeignKey fk, ForeignKey first, ForeignKey last, boolean ofOnePerson) {
        Depths checked = depths(fk.referencedTable(), ofOnePerson);
        int shallowest = Math.max(
                Math.max(
                        referencedDepths(first).shallowest(),
                        referencedDepths(last).shallowest()),
                checked.shallowest() - 2);
        int gone = ofOnePerson ? referencingDepths(fk).deepest() : Depths.NEVER;
        // Where it leaves the row behind, nothing that answers for it comes later.
        int acts = definitions.effect(fk) == Link.Effect.LEFT_BEHIND ? Depths.NEVER : checked.deepest() - 1;
        int deepest =
                Math.min(Math.min(depths(last.referencedTable(), ofOnePerson).deepest(), gone - 2), acts);
        return shallowest <= deepest;
    }

    /** Foreign keys with the same columns and the same referenced row that do one of these things to the referencing rows. */
    private List<ForeignKey> twins(ForeignKey fk, Set<ReferentialAction> actions) {
        return references.overlapping(fk, definitions, actions).stream()
                .filter(other -> fk.referencesTheSameRow(other))
                .toList();
    }

    private String rivalry(List<ForeignKey> rivals) {
        return rivals.get(0).qualifiedName() + " has the same columns and ON DELETE "
                + definitions.of(rivals.get(0)).onDelete().sql()
                + (product == Product.POSTGRESQL
                        ? "; the one whose trigger sorts first decides whether the row stays"
                        : "; the one that was created first decides whether the row stays");
    }

    private static String columns(ForeignKey fk) {
        return Identifiers.displayAll(fk.columns());
    }

    private boolean isSource(Table table) {
        return sources.contains(references.root(table));
    }

    /** The depth of a referenced row, given that it is deleted. */
    private Depths referencedDepths(ForeignKey fk) {
        return depths(fk.referencedTable(), true);
    }

    private Depths depths(Table table, boolean ofOnePerson) {
        long oid = references.root(table);
        Depths depths = Objects.requireNonNull(tables.get(oid)).depths();
        int most = longestWay(oid);
        return new Depths(
                depths.shallowest(),
                Math.max(depths.shallowest(), ofOnePerson ? Math.min(depths.deepest(), most) : most));
    }

    /** To a reached table. */
    private int longestWay(long oid) {
        return Objects.requireNonNull(longest.get(oid));
    }

    private Depths referencingDepths(ForeignKey fk) {
        ReachedTable reached = tables.get(references.root(fk.table()));
        return reached == null ? Depths.UNREACHED : reached.depths();
    }
}
