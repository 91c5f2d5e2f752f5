package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Proposal;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.RowKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Whether the foreign key says whose a row is. */
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
