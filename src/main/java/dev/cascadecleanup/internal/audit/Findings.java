package dev.cascadecleanup.internal.audit;

import dev.cascadecleanup.audit.AuditOptions;
import dev.cascadecleanup.audit.Finding;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.internal.catalog.AuditFacts;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.plan.Interceptions;
import dev.cascadecleanup.plan.CascadePlan;
import dev.cascadecleanup.plan.Hazard;
import dev.cascadecleanup.plan.Interceptor;
import dev.cascadecleanup.plan.Link;
import dev.cascadecleanup.plan.Reach;
import dev.cascadecleanup.plan.ReachedTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Looks for everything that a graph of foreign keys does not show by itself, on the tables that a delete reaches. */
public final class Findings {

    private final ForeignKeyGraph graph;
    private final Server server;
    private final AuditFacts facts;
    private final CascadePlan plan;
    private final AuditOptions options;
    private final Map<Long, Table> reached = new LinkedHashMap<>();
    private final Map<ForeignKey, Link> links = new IdentityHashMap<>();
    private final List<ForeignKey> foreignKeys;
    private final Map<Long, List<ForeignKey>> referencing;
    private final Map<Long, List<AuditFacts.Check>> checks;
    private final Map<Long, List<AuditFacts.Interceptor>> interceptors;
    private final List<Interceptor> onDetachedRows;
    private final Set<Long> inheriting = new HashSet<>();
    private final Set<Finding> findings = new LinkedHashSet<>();

    Findings(
            ForeignKeyGraph graph,
            Server server,
            AuditFacts facts,
            CascadePlan plan,
            List<Reach> today,
            AuditOptions options) {
        this.graph = graph;
        this.server = server;
        this.facts = facts;
        this.plan = plan;
        this.options = options;
        this.referencing = graph.foreignKeys().stream()
                .collect(Collectors.groupingBy(fk -> fk.referencedTable().oid()));
        this.checks = facts.checks().stream().collect(Collectors.groupingBy(AuditFacts.Check::tableOid));
        this.interceptors =
                facts.interceptors().stream().collect(Collectors.groupingBy(AuditFacts.Interceptor::tableOid));
        graph.descendants().values().forEach(inheriting::addAll);
        List<Reach> both = new ArrayList<>(plan.reach());
        both.addAll(today);
        for (Reach reach : both) {
            for (ReachedTable table : reach.tables().values()) {
                graph.withDescendants(table.table()).stream()
                        .filter(each -> each.partition()
                                || each.equals(table.table())
                                || table.depths().shallowest() == 0)
                        .forEach(each -> reached.putIfAbsent(each.oid(), each));
            }
            reach.links().forEach(link -> links.putIfAbsent(link.foreignKey(), link));
        }
        onDetachedRows = Interceptions.of(graph, both, each -> false).stream()
                .filter(each -> !reached.containsKey(each.table().oid()))
                .toList();
        foreignKeys = links.keySet().stream().sorted(ForeignKey.BY_NAME).toList();
    }

    List<Finding> all() {
        partitionsAndInheritance();
        foreignKeys.forEach(fk -> onLink(Objects.requireNonNull(links.get(fk))));
        sameColumns();
        plan.hazards().forEach(this::planHazard);
        cycles();
        reached.values().forEach(this::onTable);
        onDetachedRows.forEach(each -> findings.add(new Finding(
                Finding.Kind.TRIGGER_OR_RULE,
                each.qualifiedName(),
                each.description() + ": it can veto the delete, or keep the reference",
                "read it")));
        notSeen();
        if (server.product() == Product.COCKROACHDB) {
            rolesWithoutDelete();
        }
        new UndeclaredReferences(graph, facts, plan, options).find().forEach(findings::add);
        return findings.stream()
                .sorted(Comparator.comparing(Finding::kind).thenComparing(Finding::subject))
                .toList();
    }

    private void partitionsAndInheritance() {
        for (ForeignKey fk : foreignKeys) {
            Table referenced = fk.referencedTable();
            if (referenced.partition()) {
                add(
                        Finding.Kind.FOREIGN_KEY_TO_PARTITION,
                        fk,
                        "references one partition, not the partitioned table: a search for"
                                + " foreign keys on the parent does not show it",
                        "");
            } else if (isInheritanceChild(referenced)) {
                add(
                        Finding.Kind.FOREIGN_KEY_TO_INHERITANCE_CHILD,
                        fk,
                        "references an inheritance child: a search for foreign keys"
                                + " on the parent does not show it",
                        "");
            }
            if (fk.table().partition()) {
                add(
                        Finding.Kind.FOREIGN_KEY_OF_ONE_PARTITION,
                        fk,
                        "exists on this partition only; rows of the others have none",
                        "");
            }
        }
        Set<Long> deletedFrom = new HashSet<>(reached.keySet());
        for (Table table : List.copyOf(reached.values())) {
            for (Long child : graph.descendants().getOrDefault(table.oid(), List.of())) {
                if (facts.filledInheritanceChildren().contains(child) && !deletedFrom.contains(child)) {
                    findings.add(new Finding(
                            Finding.Kind.ROWS_IN_INHERITANCE_CHILD,
                            graph.tableByOid(child).toString(),
                            "inherits from " + table
                                    + ", but foreign keys are not inherited: a cascade leaves its rows behind"
                                    + " (PostgreSQL manual, 5.11.1)",
                            "delete them by a statement of their own"));
                }
            }
        }
    }

    private boolean isInheritanceChild(Table table) {
        return !table.partition() && inheriting.contains(table.oid());
    }

    private void onLink(Link link) {
        ForeignKey fk = link.foreignKey();
        if (!fk.definition().enforced()) {
            add(
                    Finding.Kind.NOT_ENFORCED,
                    fk,
                    "is NOT ENFORCED: it says " + fk.onDelete().sql()
                            + " but does nothing, and its rows are left behind",
                    alter(fk) + "ALTER CONSTRAINT " + name(fk) + " ENFORCED");
        }
        if (!fk.triggerStates().isEmpty()) {
            add(
                    Finding.Kind.TRIGGER_SWITCHED_OFF,
                    fk,
                    "has triggers that are switched (" + String.join(", ", fk.triggerStates()) + "): the catalog says "
                            + fk.onDelete().sql() + ", the rows may be left behind",
                    alter(fk) + "ENABLE TRIGGER ALL");
        }
        if (fk.definition().enforced() && !fk.definition().validated()) {
            add(
                    Finding.Kind.NOT_VALIDATED,
                    fk,
                    "is NOT VALID: old rows may reference nothing, and no delete finds those",
                    alter(fk) + "VALIDATE CONSTRAINT " + name(fk));
        }
        if (fk.table().equals(fk.referencedTable())) {
            add(
                    Finding.Kind.SELF_REFERENCE,
                    fk,
                    switch (link.effect()) {
                        case DELETED -> "cascades within its own table: a row takes along those that reference it";
                        case CHECKED ->
                            "references its own table: a row that stays and references a deleted one refuses the delete";
                        default -> "references its own table";
                    },
                    "");
        }
        if (link.effect() == Link.Effect.SET_NULL) {
            onSetNull(link);
        }
        if (link.effect() != Link.Effect.LEFT_BEHIND && !fk.indexed()) {
            Long bytes = facts.bytes().get(fk.table().oid());
            add(
                    Finding.Kind.NO_INDEX,
                    fk,
                    "no usable index on (" + Identifiers.displayAll(fk.columns())
                            + "): every deleted row of " + fk.referencedTable() + " scans the table"
                            + (bytes == null ? "" : " (" + size(bytes) + ")"),
                    "CREATE INDEX "
                            + (server.product() == Product.POSTGRESQL
                                            && fk.table().kind() != TableKind.PARTITIONED_TABLE
                                    ? "CONCURRENTLY "
                                    : "")
                            + "ON " + fk.table().name().quoted() + " (" + Identifiers.quoteAll(fk.columns()) + ")");
        }
    }

    private void onSetNull(Link link) {
        ForeignKey fk = link.foreignKey();
        List<String> columns = link.definition().onDeleteColumns().isEmpty()
                ? fk.columns()
                : link.definition().onDeleteColumns();
        if (!fk.nullableColumns().containsAll(columns)) {
            add(
                    Finding.Kind.SET_NULL_ON_NOT_NULL,
                    fk,
                    "sets NOT NULL columns to NULL, so every delete that meets a row fails (23502)",
                    "make the columns nullable or the foreign key ON DELETE CASCADE");
        }
        for (ForeignKey other : referencing.getOrDefault(fk.table().oid(), List.of())) {
            if (other.definition().referencedColumns().stream().anyMatch(columns::contains)) {
                add(
                        Finding.Kind.SET_NULL_INTO_REFERENCED_COLUMN,
                        fk,
                        "sets a column to NULL that " + other + " references: that one's ON UPDATE "
                                + other.definition().onUpdate().sql() + " decides",
                        "");
            }
        }
        for (AuditFacts.Check check : checks.getOrDefault(fk.table().oid(), List.of())) {
            if (check.columns().stream().anyMatch(columns::contains)) {
                add(
                        Finding.Kind.SET_NULL_AGAINST_CHECK,
                        fk,
                        "sets a column to NULL that the check " + Identifiers.display(check.name()) + " is about: "
                                + check.expression(),
                        "see whether a row with NULL passes the check");
            }
        }
    }

    private void sameColumns() {
        record Key(long tableOid, List<String> columns) {}
        Map<Key, List<ForeignKey>> groups = new LinkedHashMap<>();
        foreignKeys.forEach(
                fk -> groups.computeIfAbsent(new Key(fk.table().oid(), fk.columns()), key -> new ArrayList<>())
                        .add(fk));
        groups.values().stream().filter(group -> group.size() > 1).forEach(group -> {
            group.sort(Comparator.comparing(ForeignKey::name));
            add(
                    Finding.Kind.SAME_COLUMNS,
                    group.get(0),
                    "has the same columns as "
                            + String.join(
                                    ", ",
                                    group.subList(1, group.size()).stream()
                                            .map(fk -> Identifiers.display(fk.name()) + " (ON DELETE "
                                                    + fk.definition().describeOnDelete() + ")")
                                            .toList())
                            + "; itself ON DELETE " + group.get(0).definition().describeOnDelete() + ". "
                            + (server.product() == Product.POSTGRESQL
                                    ? "Their triggers run in the order of their names, usually the older one first"
                                    : "Of SET NULL, SET DEFAULT and CASCADE the first-created one wins, and any of them over NO ACTION"),
                    "drop all but one");
        });
    }

    private void planHazard(Hazard hazard) {
        switch (hazard.kind()) {
            case ACTION_CHANGES_FROM_SET ->
                findings.add(new Finding(Finding.Kind.ACTION_CHANGES_FROM_SET, hazard.subject(), hazard.message(), ""));
            case SEVERAL_FOREIGN_KEYS_IN_ONE_TABLE ->
                findings.add(new Finding(
                        Finding.Kind.SEVERAL_FOREIGN_KEYS_IN_ONE_TABLE, hazard.subject(), hazard.message(), ""));
            case CASCADES_LIMIT ->
                findings.add(new Finding(Finding.Kind.CASCADES_LIMIT, hazard.subject(), hazard.message(), ""));
            case TRIGGER_NOT_FIRED ->
                findings.add(new Finding(Finding.Kind.TRIGGER_NOT_FIRED, hazard.subject(), hazard.message(), ""));
            case COLUMN_ORDER ->
                findings.add(new Finding(Finding.Kind.COLUMN_ORDER, hazard.subject(), hazard.message(), ""));
            default -> {
                // What the migration warns of beyond that, the audit finds by itself and for more tables.
            }
        }
    }

    /** Tables that cascades lead back to: how deep a delete goes there depends on the rows. */
    private void cycles() {
        for (Set<Table> cycle : new Cycles(foreignKeys.stream().map(links::get).toList()).find()) {
            Set<String> names = new TreeSet<>();
            cycle.forEach(table -> names.add(table.toString()));
            findings.add(new Finding(
                    Finding.Kind.CYCLE,
                    String.join(", ", names),
                    "cascades lead round in a circle here: a delete goes as deep as the rows do",
                    ""));
        }
    }

    private void onTable(Table table) {
        if (!table.ownerMayDelete()) {
            findings.add(new Finding(
                    Finding.Kind.OWNER_WITHOUT_DELETE,
                    table.toString(),
                    "its owner " + table.owner()
                            + " has no DELETE privilege on it, and a cascade runs as the owner: it fails (42501)",
                    "GRANT DELETE ON TABLE " + table.name().quoted() + " TO " + Identifiers.quote(table.owner())));
        }
        if (table.publishedWithoutIdentity()) {
            findings.add(new Finding(
                    Finding.Kind.PUBLICATION,
                    table.toString(),
                    "is in a publication of deletes but has no replica" + " identity: every delete in it fails (55000)",
                    "ALTER TABLE " + table.name().quoted() + " REPLICA IDENTITY FULL, or give it a primary key"));
        }
        if (facts.rowSecurity().containsKey(table.oid())) {
            findings.add(new Finding(
                    Finding.Kind.ROW_SECURITY,
                    table.toString(),
                    "has row-level security"
                            + (facts.rowSecurity().get(table.oid()) ? ", forced on the owner too" : "")
                            + ": a DELETE of its own may find no row"
                            + " and say so only by its count. Cascades are not subject to it, and counts made here may be too low",
                    ""));
        }
        for (AuditFacts.Interceptor interceptor : interceptors.getOrDefault(table.oid(), List.of())) {
            findings.add(new Finding(
                    Finding.Kind.TRIGGER_OR_RULE,
                    table + "." + Identifiers.display(interceptor.name()),
                    interceptor.description() + ": it can veto the delete, or swallow it so that the row stays",
                    "read it"));
        }
    }

    private void notSeen() {
        graph.notSeen().forEach(hidden -> notSeen(Finding.Kind.INVISIBLE_FOREIGN_KEY, hidden));
        graph.inOtherDatabases().forEach(hidden -> notSeen(Finding.Kind.OTHER_DATABASE, hidden));
    }

    private void notSeen(Finding.Kind kind, NotSeen hidden) {
        if (hidden.concerns(reached.keySet())) {
            Table table = reached.get(hidden.referencedTableOid());
            findings.add(new Finding(
                    kind,
                    table == null ? "database" : table.toString(),
                    hidden.what() + ": " + hidden.reason(),
                    hidden.remedy()));
        }
    }

    /** CockroachDB cascades as the role that deletes. */
    private void rolesWithoutDelete() {
        Set<String> deleters = new TreeSet<>();
        plan.parents().forEach(parent -> deleters.addAll(graph.deleters().getOrDefault(parent.oid(), Set.of())));
        for (Table table : reached.values()) {
            Set<String> lacking = new TreeSet<>(deleters);
            lacking.removeAll(graph.deleters().getOrDefault(table.oid(), Set.of()));
            lacking.forEach(role -> findings.add(new Finding(
                    Finding.Kind.ROLE_WITHOUT_DELETE,
                    table.toString(),
                    "role " + role
                            + " may delete parent rows but not rows of this table, and cascades run as the role that deletes (42501)",
                    "GRANT DELETE ON TABLE " + table.name().quoted() + " TO " + Identifiers.quote(role))));
        }
    }

    private static String alter(ForeignKey fk) {
        return "ALTER TABLE " + fk.table().name().quoted() + ' ';
    }

    private static String name(ForeignKey fk) {
        return Identifiers.quote(fk.name());
    }

    private static String size(long bytes) {
        return bytes < 1 << 20 ? bytes / 1024 + " kB" : bytes / (1 << 20) + " MB";
    }

    private void add(Finding.Kind kind, ForeignKey fk, String message, String remedy) {
        findings.add(new Finding(kind, fk.toString(), message, remedy));
    }
}
