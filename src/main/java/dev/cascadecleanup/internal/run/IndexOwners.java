package dev.cascadecleanup.internal.run;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.journal.IndexEntry;
import dev.cascadecleanup.internal.journal.JournalEntry;
import dev.cascadecleanup.internal.journal.JournalMatches;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.MissingIndex;
import java.sql.SQLException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which migration an index belongs to that is built outside of all: to the one that has converted the foreign key already, else to the
 * latest that has converted others on the same parent, and so to none while it is built ahead.
 */
final class IndexOwners {

    private final Map<ForeignKey, String> converted = new IdentityHashMap<>();
    private String latest = IndexEntry.NO_VERSION;

    IndexOwners(Session session, ForeignKeyGraph graph, CascadePlan plan) throws SQLException {
        List<JournalEntry> active = session.guarded(() -> session.journal()
                .active(session.history().schema(), session.history().table()));
        List<Long> parents = plan.parents().stream().map(Table::oid).toList();
        JournalMatches matches = new JournalMatches(graph);
        for (JournalEntry entry : active) {
            String version = entry.migration().version();
            matches.find(entry).ifPresent(match -> {
                converted.put(match.foreignKey(), version);
                if (parents.contains(match.foreignKey().referencedTable().oid())) {
                    latest = version;
                }
            });
        }
    }

    String of(MissingIndex index) {
        return index.foreignKeys().stream()
                .filter(converted::containsKey)
                .findFirst()
                .map(converted::get)
                .orElse(latest);
    }
}
