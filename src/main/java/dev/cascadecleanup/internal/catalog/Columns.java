package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.NullRules;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The columns that take part in foreign keys, by table and number. */
final class Columns {

    /** A column as {@code pg_attribute} has it. */
    record Column(String name, boolean nullable, boolean generated) {}

    private record Key(long tableOid, int number) {}

    private final Map<Key, Column> byNumber = new HashMap<>();

    void add(long tableOid, int number, Column column) {
        byNumber.put(new Key(tableOid, number), column);
    }

    /** The names, in the order of the numbers. */
    List<String> names(long tableOid, List<Integer> numbers) {
        return numbers.stream().map(number -> get(tableOid, number).name()).toList();
    }

    Set<String> namesWhere(long tableOid, List<Integer> numbers, Predicate<Column> condition) {
        return numbers.stream()
                .map(number -> get(tableOid, number))
                .filter(condition)
                .map(Column::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** By NOT NULL alone. */
    NullRules nullRules(long tableOid, List<Integer> numbers) {
        return new NullRules(namesWhere(tableOid, numbers, column -> !column.nullable()), Map.of());
    }

    boolean contains(long tableOid, List<Integer> numbers) {
        return numbers.stream().allMatch(number -> byNumber.containsKey(new Key(tableOid, number)));
    }

    private Column get(long tableOid, int number) {
        Column column = byNumber.get(new Key(tableOid, number));
        if (column == null) {
            throw new IllegalStateException(
                    "no column " + number + " of the table with OID " + tableOid + " in pg_attribute");
        }
        return column;
    }
}
