package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.CascadeOptions;
import dev.cascadecleanup.catalog.Deferrability;
import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.MatchType;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.NullRules;
import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.catalog.Server;
import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableKind;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.plan.CascadePlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A graph without a database: what a test does not say about a table or a foreign key is as ordinary as can be. */
final class GraphByHand {

    /** What may be out of the ordinary about a table. */
    static final class TableTraits {
        TableKind kind = TableKind.TABLE;
        boolean partition;
        boolean alterable = true;
        boolean schemaUsable = true;
        boolean referenceable = true;
        boolean ownerMayDelete = true;
        boolean publishedWithoutIdentity;
    }

    /** What may be out of the ordinary about a foreign key. */
    static final class ForeignKeyTraits {
        ReferentialAction onDelete = ReferentialAction.NO_ACTION;
        List<String> onDeleteColumns = List.of();
        List<String> columns = List.of("user_id");
        Set<String> nullable = Set.of();
        /** By default the columns that are not nullable forbid NULL. */
        NullRules nullRules;

        Set<String> generated = Set.of();
        Deferrability deferrability = Deferrability.NOT_DEFERRABLE;
        boolean validated = true;
        boolean enforced = true;
        boolean temporal;
        boolean indexed = true;
        List<String> triggerStates = List.of();
        String comment;
    }

    private final Map<Long, Table> tables = new HashMap<>();
    private final List<ForeignKey> foreignKeys = new ArrayList<>();
    private final Map<Long, List<Long>> descendants = new HashMap<>();
    private final List<NotSeen> inOtherDatabases = new ArrayList<>();
    private final Map<Long, Set<String>> deleters = new HashMap<>();
    private final List<NotSeen> notSeen = new ArrayList<>();
    private final List<ForeignKeyGraph.Interceptor> interceptors = new ArrayList<>();
    private long nextOid = 1;

    static Server postgres() {
        return server(Product.POSTGRESQL, false, 0, true);
    }

    static Server cockroach() {
        return server(Product.COCKROACHDB, false, 0, true);
    }

    static Server server(Product product, boolean readOnly, int standbys, boolean superuser) {
        return product == Product.POSTGRESQL
                ? new Server(
                        product,
                        180_000,
                        "18.0",
                        "app",
                        superuser,
                        readOnly,
                        standbys,
                        Duration.ofSeconds(1),
                        List.of("public"))
                : new Server(
                        product,
                        210_100,
                        "v21.1.0",
                        "app",
                        superuser,
                        readOnly,
                        standbys,
                        Duration.ZERO,
                        List.of("public"));
    }

    /** A table of the schema public, or of the one that stands before the dot; its owner is called owner. */
    Table table(String name) {
        return table(name, traits -> {});
    }

    Table table(String name, Consumer<TableTraits> unusual) {
        TableTraits traits = new TableTraits();
        unusual.accept(traits);
        int dot = name.indexOf('.');
        TableName full = dot < 0
                ? new TableName("public", name)
                : new TableName(name.substring(0, dot), name.substring(dot + 1));
        Table table = new Table(
                nextOid++,
                full,
                traits.kind,
                traits.partition,
                "owner",
                traits.alterable,
                traits.schemaUsable,
                traits.referenceable,
                traits.ownerMayDelete,
                traits.publishedWithoutIdentity);
        tables.put(table.oid(), table);
        return table;
    }

    /** NO ACTION on the NOT NULL and indexed column user_id, which references id. */
    ForeignKey foreignKey(String name, Table table, Table referenced) {
        return foreignKey(name, table, referenced, traits -> {});
    }

    ForeignKey foreignKey(String name, Table table, Table referenced, Consumer<ForeignKeyTraits> unusual) {
        ForeignKeyTraits traits = new ForeignKeyTraits();
        unusual.accept(traits);
        ForeignKeyDefinition definition = new ForeignKeyDefinition(
                traits.columns,
                referenced.name(),
                traits.columns.stream().map(column -> "id").toList(),
                MatchType.SIMPLE,
                traits.onDelete,
                traits.onDeleteColumns,
                ReferentialAction.NO_ACTION,
                traits.deferrability,
                traits.validated,
                traits.enforced);
        ForeignKey fk = new ForeignKey(
                nextOid++,
                name,
                table,
                referenced,
                definition,
                traits.nullable,
                traits.nullRules != null ? traits.nullRules : forbidden(traits),
                traits.generated,
                traits.temporal,
                traits.indexed,
                traits.triggerStates,
                traits.comment);
        foreignKeys.add(fk);
        return fk;
    }

    /** A partition, or an inheritance child. */
    void child(Table child, Table parent) {
        descendants.computeIfAbsent(parent.oid(), oid -> new ArrayList<>()).add(child.oid());
    }

    /** @param referenced the table that it may reference, or null for any */
    void notSeen(String what, Table referenced) {
        notSeen.add(
                new NotSeen(referenced == null ? NotSeen.ANY_TABLE : referenced.oid(), what, "a reason", "a remedy"));
    }

    void inOtherDatabase(String what, Table referenced) {
        inOtherDatabases.add(new NotSeen(referenced.oid(), what, "a reason", "a remedy"));
    }

    void interceptor(String name, Table table, boolean swallows) {
        interceptors.add(ForeignKeyGraph.Interceptor.ofDelete(table.oid(), name, "trigger " + name, swallows));
    }

    private static NullRules forbidden(ForeignKeyTraits traits) {
        Set<String> columns = new LinkedHashSet<>(traits.columns);
        columns.removeAll(traits.nullable);
        return new NullRules(columns, Map.of());
    }

    void mayDelete(String role, Table... from) {
        for (Table table : from) {
            deleters.computeIfAbsent(table.oid(), oid -> new LinkedHashSet<>()).add(role);
        }
    }

    ForeignKeyGraph graph() {
        return new ForeignKeyGraph(tables, foreignKeys, descendants, inOtherDatabases, deleters, notSeen, interceptors);
    }

    /** On PostgreSQL, with the default options. */
    CascadePlan plan() {
        return plan(CascadeOptions.defaults());
    }

    /** On PostgreSQL. */
    CascadePlan plan(CascadeOptions options) {
        return plan(postgres(), options);
    }

    CascadePlan plan(Server server, CascadeOptions options) {
        return CascadePlanner.plan(graph(), server, "public", options);
    }
}
