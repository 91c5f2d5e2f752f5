package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph.Interceptor.Event;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.Interceptor;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the triggers and rules that take part in a delete: those of the tables that rows are deleted from, and those of tables whose
 * rows lose their reference, if they fire for that and their code is not known to leave it alone. A partition's count too.
 */
public final class Interceptions {

    private final References references;
    private final Set<Long> deleted = new HashSet<>();
    private final Map<Event, Map<Long, List<Link>>> working = new EnumMap<>(Event.class);

    private Interceptions(ForeignKeyGraph graph, List<Reach> reach) {
        this.references = new References(graph);
        for (Reach each : reach) {
            deleted.addAll(each.tables().keySet());
            for (Link link : each.links()) {
                event(link.effect())
                        .ifPresent(event -> working.computeIfAbsent(event, key -> new HashMap<>())
                                .computeIfAbsent(
                                        references.root(link.foreignKey().table()), oid -> new ArrayList<>())
                                .add(link));
            }
        }
    }

    private static Optional<Event> event(Link.Effect effect) {
        return switch (effect) {
            case DELETED -> Optional.of(Event.CASCADE);
            case SET_NULL, SET_DEFAULT -> Optional.of(Event.UPDATE);
            case CHECKED -> Optional.of(Event.CHECK);
            case LEFT_BEHIND -> Optional.empty();
        };
    }

    /** Those of a delete that reaches this; {@code accepted} says which of them somebody knows. */
    public static List<Interceptor> of(
            ForeignKeyGraph graph, List<Reach> reach, Predicate<ForeignKeyGraph.Interceptor> accepted) {
        Interceptions interceptions = new Interceptions(graph, reach);
        List<Interceptor> found = new ArrayList<>();
        for (ForeignKeyGraph.Interceptor each : graph.interceptors()) {
            Table table = graph.tables().get(each.tableOid());
            if (table != null) {
                interceptions.add(found, table, each, accepted.test(each));
            }
        }
        return found;
    }

    private void add(List<Interceptor> found, Table table, ForeignKeyGraph.Interceptor interceptor, boolean accepted) {
        long root = references.root(table);
        // What keeps the rows for certain is known: nobody can know better and accept it.
        boolean trusted = accepted && !interceptor.swallows();
        if (interceptor.event() == Event.DELETE) {
            if (deleted.contains(root)) {
                found.add(found(table, interceptor, trusted, ""));
            }
            return;
        }
        List<Link> links = working.getOrDefault(interceptor.event(), Map.of()).getOrDefault(root, List.of()).stream()
                .filter(link -> interceptor.concerns(link.foreignKey()))
                .toList();
        if (interceptor.event() != Event.UPDATE) {
            if (!links.isEmpty()) {
                found.add(found(table, interceptor, trusted, ""));
            }
            return;
        }
        links.stream()
                .filter(link -> interceptor.mayInterfere(LinkJudge.changedColumns(link.definition())))
                .findFirst()
                .ifPresent(link -> found.add(found(
                        table,
                        interceptor,
                        trusted,
                        ", which runs when " + Identifiers.displayAll(LinkJudge.changedColumns(link.definition()))
                                + " is " + link.effect())));
    }

    private static Interceptor found(
            Table table, ForeignKeyGraph.Interceptor interceptor, boolean trusted, String when) {
        return new Interceptor(
                table, interceptor.name(), interceptor.description() + when, interceptor.swallows(), trusted);
    }
}
