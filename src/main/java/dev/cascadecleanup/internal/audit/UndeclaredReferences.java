package dev.cascadecleanup.internal.audit;

import dev.cascadecleanup.audit.AuditOptions;
import dev.cascadecleanup.audit.Finding;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.CascadePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds columns that look like a reference to a parent but are in no foreign key: what an erasure would leave behind.
 *
 * <p>The rule: the column's name, without case, is
 * <ol>
 * <li>the name of a column that references the parent elsewhere in this database ({@code patient_id}, say), or
 * <li>{@code <parent>_id} in the singular or plural, alone or after another word ({@code user_id}, {@code invited_user_id}), written
 *     with or without the underscore; with an {@code s} for arrays ({@code user_ids}), or
 * <li>one of {@link AuditOptions#ownerColumns()};
 * </ol>
 * and it is in no foreign key, not a column of the parent's own, and not in {@link AuditOptions#ignoredColumns()}. Whether it could
 * become a foreign key is a question of its type, which is compared with the parent's key.
 */
public final class UndeclaredReferences {

    private static final Set<String> OWN_TABLES = Set.of("flyway_schema_history", "cascade_cleanup_journal");
    private static final Set<String> TEXT_TYPES = Set.of("text", "varchar", "bpchar", "citext");

    private final ForeignKeyGraph graph;
    private final AuditFacts facts;
    private final CascadePlan plan;
    private final AuditOptions options;

    public UndeclaredReferences(ForeignKeyGraph graph, AuditFacts facts, CascadePlan plan, AuditOptions options) {
        this.graph = graph;
        this.facts = facts;
        this.plan = plan;
        this.options = options;
    }

    List<Finding> find() {
        Set<String> keyTypes = keyTypes();
        return columns().stream()
                .map(column -> finding(graph.tableByOid(column.tableOid()), column, keyTypes))
                .toList();
    }

    /** The columns themselves. */
    public List<AuditFacts.Column> columns() {
        Set<Long> parents = parents();
        Set<String> names = new HashSet<>(options.ownerColumns());
        Set<String> endings = new HashSet<>();
        Map<Long, Set<String>> inForeignKeys = new HashMap<>();
        for (ForeignKey fk : graph.foreignKeys()) {
            inForeignKeys
                    .computeIfAbsent(fk.table().oid(), oid -> new HashSet<>())
                    .addAll(fk.columns());
            if (parents.contains(fk.referencedTable().oid()) && fk.columns().size() == 1) {
                names.add(fold(fk.columns().get(0)));
            }
        }
        plan.parents().forEach(parent -> endings.addAll(idNames(parent.name().name())));
        List<AuditFacts.Column> columns = new ArrayList<>();
        for (AuditFacts.Column column : facts.columns()) {
            Table table = graph.tableByOid(column.tableOid());
            if (!parents.contains(column.tableOid())
                    && !OWN_TABLES.contains(table.name().name())
                    && !inForeignKeys.getOrDefault(column.tableOid(), Set.of()).contains(column.name())
                    && !options.ignoredColumns().contains(table.name().name() + '.' + column.name())
                    && looksLikeReference(fold(column.name()), names, endings)) {
                columns.add(column);
            }
        }
        return columns;
    }

    private Set<Long> parents() {
        Set<Long> parents = new HashSet<>();
        plan.parents().forEach(parent -> graph.withDescendants(parent).forEach(table -> parents.add(table.oid())));
        return parents;
    }

    private Set<String> keyTypes() {
        Set<Long> parents = parents();
        Map<Long, String> keyColumns = new HashMap<>();
        for (ForeignKey fk : graph.foreignKeys()) {
            if (parents.contains(fk.referencedTable().oid()) && fk.columns().size() == 1) {
                keyColumns.putIfAbsent(
                        fk.referencedTable().oid(),
                        fk.definition().referencedColumns().get(0));
            }
        }
        Set<String> keyTypes = new TreeSet<>();
        facts.columns().stream()
                .filter(column -> column.name().equals(keyColumns.get(column.tableOid())))
                .forEach(column -> keyTypes.add(column.type()));
        return keyTypes;
    }

    private static boolean looksLikeReference(String name, Set<String> names, Set<String> endings) {
        return names.contains(name)
                || endings.stream().anyMatch(ending -> name.equals(ending) || name.endsWith('_' + ending));
    }

    /** {@code user_id}, {@code userid}, {@code users_id} and so on for {@code users}. */
    private static Set<String> idNames(String table) {
        String plural = fold(table);
        Set<String> stems = new HashSet<>(Set.of(plural));
        if (plural.endsWith("ies")) {
            stems.add(plural.substring(0, plural.length() - 3) + 'y');
        }
        if (plural.endsWith("es")) {
            stems.add(plural.substring(0, plural.length() - 2));
        }
        if (plural.endsWith("s") && plural.length() > 1) {
            stems.add(plural.substring(0, plural.length() - 1));
        }
        Set<String> names = new HashSet<>();
        stems.forEach(stem -> List.of("_id", "id", "_ids", "ids", "_uuid").forEach(ending -> names.add(stem + ending)));
        return names;
    }

    private static Finding finding(Table table, AuditFacts.Column column, Set<String> keyTypes) {
        String parentType = String.join(" or ", keyTypes);
        String type = column.type() + (column.array() ? "[]" : "");
        String message = "looks like a reference but is in no foreign key, so an erasure leaves it behind; ";
        String byHand = "delete its rows in the same transaction as the parent row";
        if (column.array()) {
            message += "it is an array (" + type + "), which no foreign key can check";
        } else if (keyTypes.contains(column.type())) {
            message += "its type is that of the key (" + type + ")";
            byHand = "add a foreign key ON DELETE CASCADE, or " + byHand;
        } else if (TEXT_TYPES.contains(column.type())) {
            message += "it holds the key as text (" + type + (keyTypes.isEmpty() ? "" : ", the key is " + parentType)
                    + ")";
        } else {
            message += "its type is " + type + (keyTypes.isEmpty() ? "" : ", the key is " + parentType);
        }
        return new Finding(
                Finding.Kind.REFERENCE_WITHOUT_FOREIGN_KEY,
                table + "." + Identifiers.display(column.name()),
                message,
                byHand);
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
