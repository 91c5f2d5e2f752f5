package dev.cascadecleanup.internal.proof;

import dev.cascadecleanup.catalog.Table;
import dev.cascadecleanup.internal.catalog.ForeignKeyGraph;
import dev.cascadecleanup.internal.proof.row.RowHints;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.plan.ForeignKeySelector;
import dev.cascadecleanup.plan.ParentName;
import dev.cascadecleanup.plan.Problem;
import dev.cascadecleanup.proof.ProofHints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Hints whose names have been found in the catalog. */
final class ResolvedHints implements RowHints {

    private record Place(long table, String column) {}

    private final ForeignKeyGraph graph;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<Place, String> expressions = new HashMap<>();
    private final Set<Table> skipped = new HashSet<>();

    ResolvedHints(ForeignKeyGraph graph, ProofHints hints) {
        this.graph = graph;
        hints.expressions().forEach(this::resolveColumn);
        hints.skipped().forEach(this::resolveTable);
        Optional.ofNullable(hints.firstRun())
                .flatMap(TransactionControl::in)
                .ifPresent(word -> problems.add(new Problem(
                        "the SQL to run first would end the transaction by " + word,
                        "Take it out; the proof rolls everything back itself")));
    }

    /** @throws ProofRefusedException if a hint names no table, or several */
    void check() {
        if (!problems.isEmpty()) {
            throw new ProofRefusedException(problems);
        }
    }

    /** @throws ProofRefusedException if a hint names no column of its table */
    void checkColumns(Map<Long, TableShape> shapes) {
        for (Place place : expressions.keySet()) {
            TableShape shape = shapes.get(place.table());
            if (shape != null && !shape.columnsByName().containsKey(place.column())) {
                problems.add(new Problem(
                        "a hint names the column " + place.column() + ", which " + shape.table() + " does not have",
                        "Its columns are "
                                + String.join(", ", shape.columnsByName().keySet())));
            }
        }
        check();
    }

    Set<Table> skipped() {
        return skipped;
    }

    @Override
    public @Nullable String expression(Table table, String column) {
        return expressions.get(new Place(table.oid(), column));
    }

    private void resolveColumn(String text, String expression) {
        for (ForeignKeySelector selector : parsed(text, () -> ForeignKeySelector.parseList(text))) {
            tables(text, selector.schema(), selector.table())
                    .forEach(table -> expressions.put(new Place(table.oid(), selector.member()), expression));
        }
    }

    private void resolveTable(String text) {
        for (ParentName name : parsed(text, () -> ParentName.parseList(text))) {
            skipped.addAll(tables(text, name.schema(), name.name()));
        }
    }

    private <T> List<T> parsed(String text, Supplier<List<T>> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(
                    "the hint '" + text + "' is not a name: " + e.getMessage(),
                    "Write table.column for a value and"
                            + " table for a table to skip, with the schema in front where needed"));
            return List.of();
        }
    }

    private List<Table> tables(String hint, @Nullable String schema, String name) {
        List<Table> found = graph.tables().values().stream()
                .filter(table -> table.kind().canBeReferenced())
                .filter(table -> schema == null || names(schema, table.name().schema()))
                .filter(table -> names(name, table.name().name()))
                .toList();
        if (found.isEmpty()) {
            problems.add(new Problem(
                    "the hint '" + hint + "' names a table that is not there", "Check its spelling and its schema"));
        } else if (found.size() > 1) {
            problems.add(new Problem(
                    "the hint '" + hint + "' fits several tables: "
                            + found.stream().map(Table::toString).sorted().collect(Collectors.joining(", ")),
                    "Put the schema in front"));
        }
        return found.size() == 1 ? found : List.of();
    }

    private static boolean names(String written, String stored) {
        return written.equals(stored) || written.toLowerCase(Locale.ROOT).equals(stored);
    }
}
