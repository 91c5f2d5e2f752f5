package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.NullRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known about NULL in columns beyond {@code attnotnull}: CHECK constraints, and NOT NULL that is NOT VALID. */
final class NullKnowledge {

    private record Check(String name, String condition, boolean validated) {}

    private record Column(long tableOid, String name) {}

    private final Map<Long, List<Check>> checks = new HashMap<>();
    private final Set<Column> notValid = new HashSet<>();

    /** A CHECK constraint as the catalog prints it. */
    void check(long tableOid, String name, String condition, boolean validated) {
        checks.computeIfAbsent(tableOid, oid -> new ArrayList<>()).add(new Check(name, condition, validated));
    }

    /** A NOT NULL that old rows were never compared with (PostgreSQL 18). */
    void notNullNotValid(long tableOid, String column) {
        notValid.add(new Column(tableOid, column));
    }

    /**
     * Those of the columns that may be NULL in some row.
     *
     * @param withoutNotNull those of them that are not NOT NULL
     */
    Set<String> nullable(long tableOid, Collection<String> columns, Set<String> withoutNotNull) {
        Set<String> nullable = new HashSet<>();
        for (String column : columns) {
            boolean free = withoutNotNull.contains(column) || notValid.contains(new Column(tableOid, column));
            boolean checked = checks.getOrDefault(tableOid, List.of()).stream()
                    .anyMatch(check ->
                            check.validated() && NullChecks.of(column, check.condition()) == NullChecks.Effect.FAILS);
            if (free && !checked) {
                nullable.add(column);
            }
        }
        return nullable;
    }

    /** What happens when one of the columns is set to NULL. */
    NullRules rules(long tableOid, Collection<String> columns, Set<String> withoutNotNull) {
        Set<String> forbidden = new HashSet<>();
        Map<String, String> doubtful = new HashMap<>();
        for (String column : columns) {
            if (!withoutNotNull.contains(column)) {
                forbidden.add(column);
                continue;
            }
            for (Check check : checks.getOrDefault(tableOid, List.of())) {
                switch (NullChecks.of(column, check.condition())) {
                    case FAILS -> forbidden.add(column);
                    case MAY_FAIL -> doubtful.put(column, check.name() + ' ' + check.condition());
                    case NONE -> {}
                }
            }
        }
        doubtful.keySet().removeAll(forbidden);
        return new NullRules(forbidden, doubtful);
    }
}
