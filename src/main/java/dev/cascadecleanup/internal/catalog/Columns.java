package dev.cascadecleanup.internal.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The columns that take part in foreign keys, by table and name. */
final class Columns {

    /** A column as {@code pg_attribute} has it. */
    record Column(boolean nullable, boolean generated) {}

    private record Key(long tableOid, String name) {}

    private final Map<Key, Column> byName = new HashMap<>();

    void add(long tableOid, String name, Column column) {
        byName.put(new Key(tableOid, name), column);
    }

    Set<String> namesWhere(long tableOid, Collection<String> names, Predicate<Column> condition) {
        return names.stream()
                .filter(name -> condition.test(byName.get(new Key(tableOid, name))))
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean contain(long tableOid, Collection<String> names) {
        return names.stream().allMatch(name -> byName.containsKey(new Key(tableOid, name)));
    }
}
