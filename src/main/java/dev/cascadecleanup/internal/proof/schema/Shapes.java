package dev.cascadecleanup.internal.proof.schema;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.proof.check.Branches;
import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import dev.cascadecleanup.internal.proof.check.Expression;
import dev.cascadecleanup.internal.proof.check.Facts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what the single catalog queries say about tables, by the tables' OIDs. */
final class Shapes {

    final Map<Long, List<Column>> columns = new HashMap<>();
    final Map<Long, List<UniqueKey>> uniqueKeys = new HashMap<>();
    final Map<Long, List<CheckConstraint>> checks = new HashMap<>();
    final Map<Long, List<IndexEntry>> indexEntries = new HashMap<>();
    final Set<Long> rowSecurity = new HashSet<>();
    final Set<Long> withoutPartitions = new HashSet<>();

    Map<Long, TableShape> of(Collection<Table> tables) {
        Map<Long, TableShape> shapes = new HashMap<>();
        for (Table table : tables) {
            Map<String, Column> byName = new LinkedHashMap<>();
            columns.getOrDefault(table.oid(), List.of()).forEach(column -> byName.put(column.name(), column));
            required(checks.getOrDefault(table.oid(), List.of()))
                    .forEach(name -> byName.computeIfPresent(name, (key, column) -> column.asNotNull()));
            shapes.put(
                    table.oid(),
                    new TableShape(
                            table,
                            byName,
                            uniqueKeys.getOrDefault(table.oid(), List.of()),
                            checks.getOrDefault(table.oid(), List.of()),
                            indexEntries.getOrDefault(table.oid(), List.of()),
                            rowSecurity.contains(table.oid()),
                            withoutPartitions.contains(table.oid())));
        }
        return shapes;
    }

    /** Columns for which a check of their own says {@code IS NOT NULL}, whatever else it allows. */
    private static Set<String> required(List<CheckConstraint> checks) {
        Set<String> required = new HashSet<>();
        for (CheckConstraint check : checks) {
            List<Map<String, Facts>> branches = Branches.of(List.of(check.condition()));
            for (String column : check.columns()) {
                if (!branches.isEmpty()
                        && branches.stream()
                                .allMatch(facts -> Boolean.FALSE.equals(
                                        facts.getOrDefault(column, Facts.NONE).mustBeNull()))) {
                    required.add(column);
                }
            }
        }
        return required;
    }

    /** The names of the columns with these numbers, and of those that the text of expressions names. */
    List<String> names(long table, List<Integer> numbers, String expressions) {
        List<String> names = new ArrayList<>();
        Set<String> inText = expressions == null ? Set.of() : Expression.namesIn(expressions);
        for (Column column : columns.getOrDefault(table, List.of())) {
            if (numbers.contains(column.number()) || inText.contains(column.name())) {
                names.add(column.name());
            }
        }
        return names;
    }

    static <V> void add(Map<Long, List<V>> lists, long oid, V value) {
        lists.computeIfAbsent(oid, key -> new ArrayList<>()).add(value);
    }

    static List<Integer> numbers(String text) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text == null ? new String[0] : text.split("[{}, ]+")) {
            if (!part.isEmpty()) {
                numbers.add(Integer.valueOf(part));
            }
        }
        return numbers;
    }
}
