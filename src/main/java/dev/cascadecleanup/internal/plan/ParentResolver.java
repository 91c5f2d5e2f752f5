package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.catalog.TableName;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.ParentName;
import dev.cascadecleanup.plan.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the referenced tables that the options name: in the given schema, else in Flyway's default schema, else on the search path. */
final class ParentResolver {

    private final ForeignKeyGraph graph;
    private final Set<String> schemas = new LinkedHashSet<>();
    private final List<Problem> problems;

    ParentResolver(ForeignKeyGraph graph, String defaultSchema, List<String> searchPath, List<Problem> problems) {
        this.graph = graph;
        this.problems = problems;
        if (defaultSchema != null) {
            schemas.add(defaultSchema);
        }
        schemas.addAll(searchPath);
    }

    List<Table> resolve(List<ParentName> parents) {
        List<Table> tables = new ArrayList<>();
        for (ParentName parent : parents) {
            Optional<Table> found = find(parent);
            if (found.isEmpty()) {
                problems.add(noSuchTable(parent));
            } else if (!found.get().kind().canBeReferenced()) {
                problems.add(new Problem(
                        "cascade_parent = " + parent.text() + ": " + found.get().name() + " is a "
                                + found.get().kind() + ", which no foreign key can reference",
                        "Name the table behind it, with its schema" + others(parent, found.get())));
            } else if (!tables.contains(found.get())) {
                tables.add(found.get());
            }
        }
        return tables;
    }

    private Optional<Table> find(ParentName parent) {
        // As written first, so that "Users" finds a mixed-case table; then folded, as SQL folds a name without quotes.
        for (String name :
                new LinkedHashSet<>(List.of(parent.name(), parent.name().toLowerCase(Locale.ROOT)))) {
            for (String schema : parent.schema() == null ? schemas : List.of(parent.schema())) {
                Optional<Table> table = graph.table(new TableName(schema, name))
                        .or(() -> graph.table(new TableName(schema.toLowerCase(Locale.ROOT), name)));
                if (table.isPresent()) {
                    return table;
                }
            }
        }
        return Optional.empty();
    }

    private Problem noSuchTable(ParentName parent) {
        String where = parent.schema() == null ? "in " + String.join(", ", schemas) : "in schema " + parent.schema();
        return new Problem(
                "cascade_parent = " + parent.text() + ": there is no such table " + where + didYouMean(parent),
                "Set the placeholder cascade_parent to the referenced table" + others(parent, null));
    }

    /** By the name alone, so that a table of a similar name in another schema is found as well; said with its schema. */
    private String didYouMean(ParentName parent) {
        List<TableName> referenced = graph.foreignKeys().stream()
                .map(fk -> fk.referencedTable().name())
                .distinct()
                .sorted()
                .toList();
        return Suggestions.nearest(
                        parent.name(), referenced.stream().map(TableName::name).toList())
                .map(nearest -> "; did you mean "
                        + String.join(
                                " or ",
                                referenced.stream()
                                        .filter(name -> name.name().equals(nearest))
                                        .map(TableName::toString)
                                        .toList())
                        + '?')
                .orElse("");
    }

    private String others(ParentName parent, @Nullable Table except) {
        List<String> sameName = graph.tables().values().stream()
                .filter(table -> !table.equals(except) && table.kind().canBeReferenced() && !table.partition())
                .map(Table::name)
                .filter(name -> name.name().equalsIgnoreCase(parent.name()))
                .sorted()
                .map(name -> Identifiers.display(name.schema()) + '.' + Identifiers.display(name.name()))
                .toList();
        return sameName.isEmpty() ? "" : "; a table of that name is " + String.join(", ", sameName);
    }
}
