package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.internal.plan.IndexNames;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which of the indexes that were built ahead are those of a plan: an index has its name from its table and its columns. */
final class AheadOfPlan {

    private final Map<Long, Set<List<String>>> columns = new HashMap<>();

    AheadOfPlan(CascadePlan plan, ForeignKeyGraph graph) {
        for (Reach reach : plan.reach()) {
            for (Link link : reach.links()) {
                ForeignKey fk = link.foreignKey();
                for (Table table : graph.withDescendants(fk.table())) {
                    columns.computeIfAbsent(table.oid(), oid -> new LinkedHashSet<>())
                            .add(fk.columns());
                }
            }
        }
    }

    List<IndexEntry> of(List<IndexEntry> ahead) {
        return ahead.stream()
                .filter(entry -> columns.getOrDefault(entry.tableOid(), Set.of()).stream()
                        .anyMatch(each -> IndexNames.isFor(entry.table(), each, entry.index())))
                .toList();
    }
}
