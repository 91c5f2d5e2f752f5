package dev.cascadecleanup.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * What a verdict does not count, because somebody has decided that it may be: foreign keys that {@code cascade_keep} or {@code
 * cascade_accept} names, and triggers and rules that {@code cascade_accept} names. It is said beside every yes.
 *
 * @param refusing foreign keys over which a row can refuse the delete all the same
 * @param taking foreign keys over which it takes somebody else's rows, and that refuse nothing
 * @param leaving foreign keys that do nothing, so that rows are left behind
 * @param trusted triggers and rules whose code nobody but the one who accepted them has judged
 */
public record Decided(List<Link> refusing, List<Link> taking, List<Link> leaving, List<Interceptor> trusted) {

    public Decided {
        refusing = List.copyOf(refusing);
        taking = List.copyOf(taking);
        leaving = List.copyOf(leaving);
        trusted = List.copyOf(trusted);
    }

    static Decided of(CascadePlan plan) {
        List<Link> links = plan.reach().stream()
                .flatMap(reach -> reach.links().stream())
                .filter(link ->
                        !link.open() && (link.decision() == Decision.KEEP || link.decision() == Decision.ACCEPT))
                .distinct()
                .toList();
        return new Decided(
                links.stream().filter(link -> link.judgement().mayRefuse()).toList(),
                links.stream()
                        .filter(link -> !link.judgement().mayRefuse()
                                && link.effect() == Link.Effect.DELETED
                                && link.judgement().takesOthersRows())
                        .toList(),
                links.stream()
                        .filter(link -> link.effect() == Link.Effect.LEFT_BEHIND
                                && !link.judgement().mayRefuse())
                        .toList(),
                plan.interceptors().stream().filter(Interceptor::accepted).toList());
    }

    /** Whether there is nothing of the kind. */
    public boolean isEmpty() {
        return refusing.isEmpty() && taking.isEmpty() && leaving.isEmpty() && trusted.isEmpty();
    }

    /** With the numbers, without a full stop; empty if there is nothing. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        add(
                parts,
                refusing,
                " kept or accepted foreign key can refuse it",
                " kept or accepted foreign keys can refuse it");
        add(
                parts,
                taking,
                " kept or accepted foreign key takes somebody else's rows",
                " kept or accepted foreign keys take somebody else's rows");
        add(
                parts,
                leaving,
                " kept or accepted foreign key leaves rows behind",
                " kept or accepted foreign keys leave rows behind");
        add(
                parts,
                trusted,
                " trigger or rule was accepted by you, not judged",
                " triggers and rules were accepted by you, not judged");
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, List<?> what, String one, String many) {
        if (!what.isEmpty()) {
            parts.add(what.size() + (what.size() == 1 ? one : many));
        }
    }
}
