package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.ClosureAdvice;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Interceptor;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Proposal;
import dev.cascadecleanup.plan.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Proposes a decision for every open link, by making the plan anew with what it has proposed so far until nothing is open: a link that
 * cascades may reach tables on which there are more. What it ends with is what the planner makes of the same options.
 */
final class ClosureAdviser {

    /** Each round decides about a link in a way that was not tried for it yet; there are no more than this in the deepest schema. */
    private static final int MOST_ROUNDS = 1_000;

    /** What can be proposed for a link. */
    private enum Choice {
        SET_NULL("cascade_set_null", "", Policies.Policy.SET_NULL),
        CASCADE("cascade_closure", "", Policies.Policy.CASCADE),
        DEFER("cascade_closure", "=defer", Policies.Policy.DEFER),
        CASCADE_AND_DEFER("cascade_closure", "=cascade+defer", Policies.Policy.CASCADE_AND_DEFER),
        ACCEPT("cascade_accept", "", null);

        private final String option;
        private final String suffix;
        /** Null where it is accepted as it is. */
        private final Policies.@Nullable Policy policy;

        Choice(String option, String suffix, Policies.@Nullable Policy policy) {
            this.option = option;
            this.suffix = suffix;
            this.policy = policy;
        }
    }

    private record Chosen(Choice choice, String reason) {}

    private final PlanDraft.Subject subject;
    private final Policies given;
    private final PlanDraft draft;
    private final boolean closure;
    private final Set<ForeignKey> direct = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<ForeignKey, Chosen> chosen = new IdentityHashMap<>();
    private final Map<ForeignKey, Set<Choice>> tried = new IdentityHashMap<>();
    private final Policies trial;

    /**
     * @param given what the options decide already, and no advice may change
     * @param draft what the plan makes of it
     * @param closure whether the scope is {@code closure} already
     */
    ClosureAdviser(PlanDraft.Subject subject, Policies given, PlanDraft draft, boolean closure) {
        this.subject = subject;
        this.given = given;
        this.draft = draft;
        this.closure = closure;
        this.trial = given.copy();
        direct.addAll(subject.direct());
    }

    ClosureAdvice advise(List<Interceptor> interceptors) {
        List<Proposal> forCode = interceptors.stream()
                .filter(each -> !each.accepted() && !each.swallows())
                .collect(Collectors.groupingBy(
                        Interceptor::qualifiedName,
                        LinkedHashMap::new,
                        Collectors.mapping(Interceptor::description, Collectors.joining("; "))))
                .entrySet()
                .stream()
                .map(each -> new Proposal("cascade_accept", each.getKey(), each.getValue() + ": read what it does"))
                .toList();
        if (draft.open().isEmpty()) {
            return forCode.isEmpty() ? ClosureAdvice.NONE : new ClosureAdvice(List.of(), false, forCode, List.of());
        }
        PlanDraft last;
        boolean progress;
        int round = 0;
        do {
            last = new PlanDraft(subject, trial, true);
            progress = forgetUnreached(last);
            for (Link link : last.open()) {
                progress |= choose(link);
            }
        } while (progress && ++round < MOST_ROUNDS);
        return advice(last, forCode);
    }

    private ClosureAdvice advice(PlanDraft last, List<Proposal> forCode) {
        Set<ForeignKey> planned = Collections.newSetFromMap(new IdentityHashMap<>());
        draft.conversions().forEach(conversion -> planned.add(conversion.foreignKey()));
        List<String> byScope = last.conversions().stream()
                .map(Conversion::foreignKey)
                .filter(fk -> !planned.contains(fk) && !chosen.containsKey(fk) && !given.isNamed(fk))
                .sorted(ForeignKey.BY_NAME)
                .map(ForeignKey::qualifiedName)
                .toList();
        List<ForeignKey> nameable = new ArrayList<>(subject.direct());
        nameable.addAll(subject.below());
        Selection names = new Selection(nameable, "", new ArrayList<>());
        List<Proposal> proposals = new ArrayList<>();
        chosen.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(ForeignKey.BY_NAME))
                .forEach(each -> {
                    Choice choice = each.getValue().choice();
                    proposals.add(new Proposal(
                            choice.option,
                            names.nameOf(each.getKey()) + choice.suffix,
                            each.getValue().reason()));
                });
        proposals.addAll(forCode);
        boolean below = chosen.entrySet().stream()
                .anyMatch(each -> each.getValue().choice() != Choice.ACCEPT && !direct.contains(each.getKey()));
        return new ClosureAdvice(
                closure ? List.of() : byScope,
                below || !byScope.isEmpty(),
                proposals,
                last.open().stream()
                        .filter(link -> !given.isNamed(link.foreignKey()))
                        .toList());
    }

    /** What was chosen for a table that, by what was chosen later, is not reached any more. */
    private boolean forgetUnreached(PlanDraft last) {
        List<ForeignKey> unreached = chosen.entrySet().stream()
                .filter(each -> each.getValue().choice() != Choice.ACCEPT && !direct.contains(each.getKey()))
                .map(Map.Entry::getKey)
                .filter(fk -> last.reach().stream()
                        .noneMatch(each ->
                                each.tables().containsKey(subject.references().root(fk.referencedTable()))))
                .toList();
        unreached.forEach(fk -> {
            chosen.remove(fk);
            trial.forget(fk);
        });
        return !unreached.isEmpty();
    }

    /** Whether there is something for this link that was not tried yet; if so, the trial has it now. */
    private boolean choose(Link link) {
        ForeignKey fk = link.foreignKey();
        if (given.isNamed(fk) && given.of(fk) != Policies.Policy.DEFER) {
            return false;
        }
        Set<Choice> before = tried.computeIfAbsent(fk, key -> EnumSet.noneOf(Choice.class));
        for (Choice choice : choices(link)) {
            if (before.add(choice)) {
                apply(fk, choice);
                chosen.put(fk, new Chosen(choice, reason(link, choice)));
                return true;
            }
        }
        return false;
    }

    private void apply(ForeignKey fk, Choice choice) {
        if (choice.policy == null) {
            if (!given.isNamed(fk)) {
                trial.forget(fk);
            }
            trial.accept(fk);
        } else {
            trial.decide(fk, choice.policy);
        }
    }

    /** What would close the link, the likeliest first. */
    private List<Choice> choices(Link link) {
        ForeignKey fk = link.foreignKey();
        boolean others = !link.judgement().own().mayRefuse();
        List<Choice> choices = new ArrayList<>();
        if (given.isNamed(fk)) {
            return others ? List.of(Choice.ACCEPT) : List.of();
        }
        boolean changeable = fk.definition().enforced()
                && !fk.temporal()
                && fk.triggerStates().isEmpty();
        if (changeable && link.verdict() == Verdict.TAKES_OTHERS_ROWS) {
            if (maySetNull(link) && (isParent(fk) || Owners.looksLikeActor(fk))) {
                choices.add(Choice.SET_NULL);
            }
        } else if (changeable) {
            addForRefusal(link, choices);
        }
        if (others) {
            choices.add(Choice.ACCEPT);
        }
        return choices;
    }

    private void addForRefusal(Link link, List<Choice> choices) {
        ForeignKey fk = link.foreignKey();
        boolean below = !direct.contains(fk);
        if (isParent(fk)) {
            if (maySetNull(link)) {
                choices.add(Choice.SET_NULL);
            }
            return;
        }
        boolean ownOnly = !link.judgement().ofOthers().mayRefuse()
                && !link.judgement().withoutOwner().mayRefuse();
        boolean cascades = link.effect() == Link.Effect.DELETED;
        if (below && link.closedByDeferring() && cascades) {
            choices.add(Choice.CASCADE_AND_DEFER);
            return;
        }
        boolean keepsItsAction = link.definition().onDelete() == fk.onDelete();
        boolean order = link.effect() == Link.Effect.SET_NULL && link.verdict() == Verdict.ORDER_DEPENDENT;
        if (below && link.closedByDeferring() && keepsItsAction && (ownOnly || order)) {
            choices.add(Choice.DEFER);
        }
        boolean staysWithSomebody = link.referencing().isReached() || Owners.looksLikeActor(fk);
        if (maySetNull(link) && staysWithSomebody) {
            choices.add(Choice.SET_NULL);
        }
        if (below && !cascades) {
            choices.add(Choice.CASCADE);
        }
        if (below && subject.server().product() == Product.POSTGRESQL) {
            choices.add(Choice.CASCADE_AND_DEFER);
        }
    }

    private boolean maySetNull(Link link) {
        ForeignKey fk = link.foreignKey();
        return link.effect() != Link.Effect.SET_NULL
                && fk.nullableColumns().containsAll(fk.columns())
                && !fk.nullRules().mayRefuse(fk.columns())
                && fk.generatedColumns().isEmpty();
    }

    private boolean isParent(ForeignKey fk) {
        return subject.isParent(fk.table());
    }

    private String reason(Link link, Choice choice) {
        ForeignKey fk = link.foreignKey();
        String referenced = fk.referencedTable().name().toString();
        return switch (choice) {
            case SET_NULL ->
                isParent(fk)
                        ? "another person, who stays without the reference"
                        : Owners.looksLikeActor(fk)
                                ? "nullable, and named like somebody who did something: the row stays without it"
                                : "nullable: a row of somebody else stays, without the reference";
            case CASCADE ->
                link.referencing().isReached()
                        ? (fk.nullableColumns().isEmpty() ? "NOT NULL: " : "") + "a row goes with the row of "
                                + referenced + ", whoever's it is"
                        : "its rows hang on nothing else that goes";
            case DEFER -> "checked at commit, when everything has gone";
            case CASCADE_AND_DEFER -> "goes with the row of " + referenced + ", and is checked at commit";
            case ACCEPT -> acceptReason(link);
        };
    }

    private String acceptReason(Link link) {
        if (isParent(link.foreignKey())) {
            return "another person; a cascade would delete that one too";
        }
        if (link.verdict() == Verdict.TAKES_OTHERS_ROWS) {
            return "the same table has another owner, look: a row by "
                    + Identifiers.displayAll(link.foreignKey().columns()) + " goes with either";
        }
        return "look: " + link.reason();
    }
}
