package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.proof.MissingRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What a factory remembers: rows that are there, rows that cannot be, rows that others already count on, rows on their way. */
final class RowBook {

    private final Map<Owner, Map<Long, List<Row>>> made = new EnumMap<>(Owner.class);
    private final Map<Owner, Map<Long, MissingRow>> missing = new EnumMap<>(Owner.class);
    private final Map<Owner, Map<Table, Map<String, String>>> promised = new EnumMap<>(Owner.class);
    private final Deque<Draft> inProgress = new ArrayDeque<>();

    RowBook() {
        for (Owner owner : Owner.values()) {
            made.put(owner, new HashMap<>());
            missing.put(owner, new HashMap<>());
            promised.put(owner, new LinkedHashMap<>());
        }
    }

    /** The same as it is now, which later changes do not reach. Only between rows. */
    RowBook copy() {
        RowBook copy = new RowBook();
        made.forEach((owner, tables) ->
                tables.forEach((oid, rows) -> of(copy.made, owner).put(oid, new ArrayList<>(rows))));
        missing.forEach((owner, tables) -> of(copy.missing, owner).putAll(tables));
        promised.forEach((owner, tables) ->
                tables.forEach((table, keys) -> of(copy.promised, owner).put(table, new LinkedHashMap<>(keys))));
        return copy;
    }

    /** Every owner has one, from the beginning. */
    private static <T> T of(Map<Owner, T> all, Owner owner) {
        return Objects.requireNonNull(all.get(owner));
    }

    /** Forgets everything but what was in the copy. */
    void restore(RowBook copy) {
        RowBook another = copy.copy();
        for (Owner owner : Owner.values()) {
            made.put(owner, of(another.made, owner));
            missing.put(owner, of(another.missing, owner));
            promised.put(owner, of(another.promised, owner));
        }
    }

    List<Row> rows(Table table, Owner owner) {
        return List.copyOf(of(made, owner).getOrDefault(table.oid(), List.of()));
    }

    List<Row> all() {
        List<Row> all = new ArrayList<>();
        made.values().forEach(tables -> tables.values().forEach(all::addAll));
        return all;
    }

    void add(Row row) {
        of(made, row.owner())
                .computeIfAbsent(row.shape().table().oid(), oid -> new ArrayList<>())
                .add(row);
    }

    /** Forgets the owner's rows without a link to others of it, if there are some with one. */
    void forgetUnlinked(Table table, Owner owner) {
        List<Row> rows = of(made, owner).getOrDefault(table.oid(), List.of());
        if (rows.stream().anyMatch(Row::hangsOnOwner)) {
            rows.removeIf(row -> !row.hangsOnOwner());
        }
    }

    Optional<MissingRow> missing(Table table, Owner owner) {
        return Optional.ofNullable(of(missing, owner).get(table.oid()));
    }

    void setMissing(Table table, Owner owner, MissingRow problem) {
        of(missing, owner).put(table.oid(), problem);
    }

    Optional<MissingRow> forgetMissing(Table table, Owner owner) {
        return Optional.ofNullable(of(missing, owner).remove(table.oid()));
    }

    /** The key that a row which is still to come has been given; to be added to. */
    Map<String, String> promise(Table table, Owner owner) {
        return of(promised, owner).computeIfAbsent(table, key -> new LinkedHashMap<>());
    }

    Map<String, String> promised(Table table, Owner owner) {
        return of(promised, owner).getOrDefault(table, Map.of());
    }

    /** Tables whose promised rows are still to come. */
    List<Table> openPromises(Owner owner) {
        return of(promised, owner).keySet().stream()
                .filter(table -> rows(table, owner).isEmpty())
                .toList();
    }

    /** The rows on their way, the latest first. */
    Deque<Draft> inProgress() {
        return inProgress;
    }

    boolean isInProgress(Table table) {
        return inProgress.stream().anyMatch(draft -> draft.shape().table().equals(table));
    }

    /** Whether one of these tables has a row on its way. */
    boolean isAnyInProgress(Set<Long> tables) {
        return inProgress.stream()
                .anyMatch(draft -> tables.contains(draft.shape().table().oid()));
    }
}
