package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Fate;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Proposal;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.RowKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the judgement says of the foreign keys of one parent, as they are today, and what has been decided about them. */
final class Predictions {

    private final Map<Long, Link> links = new HashMap<>();
    private final Map<String, Proposal> proposals = new HashMap<>();
    private final Map<Long, Conversion> pending = new HashMap<>();
    private final Set<Long> openAfter = new HashSet<>();
    private final List<NotSeen> inherited;

    /**
     * @param today what the delete reaches as the foreign keys are
     * @param plan what the options would still change, and what is proposed for what is open after that
     * @param inherited rows that no foreign key looks at
     */
    Predictions(Reach today, CascadePlan plan, List<NotSeen> inherited) {
        this.inherited = inherited;
        plan.conversions()
                .forEach(conversion -> pending.put(conversion.foreignKey().oid(), conversion));
        plan.open().forEach(link -> openAfter.add(link.foreignKey().oid()));
        plan.advice()
                .proposals()
                .forEach(proposal -> this.proposals.put(proposal.entry().replaceFirst("=[a-z+]+$", ""), proposal));
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

    /** Rows that no foreign key looks at. */
    List<NotSeen> inherited() {
        return inherited;
    }

    /** The conversions that the options want and nobody has made yet. */
    Collection<Conversion> pending() {
        return pending.values();
    }

    /** What the migration does to the foreign key, or to others, if nothing is open about it after that; empty if it has run. */
    Optional<String> closedByMigration(ForeignKey fk) {
        if (pending.isEmpty() || openAfter.contains(fk.oid())) {
            return Optional.empty();
        }
        Conversion conversion = pending.get(fk.oid());
        return Optional.of("run the migration"
                + (conversion == null
                        ? ": after it nothing is open about this foreign key"
                        : ": it makes this foreign key ON DELETE "
                                + conversion.target().describeOnDelete()));
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
