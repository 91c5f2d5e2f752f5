package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.plan.Decision;
import dev.cascadecleanup.plan.Link;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Whose a row is. A row of the parent is its own. Any other belongs to those to whom the owner links of its table lead: its foreign
 * keys on the parent that cascade; without any, those on the parent that are checked; without any, all that cascade. What is SET NULL
 * owns nothing: the row outlives it.
 */
final class Owners {

    /** Columns that say who did something with a row, and not whose it is. */
    private static final Pattern ACTOR =
            Pattern.compile("(?i)(.*_)?(by|actor|author|admin|agent|doctor|editor|manager|moderator|operator|"
                    + "sender|staff|(approv|review|assign|creat|updat|delet|modif|record|invit|verif|resolv|clos|lock|merg|upload|grant|"
                    + "support|report|handl)\\w*)(_?id)?");

    private final References references;
    private final Definitions definitions;
    private final Set<Long> sources;
    private final Set<Long> reached;
    private final Function<ForeignKey, Decision> decisions;
    private final Map<Long, List<ForeignKey>> ways = new HashMap<>();
    private final Map<Long, List<ForeignKey>> owners = new HashMap<>();
    private final Map<Long, List<ForeignKey>> undecided = new HashMap<>();

    Owners(
            References references,
            Definitions definitions,
            Set<Long> sources,
            Set<Long> reached,
            Function<ForeignKey, Decision> decisions) {
        this.references = references;
        this.definitions = definitions;
        this.sources = sources;
        this.reached = reached;
        this.decisions = decisions;
    }

    static boolean looksLikeActor(ForeignKey fk) {
        return fk.columns().size() == 1 && ACTOR.matcher(fk.columns().get(0)).matches();
    }

    Decision decision(ForeignKey fk) {
        return decisions.apply(fk);
    }

    /** The foreign keys over which rows of this table go. */
    List<ForeignKey> ways(long table) {
        return ways.computeIfAbsent(
                table,
                oid -> references.of(oid).stream()
                        .filter(fk ->
                                definitions.deletes(fk) && reached.contains(references.root(fk.referencedTable())))
                        .toList());
    }

    /** The owner links of this table, whatever has been decided. */
    List<ForeignKey> of(long table) {
        return owners.computeIfAbsent(table, oid -> owners(oid, references.of(oid)));
    }

    /** Those that still say whose a row is: what goes over a link that was named for it is known to. */
    List<ForeignKey> undecided(long table) {
        return undecided.computeIfAbsent(
                table,
                oid -> owners(
                        oid,
                        references.of(oid).stream()
                                .filter(fk -> decision(fk) != Decision.CASCADE && decision(fk) != Decision.ACCEPT)
                                .toList()));
    }

    private List<ForeignKey> owners(long table, List<ForeignKey> candidates) {
        if (sources.contains(table)) {
            return List.of();
        }
        List<ForeignKey> direct = candidates.stream()
                .filter(fk -> sources.contains(references.root(fk.referencedTable())))
                .toList();
        List<ForeignKey> cascading =
                direct.stream().filter(definitions::deletes).toList();
        if (!cascading.isEmpty()) {
            return cascading;
        }
        List<ForeignKey> checked = direct.stream()
                .filter(fk -> definitions.effect(fk) == Link.Effect.CHECKED)
                .toList();
        return !checked.isEmpty()
                ? checked
                : ways(table).stream().filter(candidates::contains).toList();
    }

    /** Of several owner links the one that most looks like it: the others are to be decided. */
    private Optional<ForeignKey> main(long table) {
        return undecided(table).stream()
                .min(Comparator.<ForeignKey, Boolean>comparing(fk -> !definitions.carriesEveryRow(fk))
                        .thenComparing(fk -> references.root(fk.referencedTable()) == table)
                        .thenComparing(Owners::looksLikeActor)
                        .thenComparing(ForeignKey.BY_NAME));
    }

    /** Another owner link through which a row that references something by this one may belong to somebody else. */
    Optional<ForeignKey> other(ForeignKey fk) {
        return other(fk, of(references.root(fk.table())));
    }

    Optional<ForeignKey> otherUndecided(ForeignKey fk) {
        return other(fk, undecided(references.root(fk.table())));
    }

    private Optional<ForeignKey> other(ForeignKey fk, List<ForeignKey> among) {
        return among.stream().filter(other -> isAnother(fk, other)).findFirst();
    }

    /** Whether somebody has to decide about the rows of others that go over this one. */
    boolean isToDecide(ForeignKey fk) {
        long table = references.root(fk.table());
        if (decision(fk) != Decision.NONE) {
            return false;
        }
        return sources.contains(table)
                || (otherUndecided(fk).isPresent()
                        && main(table).filter(main -> main == fk).isEmpty());
    }

    /** Whether a row may reference rows of two persons through these two. */
    boolean isAnother(ForeignKey fk, ForeignKey other) {
        return other != fk
                && mayBeOfOneRow(fk, other)
                && !fk.referencesTheSameRow(other)
                && !areOfTheSameRow(fk, other)
                && !isOfSamePerson(fk, other)
                && !isOfSamePerson(other, fk);
    }

    /** A row is in one partition only. */
    static boolean mayBeOfOneRow(ForeignKey fk, ForeignKey other) {
        return !fk.table().partition()
                || !other.table().partition()
                || fk.table().equals(other.table());
    }

    /** Whether the columns of one are among those of the other, and reference the same ones: these name a single row already. */
    private boolean areOfTheSameRow(ForeignKey fk, ForeignKey other) {
        return fk.referencedTable().equals(other.referencedTable())
                && isCertain(fk)
                && isCertain(other)
                && (pairs(fk).containsAll(pairs(other)) || pairs(other).containsAll(pairs(fk)));
    }

    private static Set<Map.Entry<String, String>> pairs(ForeignKey fk) {
        Set<Map.Entry<String, String>> pairs = new HashSet<>();
        for (int i = 0; i < fk.columns().size(); i++) {
            pairs.add(Map.entry(
                    fk.columns().get(i), fk.definition().referencedColumns().get(i)));
        }
        return pairs;
    }

    /**
     * Whether the columns of {@code direct}, which name a person, are among those of {@code fk}, which reference a row that names the
     * person in just these, and goes with no other: as with (user_id, post_id) on posts (user_id, id).
     */
    private boolean isOfSamePerson(ForeignKey fk, ForeignKey direct) {
        if (!sources.contains(references.root(direct.referencedTable())) || !isCertain(fk) || !isCertain(direct)) {
            return false;
        }
        List<ForeignKey> above = ways(references.root(fk.referencedTable()));
        return above.size() == 1
                && isCertain(above.get(0))
                && above.get(0).table().equals(fk.referencedTable())
                && above.get(0).referencedTable().equals(direct.referencedTable())
                && namesInTheSameColumns(fk, direct, above.get(0));
    }

    private static boolean namesInTheSameColumns(ForeignKey fk, ForeignKey direct, ForeignKey above) {
        for (int i = 0; i < direct.columns().size(); i++) {
            int own = fk.columns().indexOf(direct.columns().get(i));
            int key = above.definition()
                    .referencedColumns()
                    .indexOf(direct.definition().referencedColumns().get(i));
            if (own < 0
                    || key < 0
                    || !above.columns()
                            .get(key)
                            .equals(fk.definition().referencedColumns().get(own))) {
                return false;
            }
        }
        return true;
    }

    private boolean isCertain(ForeignKey fk) {
        return definitions.of(fk).enforced()
                && definitions.of(fk).validated()
                && fk.triggerStates().isEmpty()
                && !fk.table().partition();
    }
}
