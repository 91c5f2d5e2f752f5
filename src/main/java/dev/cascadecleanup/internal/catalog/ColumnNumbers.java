package dev.cascadecleanup.internal.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The names behind PostgreSQL's column numbers. On CockroachDB numbers mean different things in different catalog tables. */
final class ColumnNumbers {

    private record Key(long tableOid, int number) {}

    private final Map<Key, String> names = new HashMap<>();

    void add(long tableOid, int number, String name) {
        names.put(new Key(tableOid, number), name);
    }

    /** The names, in the order of an array or int2vector in text form; null if one of them is not known. */
    @Nullable
    List<String> names(long tableOid, String numbers) {
        List<String> found = new ArrayList<>();
        for (int number : numbers(numbers)) {
            String name = names.get(new Key(tableOid, number));
            if (name == null) {
                return null;
            }
            found.add(name);
        }
        return found;
    }

    /** The same of those that have a name. */
    List<String> known(long tableOid, String numbers) {
        return numbers(numbers).stream()
                .map(number -> names.get(new Key(tableOid, number)))
                .filter(Objects::nonNull)
                .toList();
    }

    /** The numbers in {@code {1,2}} or {@code 1 2}. */
    static List<Integer> numbers(String text) {
        if (text == null) {
            return List.of();
        }
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split("[{}, ]+")) {
            if (!part.isEmpty()) {
                numbers.add(Integer.valueOf(part));
            }
        }
        return List.copyOf(numbers);
    }
}
