package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.plan.Reach;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that is worked out of the catalog, whoever the people are and whatever rows there are: for any number of previews, and several at
 * once, as long as the schema and the privileges stay as they are.
 *
 * @param graph the foreign keys as they are
 * @param parent the people's table
 * @param reach what goes with them in the schema that is asked about
 * @param interceptors triggers and rules
 * @param accepted those that somebody has accepted, by their qualified names
 * @param inherited what cannot be seen because of inheritance
 * @param model the foreign keys in the schema that is asked about
 * @param sources the families of the people's table
 * @param within the families that a delete may come to
 * @param undeclared columns that look like references to people
 * @param keyType the name of the type of the people's key, empty where it has several columns
 * @param hidden families whose rows the role cannot read, each with the reason
 * @param heaps the physical tables that a preview may read, by OID
 * @param shapes tables by OID: those within, and those that they reference
 * @param replica whether this is a session of replication
 */
record Ground(
        ForeignKeyGraph graph,
        Table parent,
        Reach reach,
        List<AuditFacts.Interceptor> interceptors,
        Set<String> accepted,
        List<NotSeen> inherited,
        Model model,
        List<Family> sources,
        List<Family> within,
        List<AuditFacts.Column> undeclared,
        String keyType,
        Map<Family, String> hidden,
        Set<Long> heaps,
        Map<Long, TableShape> shapes,
        boolean replica) {

    Ground {
        interceptors = List.copyOf(interceptors);
        accepted = Set.copyOf(accepted);
        inherited = List.copyOf(inherited);
        sources = List.copyOf(sources);
        within = List.copyOf(within);
        undeclared = List.copyOf(undeclared);
        // In the order of the tables, as they are reported.
        hidden = Collections.unmodifiableMap(new LinkedHashMap<>(hidden));
        heaps = Set.copyOf(heaps);
        shapes = Map.copyOf(shapes);
    }
}
