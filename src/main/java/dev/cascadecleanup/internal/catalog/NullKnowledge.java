package dev.cascadecleanup.internal.catalog;

import dev.cascadecleanup.catalog.NullDoubt;
import dev.cascadecleanup.catalog.NullRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known about NULL in columns beyond {@code attnotnull}: CHECK constraints, NOT NULL that is NOT VALID, and what else refuses NULL. */
final class NullKnowledge {

    /**
     * @param condition as the catalog prints it
     * @param beyond whether it may look at more than the row, so that it may fail whichever of its columns changes
     */
    private record Check(String name, String condition, boolean validated, boolean beyond) {}

    private record Column(long tableOid, String name) {}

    private final Map<Long, List<Check>> checks = new HashMap<>();
    private final Map<Long, List<Check>> ofPartitions = new HashMap<>();
    private final Set<Column> notValid = new HashSet<>();
    private boolean asksAll = true;
    private final Map<Column, Set<NullDoubt>> doubts = new HashMap<>();
    private final Map<Long, Set<NullDoubt>> ofRows = new HashMap<>();

    /** As on CockroachDB: a CHECK of which no column changes is not asked again. */
    void checkOnlyWhatChanges() {
        asksAll = false;
    }

    /** A CHECK constraint. */
    void check(long tableOid, String name, String condition, boolean validated, boolean beyond) {
        checks.computeIfAbsent(tableOid, oid -> new ArrayList<>()).add(new Check(name, condition, validated, beyond));
    }

    /** A NOT NULL that old rows were never compared with (PostgreSQL 18). */
    void notNullNotValid(long tableOid, String column) {
        notValid.add(new Column(tableOid, column));
    }

    /** What may refuse a NULL that the column itself would take, in words. Only trying tells. */
    void doubt(long tableOid, String column, String what) {
        doubts.computeIfAbsent(new Column(tableOid, column), each -> new LinkedHashSet<>())
                .add(new NullDoubt(what, true));
    }

    /** What may refuse any change of a row of this table. */
    void doubtOfRow(long tableOid, String what) {
        ofRows.computeIfAbsent(tableOid, each -> new LinkedHashSet<>()).add(new NullDoubt(what, true));
    }

    /**
     * A CHECK of one partition only, which says nothing about the rows of the others.
     *
     * @param validated whether its rows fulfilled it, and nothing that it calls can be another function since
     */
    void checkOfPartition(long tableOid, String name, String condition, boolean validated, boolean beyond) {
        ofPartitions
                .computeIfAbsent(tableOid, oid -> new ArrayList<>())
                .add(new Check(name, condition, validated, beyond));
    }

    /**
     * A unique index on a table of this column, perhaps about it.
     *
     * @param key whether the column itself is one of its keys
     * @param same whether two NULLs are the same to it (NULLS NOT DISTINCT)
     * @param expressions its keys that are expressions, or null
     * @param predicate which rows are in it, or null
     */
    void uniqueIndex(
            long tableOid,
            String name,
            String column,
            boolean key,
            boolean same,
            @Nullable String expressions,
            @Nullable String predicate) {
        NullChecks.Effect onPredicate = effect(column, predicate);
        boolean leaves = onPredicate == NullChecks.Effect.FAILS;
        boolean decides = key
                ? same
                : onPredicate == NullChecks.Effect.MAY_FAIL
                        || effect(column, expressions) == NullChecks.Effect.MAY_FAIL;
        if (decides && !leaves) {
            doubt(tableOid, column, "the index " + name);
        }
    }

    private static NullChecks.Effect effect(String column, @Nullable String condition) {
        return condition == null ? NullChecks.Effect.NONE : NullChecks.of(column, condition);
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
        Map<String, List<NullDoubt>> doubtful = new HashMap<>();
        for (String column : columns) {
            if (!withoutNotNull.contains(column)) {
                forbidden.add(column);
            }
            Set<NullDoubt> here = new LinkedHashSet<>(doubts.getOrDefault(new Column(tableOid, column), Set.of()));
            here.addAll(ofRows.getOrDefault(tableOid, Set.of()));
            for (Check check : checks.getOrDefault(tableOid, List.of())) {
                if (NullChecks.of(column, check.condition()) == NullChecks.Effect.FAILS) {
                    forbidden.add(column);
                }
                if (!asksAll && !NullChecks.mentions(column, check.condition())) {
                    continue;
                }
                here.addAll(doubts(column, check));
                if (!check.validated()) {
                    here.add(new NullDoubt(
                            "the check " + check.name() + ", which old rows may violate (NOT VALID),",
                            NullChecks.isOfWholeRow(check.condition())));
                }
            }
            notValid.stream()
                    .filter(other ->
                            other.tableOid() == tableOid && !other.name().equals(column))
                    .forEach(other -> here.add(new NullDoubt(
                            "NOT NULL of " + other.name() + ", which old rows may violate (NOT VALID),", true)));
            for (Check check : ofPartitions.getOrDefault(tableOid, List.of())) {
                // Nobody asks a partition's own.
                doubts(column, check).forEach(doubt -> here.add(new NullDoubt(doubt.what(), true)));
                if (!check.validated()) {
                    here.add(new NullDoubt(
                            "the check " + check.name()
                                    + ", which old rows may violate (NOT VALID, or its function is another one now),",
                            true));
                }
            }
            if (!here.isEmpty()) {
                doubtful.put(column, List.copyOf(here));
            }
        }
        return new NullRules(forbidden, doubtful);
    }

    /** Every CHECK is asked again when a row changes, whichever of its columns (manual, 5.5.1). */
    private static List<NullDoubt> doubts(String column, Check check) {
        String what = "the check " + check.name() + ' ' + check.condition();
        List<NullDoubt> doubts = new ArrayList<>();
        if (NullChecks.of(column, check.condition()) != NullChecks.Effect.NONE) {
            doubts.add(new NullDoubt(what, NullChecks.isOfWholeRow(check.condition())));
        }
        if (NullChecks.mayFailLater(check.condition())) {
            doubts.add(new NullDoubt(what + ", which looks at the clock or the session,", true));
        }
        if (check.beyond()) {
            doubts.add(new NullDoubt("the check " + check.name() + ", which may look at more than the row,", true));
        }
        return doubts;
    }
}
