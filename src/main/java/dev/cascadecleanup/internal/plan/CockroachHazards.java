package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Conversion;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.plan.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What an operator of CockroachDB should know besides, by version and settings. */
final class CockroachHazards {

    private static final Set<String> WEAK = Set.of("read committed", "repeatable read");
    private static final int FIRST_WITH_WEAK_ISOLATION = 2302;
    private static final int FIRST_WITHOUT_THE_BUG = 2503;
    private static final int FIRST_WITH_TRIGGERS = 24_03_00;
    private static final int FIRST_WHOSE_CASCADES_FIRE = 24_03_01;
    /** The patch releases in which cascades began to lock the rows that they look for (#150282, #169926), by year and quarter. */
    private static final Map<Integer, Integer> MENDED = Map.of(2401, 29, 2403, 19, 2501, 9, 2502, 5);

    private final ForeignKeyGraph graph;
    private final Server server;
    private final List<Hazard> hazards = new ArrayList<>();

    private CockroachHazards(ForeignKeyGraph graph, Server server) {
        this.graph = graph;
        this.server = server;
    }

    static List<Hazard> of(
            ForeignKeyGraph graph,
            Server server,
            List<Table> parents,
            List<Conversion> conversions,
            List<ForeignKey> alreadyDone,
            List<Reach> reach) {
        List<ForeignKey> cascading = new ArrayList<>();
        conversions.stream()
                .filter(conversion -> conversion.target().onDelete() == ReferentialAction.CASCADE)
                .forEach(conversion -> cascading.add(conversion.foreignKey()));
        alreadyDone.stream()
                .filter(fk -> fk.onDelete() == ReferentialAction.CASCADE)
                .forEach(cascading::add);
        CockroachHazards hazards = new CockroachHazards(graph, server);
        if (!cascading.isEmpty()) {
            hazards.weakIsolation();
            hazards.expiringRows(parents);
            hazards.everyRegion(cascading);
            hazards.otherOrder(cascading);
            reach.forEach(hazards::manyCascades);
            reach.forEach(hazards::triggersNotFired);
        }
        return hazards.hazards;
    }

    private void weakIsolation() {
        String isolation = graph.cockroach().settings().isolation();
        if (WEAK.contains(isolation) && cascadesWithoutLocks(server.version())) {
            hazards.add(new Hazard(
                    Hazard.Kind.WEAK_ISOLATION,
                    "server",
                    "sessions of " + server.role() + " begin with " + isolation.toUpperCase(Locale.ROOT)
                            + ", under which"
                            + " cascades of " + server.versionText()
                            + " miss rows that are inserted at the same time, so that they stay"
                            + " behind (cockroachdb/cockroach#150282, #169926); delete under SERIALIZABLE, or upgrade to v25.3 or the"
                            + " newest patch release of your version"));
        }
    }

    /** @param version as in {@link Server#version()} */
    static boolean cascadesWithoutLocks(int version) {
        int release = version / 100;
        return release >= FIRST_WITH_WEAK_ISOLATION
                && release < FIRST_WITHOUT_THE_BUG
                && version % 100 < MENDED.getOrDefault(release, 100);
    }

    private void expiringRows(List<Table> parents) {
        parents.stream()
                .filter(parent -> graph.cockroach().rowsExpire(parent.oid()))
                .forEach(parent -> hazards.add(new Hazard(
                        Hazard.Kind.EXPIRING_ROWS,
                        parent.toString(),
                        "its rows expire by row-level TTL, and each then takes along what cascades; look at ttl_delete_batch_size and at the time"
                                + " that its job takes")));
    }

    private void everyRegion(List<ForeignKey> cascading) {
        for (ForeignKey fk : cascading) {
            graph.cockroach()
                    .regionColumn(fk.table().oid())
                    .filter(column -> !fk.columns().contains(column))
                    .ifPresent(column -> hazards.add(new Hazard(
                            Hazard.Kind.EVERY_REGION,
                            fk.toString(),
                            fk.table().name() + " is REGIONAL BY ROW and " + column
                                    + " is not in the foreign key: a cascade looks for its"
                                    + " rows in every region")));
        }
    }

    private void otherOrder(List<ForeignKey> cascading) {
        for (ForeignKey fk : cascading) {
            List<String> referenced = fk.definition().referencedColumns();
            graph.cockroach()
                    .uniqueInOtherOrder(fk.referencedTable().oid(), referenced)
                    .ifPresent(unique -> hazards.add(new Hazard(
                            Hazard.Kind.COLUMN_ORDER,
                            fk.toString(),
                            "references (" + Identifiers.displayAll(referenced) + ") by a unique index on ("
                                    + Identifiers.displayAll(unique)
                                    + "); with another order of columns CockroachDB has had faults (cockroachdb/cockroach#146705),"
                                    + " so let prove show that the rows go")));
        }
    }

    /** A cascade for each way into a table, and for each round where they lead back. */
    private void manyCascades(Reach reach) {
        int limit = graph.cockroach().settings().cascadesLimit();
        if (limit <= 0) {
            return;
        }
        CascadeCount count = CascadeCount.of(reach, limit);
        String stop = "; the server stops a DELETE that needs more than " + limit
                + " of them (09000, foreign_key_cascades_limit), and nothing is deleted: raise it for the role that deletes"
                + " (ALTER ROLE ... SET foreign_key_cascades_limit = ...)";
        if (count.endless()) {
            hazards.add(new Hazard(
                    Hazard.Kind.CASCADES_LIMIT,
                    reach.parent().toString(),
                    "cascades lead round in a circle, one for each round that the rows make" + stop));
        } else if (count.exceedsLimit()) {
            hazards.add(new Hazard(
                    Hazard.Kind.CASCADES_LIMIT,
                    reach.parent().toString(),
                    "there are more than " + limit + " ways for a cascade to go" + stop));
        }
    }

    /** Deletes that the server stops where somebody has rows everywhere. Where rows lead round in a circle they are a hazard alone. */
    static List<NotSeen> tooManyCascades(ForeignKeyGraph graph, List<Reach> reach) {
        int limit = graph.cockroach().settings().cascadesLimit();
        return reach.stream()
                .filter(each -> limit > 0 && CascadeCount.of(each, limit).exceedsLimit())
                .map(
                        each -> new NotSeen(
                                each.parent().oid(),
                                "whether a delete from " + each.parent() + " ends",
                                "there are more ways for a cascade to go than the " + limit
                                        + " that this session allows (foreign_key_cascades_limit)",
                                "Raise it for the role that deletes and for this one: ALTER ROLE ... SET foreign_key_cascades_limit = ..."))
                .toList();
    }

    private void triggersNotFired(Reach reach) {
        if (server.version() < FIRST_WITH_TRIGGERS || server.version() >= FIRST_WHOSE_CASCADES_FIRE) {
            return;
        }
        graph.interceptors().stream()
                .filter(trigger -> trigger.tableOid() != reach.parent().oid()
                        && reach.tables().containsKey(trigger.tableOid()))
                .forEach(trigger -> hazards.add(new Hazard(
                        Hazard.Kind.TRIGGER_NOT_FIRED,
                        graph.tables().get(trigger.tableOid()) + "." + Identifiers.display(trigger.name()),
                        trigger.description() + " is not fired by a cascade before v24.3.1; upgrade before the"
                                + " migration, or whatever it does for a deleted row is not done")));
    }
}
