package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.ReachedTable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which foreign keys lead to somebody, and which of them say whose a row is. */
final class Owners {

    /** Further up than this a row is taken to be somebody's. */
    private static final int MOST_HOPS = 4;

    /** Over such a foreign key somebody has let rows of others go. */
    private static final Set<Decision> DECIDED = Set.of(Decision.CASCADE, Decision.KEEP, Decision.ACCEPT);

    private final Model model;
    private final Rules rules;
    private final Set<Long> guaranteed;
    private final Set<Long> reached;
    private final Set<Long> owning;
    private final Set<Long> decided;

    /**
     * @param reached the tables, by OID, of which rows go with some person
     * @param guaranteed those of them of which every row is somebody's
     * @param owning the foreign keys, by OID, that say whose a row is
     * @param decided those over which rows of others may go: somebody has said so
     */
    private Owners(
            Model model, Rules rules, Set<Long> reached, Set<Long> guaranteed, Set<Long> owning, Set<Long> decided) {
        this.model = model;
        this.rules = rules;
        this.reached = reached;
        this.guaranteed = guaranteed;
        this.owning = owning;
        this.decided = decided;
    }

    /** Of a plan. */
    static Owners of(Model model, Rules rules, Reach reach) {
        Set<Long> guaranteed = reach.tables().values().stream()
                .filter(ReachedTable::guaranteed)
                .map(table -> table.table().oid())
                .collect(Collectors.toSet());
        Set<Long> owning = reach.links().stream()
                .filter(Link::owner)
                .map(link -> link.foreignKey().oid())
                .collect(Collectors.toSet());
        Set<Long> decided = reach.links().stream()
                .filter(link -> DECIDED.contains(link.decision()))
                .map(link -> link.foreignKey().oid())
                .collect(Collectors.toSet());
        return new Owners(model, rules, reach.tables().keySet(), guaranteed, owning, decided);
    }

    /** Whether a row that it references may be somebody's. */
    boolean leadsToSomebody(Edge edge) {
        return edge.definition().enforced()
                && (rules.isSource(edge.referenced())
                        || reached.contains(edge.referenced().oid()));
    }

    /** Whether the row belongs to whom it leads to. */
    boolean owns(Edge edge) {
        return owning.contains(edge.fk().oid());
    }

    /** Whether rows that go over it may be anybody's. */
    boolean isDecided(Edge edge) {
        return decided.contains(edge.fk().oid());
    }

    /** Whether each row that it references is somebody's. */
    boolean certainly(Edge edge) {
        return rules.isSource(edge.referenced())
                || guaranteed.contains(edge.referenced().oid());
    }

    /** The condition that a row, which is there, is somebody's. */
    String condition(Edge edge, String alias) {
        return condition(edge.referenced(), alias, 1);
    }

    private String condition(Family family, String alias, int hop) {
        if (rules.isSource(family) || guaranteed.contains(family.oid()) || hop > MOST_HOPS) {
            return "true";
        }
        List<String> ways = model.of(family).stream()
                .filter(edge ->
                        edge.cascades() && !edge.partial() && leadsToSomebody(edge) && edge.referenced() != family)
                .map(edge -> certainly(edge)
                        ? set(edge, alias)
                        : "EXISTS (SELECT 1 FROM "
                                + edge.fk().referencedTable().name().quoted() + " q" + hop + " WHERE "
                                + RowReader.on(edge, "q" + hop, alias) + " AND "
                                + condition(edge.referenced(), "q" + hop, hop + 1) + ')')
                .toList();
        return ways.isEmpty() ? "false" : '(' + String.join(" OR ", ways) + ')';
    }

    private static String set(Edge edge, String alias) {
        return edge.definition().columns().stream()
                .map(column -> alias + '.' + Identifiers.quote(column) + " IS NOT NULL")
                .collect(Collectors.joining(" AND ", "(", ")"));
    }
}
