package dev.cascadecleanup.internal.plan;

import dev.cascadecleanup.catalog.ForeignKey;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.plan.ForeignKeySelector;
import dev.cascadecleanup.plan.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the foreign keys that the entries of an option name, and says what is wrong with entries that name none. */
final class Selection {

    private final List<ForeignKey> candidates;
    private final Map<String, List<ForeignKey>> byTable = new HashMap<>();
    private final String where;
    private final List<Problem> problems;

    /**
     * @param candidates what can be named
     * @param where where these foreign keys are, for messages
     * @param problems takes what is wrong
     */
    Selection(List<ForeignKey> candidates, String where, List<Problem> problems) {
        this.candidates = candidates;
        this.where = where;
        this.problems = problems;
        candidates.forEach(
                fk -> byTable.computeIfAbsent(tableKey(fk.table().name().name()), key -> new ArrayList<>())
                        .add(fk));
    }

    /** Those that the entries of this option name; each object once. */
    Set<ForeignKey> select(String option, List<ForeignKeySelector> selectors) {
        Set<ForeignKey> selected = Collections.newSetFromMap(new IdentityHashMap<>());
        selectors.forEach(selector -> selected.addAll(select(option, selector)));
        return selected;
    }

    List<ForeignKey> select(String option, ForeignKeySelector selector) {
        List<ForeignKey> matches = matches(selector);
        Set<String> schemas = new TreeSet<>();
        matches.forEach(fk -> schemas.add(fk.table().name().schema()));
        if (matches.isEmpty()) {
            problems.add(new Problem(
                    option + " names " + selector.text() + ", but no foreign key " + where + " is called so"
                            + Suggestions.didYouMean(selector.text(), validNames()),
                    "Write table.constraint or table.column, or take the entry out"));
        } else if (schemas.size() > 1) {
            problems.add(new Problem(
                    option + " names " + selector.text() + ", which exists in the schemas "
                            + String.join(", ", schemas),
                    "Put the schema in front"));
            return List.of();
        }
        return matches;
    }

    /** Whether an entry names no foreign key. */
    boolean isNone(ForeignKeySelector selector) {
        return matches(selector).isEmpty();
    }

    /** The shortest entry that names this foreign key and no other. */
    String nameOf(ForeignKey fk) {
        String table = Identifiers.display(fk.table().name().name());
        String schema = Identifiers.display(fk.table().name().schema());
        List<String> members = Stream.concat(
                        fk.columns().size() == 1 ? fk.columns().stream() : Stream.empty(), Stream.of(fk.name()))
                .map(Identifiers::display)
                .toList();
        return Stream.of("", schema + '.')
                .flatMap(prefix -> members.stream().map(member -> prefix + table + '.' + member))
                .filter(name -> namesOnly(name, fk))
                .findFirst()
                .orElse(schema + '.' + table + '.' + members.get(members.size() - 1));
    }

    private boolean namesOnly(String name, ForeignKey fk) {
        List<ForeignKey> matches = matches(ForeignKeySelector.parseList(name).get(0));
        return matches.size() == 1 && matches.get(0) == fk;
    }

    private List<ForeignKey> matches(ForeignKeySelector selector) {
        return selector.select(byTable.getOrDefault(tableKey(selector.table()), List.of()));
    }

    private static String tableKey(String table) {
        return table.toLowerCase(Locale.ROOT);
    }

    private Set<String> validNames() {
        Set<String> names = new LinkedHashSet<>();
        for (ForeignKey fk : candidates) {
            names.add(fk.qualifiedName());
            fk.columns().forEach(column -> names.add(fk.table().name() + "." + Identifiers.display(column)));
        }
        return names;
    }
}
