package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Proposal;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.RowKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the judgement says of the foreign keys of one parent, as they are today, and what has been decided about them. */
final class Predictions {

    private final Map<Long, Link> links = new HashMap<>();
    private final Map<String, Proposal> proposals = new HashMap<>();

    /** @param proposals what the plan proposes for what is open */
    Predictions(Reach today, List<Proposal> proposals) {
        proposals.forEach(proposal -> this.proposals.put(proposal.entry().replaceFirst("=[a-z+]+$", ""), proposal));
        today.links().forEach(link -> links.put(link.foreignKey().oid(), link));
    }

    /** What becomes of such rows; where the referenced rows are never deleted, they stay. */
    Fate of(ForeignKey fk, RowKind kind) {
        return link(fk).map(link -> link.judgement().of(kind)).orElse(Fate.STAYS);
    }

    /**
     * Which of a table's foreign keys say whose a row is, whatever has been decided: those on the parent that cascade, else those on the
     * parent that are checked, else all that cascade (see {@link dev.cascadecleanup.plan.Judgement}).
     */
    Set<ForeignKey> owners(List<ForeignKey> ofTable, Set<Table> family) {
        List<ForeignKey> direct = ofTable.stream()
                .filter(fk -> family.contains(fk.referencedTable()))
                .toList();
        List<ForeignKey> cascading = withEffect(direct, Link.Effect.DELETED);
        List<ForeignKey> checked = withEffect(direct, Link.Effect.CHECKED);
        return Set.copyOf(
                !cascading.isEmpty()
                        ? cascading
                        : !checked.isEmpty() ? checked : withEffect(ofTable, Link.Effect.DELETED));
    }

    /** Those over which rows go. */
    List<ForeignKey> cascading(Collection<ForeignKey> fks) {
        return withEffect(fks, Link.Effect.DELETED);
    }

    private List<ForeignKey> withEffect(Collection<ForeignKey> fks, Link.Effect effect) {
        return fks.stream()
                .filter(fk -> link(fk).filter(link -> link.effect() == effect).isPresent())
                .toList();
    }

    /** Whether the foreign key still says whose a row is after what has been decided. */
    boolean owner(ForeignKey fk) {
        return link(fk).map(Link::owner).orElse(false);
    }

    Decision decision(ForeignKey fk) {
        return link(fk).map(Link::decision).orElse(Decision.NONE);
    }

    /** Those that somebody has to decide about, or that can refuse. */
    List<Link> open() {
        return links.values().stream().filter(Link::open).toList();
    }

    /** What the plan proposes for it. */
    Optional<Proposal> proposal(ForeignKey fk) {
        return Stream.concat(
                        Stream.of(fk.qualifiedName()),
                        fk.columns().stream().map(column -> fk.table().name() + "." + Identifiers.display(column)))
                .filter(proposals::containsKey)
                .findFirst()
                .map(proposals::get);
    }

    private Optional<Link> link(ForeignKey fk) {
        return Optional.ofNullable(links.get(fk.oid()));
    }
}
