package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.catalog.ForeignKeyDefinition;
import dev.cascadecleanup.catalog.NotSeen;
import dev.cascadecleanup.catalog.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins the rows of the single catalog queries in memory: on CockroachDB because its own joins over pg_catalog can be wrong,
 * on PostgreSQL because it is one code and as fast.
 */
final class GraphBuilder {

    final Map<Long, Table> tables = new HashMap<>();
    final Columns columns = new Columns();
    final Indexes indexes = new Indexes();
    final List<ForeignKeyRow> foreignKeys = new ArrayList<>();
    final Map<Long, List<String>> triggerStates = new HashMap<>();
    final Map<Long, List<Long>> descendants = new HashMap<>();
    final List<ForeignKeyGraph.InvisibleForeignKey> invisible = new ArrayList<>();
    final Map<Long, Set<String>> deleters = new HashMap<>();
    final List<NotSeen> notSeen = new ArrayList<>();
    final List<ForeignKeyGraph.Interceptor> interceptors = new ArrayList<>();

    ForeignKeyGraph build() {
        List<ForeignKey> result = new ArrayList<>();
        for (ForeignKeyRow row : foreignKeys) {
            // The queries are not one snapshot: what was dropped between two of them is gone, and is not our concern.
            if (tables.containsKey(row.tableOid())
                    && tables.containsKey(row.referencedOid())
                    && columns.contains(row.tableOid(), row.columns())
                    && columns.contains(row.referencedOid(), row.referencedColumns())) {
                result.add(toForeignKey(row));
            }
        }
        return new ForeignKeyGraph(tables, result, descendants, invisible, deleters, notSeen, interceptors);
    }

    private ForeignKey toForeignKey(ForeignKeyRow row) {
        Table table = tables.get(row.tableOid());
        Table referenced = tables.get(row.referencedOid());
        ForeignKeyDefinition definition = new ForeignKeyDefinition(
                columns.names(row.tableOid(), row.columns()),
                referenced.name(),
                columns.names(row.referencedOid(), row.referencedColumns()),
                row.match(),
                row.onDelete(),
                columns.names(row.tableOid(), row.onDeleteColumns()),
                row.onUpdate(),
                row.deferrability(),
                row.validated(),
                row.enforced());
        return new ForeignKey(
                row.oid(),
                row.name(),
                table,
                referenced,
                definition,
                columns.namesWhere(row.tableOid(), row.columns(), Columns.Column::nullable),
                columns.nullRules(row.tableOid(), row.columns()),
                columns.namesWhere(row.tableOid(), row.columns(), Columns.Column::generated),
                row.temporal(),
                indexes.serve(row.oid(), row.tableOid(), row.columns()),
                triggerStates.getOrDefault(row.oid(), List.of()),
                row.comment());
    }
}
