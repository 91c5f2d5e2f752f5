package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.IndexEntry;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The CHECK constraints that SET NULL and SET DEFAULT may violate, as conditions that the server works out for each row; and the entries that
 * indexes get for the row, which may raise an error when they are worked out, or be too long.
 */
final class CheckConditions {

    private static final int MOST_SETTERS = 4;
    private static final String NOT_VALID = " NOT VALID";
    /** A B-tree takes 2,704 bytes an entry at pages of 8 kB (manual, 67.1). What is stored compressed is so in the index, too. */
    private static final int MOST_BYTES = 2_600;
    /** The same without the entry's head. */
    private static final int MOST_BYTES_OF_VALUES = 2_680;
    /** Up to so many bytes lie between two values. */
    private static final int ALIGNMENT = 8;

    /** Nothing is asked. */
    static final CheckConditions NONE = new CheckConditions(List.of(), false);

    /** @param refuses whether a row for which it holds is refused; else it may be */
    private record Case(Set<Edge> setters, String name, String sql, boolean refuses) {}

    private final List<Case> cases;
    private final boolean incomplete;

    private CheckConditions(List<Case> cases, boolean incomplete) {
        this.cases = cases;
        this.incomplete = incomplete;
    }

    /** For every combination of these setters; they set their columns one after the other. */
    static CheckConditions of(Product product, TableShape shape, List<Edge> setters, RowColumns columns) {
        List<Case> cases = new ArrayList<>();
        for (Set<Edge> set : combinations(setters)) {
            for (CheckConstraint check : shape.checks()) {
                boolean touched = set.stream().anyMatch(edge -> Model.overlap(edge.changed(), check.columns()));
                if (touched || (product == Product.POSTGRESQL && mayFailUntouched(check))) {
                    cases.add(new Case(set, check.name(), isFalse(shape, check, set, columns), true));
                }
            }
            if (product == Product.POSTGRESQL) {
                for (IndexEntry entry : shape.indexEntries()) {
                    entry(shape, entry, set, columns).ifPresent(cases::add);
                }
            }
        }
        boolean incomplete = isDoubtful(setters, false) && cases.stream().anyMatch(Case::refuses);
        for (IndexEntry entry : product == Product.POSTGRESQL ? shape.indexEntries() : List.<IndexEntry>of()) {
            // Of those that one of them alone concerns all is known.
            incomplete |= isDoubtful(
                    setters.stream()
                            .filter(setter -> isNew(shape, entry, Set.of(setter)))
                            .toList(),
                    true);
        }
        return new CheckConditions(cases, incomplete);
    }

    /** All of the first few, and each of the others alone. */
    private static List<Set<Edge>> combinations(List<Edge> setters) {
        List<Set<Edge>> combinations = new ArrayList<>();
        List<Edge> some = setters.subList(0, Math.min(MOST_SETTERS, setters.size()));
        for (int bits = 1; bits < 1 << some.size(); bits++) {
            Set<Edge> set = new HashSet<>();
            for (int i = 0; i < some.size(); i++) {
                if ((bits & 1 << i) != 0) {
                    set.add(some.get(i));
                }
            }
            combinations.add(set);
        }
        setters.subList(some.size(), setters.size()).forEach(setter -> combinations.add(Set.of(setter)));
        return combinations;
    }

    /**
     * Whether there are combinations of them that are not tried, or two of them set one column to different things, one after the other.
     *
     * @param apart whether each of the two is asked about alone, too, which is all that there can be where both set the same columns
     */
    private static boolean isDoubtful(List<Edge> setters, boolean apart) {
        return setters.size() > MOST_SETTERS
                || setters.stream()
                        .anyMatch(one -> setters.stream()
                                .anyMatch(other -> one != other
                                        && one.definition().onDelete()
                                                != other.definition().onDelete()
                                        && Model.overlap(one.changed(), other.changed())
                                        && !(apart && Set.copyOf(one.changed()).equals(Set.copyOf(other.changed())))));
    }

    /**
     * PostgreSQL asks all of them again. A row can violate already what is NOT VALID, what was another function when it was written, and what
     * depends on the session's time zone.
     */
    private static boolean mayFailUntouched(CheckConstraint check) {
        return check.definition().endsWith(NOT_VALID) || check.calls();
    }

    /**
     * The entry of a row that comes into the index or gets another one there, or that is worked out by a function which may be another one
     * by now.
     */
    private static Optional<Case> entry(TableShape shape, IndexEntry entry, Set<Edge> setters, RowColumns columns) {
        boolean measured = entry.btree() && isNew(shape, entry, setters);
        if (!measured && !entry.calls()) {
            return Optional.empty();
        }
        List<String> sizes = new ArrayList<>();
        if (measured) {
            entry.columns()
                    .forEach(column -> sizes.add("coalesce(pg_column_size(" + Identifiers.quote(column) + "), 0)"));
        }
        if (entry.expressions() != null) {
            sizes.add("pg_column_size(ROW(" + Identifiers.escape(entry.expressions()) + "))");
        }
        int most = Math.min(MOST_BYTES, MOST_BYTES_OF_VALUES - ALIGNMENT * sizes.size());
        String tooLong = sizes.isEmpty() ? "false" : String.join(" + ", sizes) + " > " + most;
        // One that stays as it is was not too long; it is only worked out.
        String wanted = measured ? tooLong : '(' + tooLong + ") IS NULL";
        String sql = "(SELECT "
                + (entry.predicate() == null
                        ? wanted
                        : "CASE WHEN " + Identifiers.escape(entry.predicate()) + " THEN " + wanted + " ELSE false END")
                + " FROM " + row(shape, setters, columns, generatedAgain(shape, entry, changedBy(setters))) + ')';
        String ofPartitions = "(CASE WHEN c.tableoid OPERATOR(pg_catalog.=) ANY (CAST('{"
                + String.join(",", entry.heaps()) + "}' AS pg_catalog.oid[])) THEN " + sql + " ELSE false END)";
        return Optional.of(
                new Case(setters, "the index " + entry.name(), entry.heaps().isEmpty() ? sql : ofPartitions, false));
    }

    /**
     * Whether a row of these setters may come into the index, or get a longer entry there. Where a column itself becomes NULL the entry
     * becomes shorter, but for what says which of them are NULL.
     */
    private static boolean isNew(TableShape shape, IndexEntry entry, Set<Edge> setters) {
        Set<String> changed = changedBy(setters);
        boolean longer = setters.stream()
                .anyMatch(edge -> edge.definition().onDelete() == ReferentialAction.SET_DEFAULT
                        && Model.overlap(edge.changed(), entry.columns()));
        return longer
                || shape.columns().stream()
                        .filter(column -> isIn(column, entry.predicate())
                                || isIn(column, entry.expressions())
                                || (column.source() == Column.Source.GENERATED
                                        && entry.columns().contains(column.name())))
                        .anyMatch(column -> isChanged(shape, column, changed));
    }

    private static Set<String> changedBy(Set<Edge> setters) {
        return setters.stream().flatMap(edge -> edge.changed().stream()).collect(Collectors.toSet());
    }

    /** What the index has of generated columns that become something else. */
    private static Set<String> generatedAgain(TableShape shape, IndexEntry entry, Set<String> changed) {
        return shape.columns().stream()
                .filter(column -> column.source() == Column.Source.GENERATED && column.defaultSql() != null)
                .filter(column -> isIn(column, entry.predicate())
                        || isIn(column, entry.expressions())
                        || entry.columns().contains(column.name()))
                .filter(column -> isChanged(shape, column, changed))
                .map(Column::name)
                .collect(Collectors.toSet());
    }

    private static boolean isIn(Column column, @Nullable String expression) {
        return expression != null && Identifiers.isIn(column.name(), expression);
    }

    private static boolean isChanged(TableShape shape, Column column, Set<String> changed) {
        return shape.inputsOf(column.name()).stream().anyMatch(changed::contains);
    }

    private static String isFalse(TableShape shape, CheckConstraint check, Set<Edge> setters, RowColumns columns) {
        return "(SELECT (" + Identifiers.escape(check.sql()) + ") FROM " + row(shape, setters, columns) + ") IS FALSE";
    }

    /** The row as it will be. */
    private static String row(TableShape shape, Set<Edge> setters, RowColumns columns) {
        String row = shape.columns().stream()
                .map(column -> value(column, setters, columns) + " AS " + Identifiers.quote(column.name()))
                .collect(Collectors.joining(", "));
        return "(SELECT " + row + ") AS "
                + Identifiers.quote(shape.table().name().name());
    }

    /** The same with some of its columns generated again. */
    private static String row(TableShape shape, Set<Edge> setters, RowColumns columns, Set<String> generated) {
        String row = row(shape, setters, columns);
        if (generated.isEmpty()) {
            return row;
        }
        String again = shape.columns().stream()
                .map(column -> generated.contains(column.name())
                        ? "CAST((" + Identifiers.escape(String.valueOf(column.defaultSql())) + ") AS "
                                + column.type().sql() + ") AS " + Identifiers.quote(column.name())
                        : Identifiers.quote(column.name()))
                .collect(Collectors.joining(", "));
        return "(SELECT " + again + " FROM " + row + ") AS "
                + Identifiers.quote(shape.table().name().name());
    }

    private static String value(Column column, Set<Edge> setters, RowColumns columns) {
        for (Edge setter : setters) {
            if (setter.changed().contains(column.name())) {
                boolean toDefault = setter.definition().onDelete() == ReferentialAction.SET_DEFAULT
                        && columns.hasDefault(column.name())
                        && columns.doubt(column.name(), true) == null;
                return "CAST(" + (toDefault ? Identifiers.escape(String.valueOf(column.defaultSql())) : "NULL") + " AS "
                        + column.type().sql() + ')';
            }
        }
        return "c." + Identifiers.quote(column.name());
    }

    List<String> sql() {
        return cases.stream().map(Case::sql).toList();
    }

    /** For people. */
    String names() {
        return cases.stream()
                .map(each -> each.refuses() ? "CHECK " + each.name() : each.name())
                .distinct()
                .collect(Collectors.joining(" or "));
    }

    boolean isEmpty() {
        return cases.isEmpty();
    }

    /** Whether a row of several setters may be another one than those that are tried. */
    boolean isIncomplete() {
        return incomplete;
    }

    /** The CHECK that refuses a row once these have set their columns, given what the server said of it; null if none does. */
    @Nullable
    String refusedBy(Set<Edge> setters, List<Boolean> held) {
        for (int i = 0; i < cases.size(); i++) {
            if (held.get(i) && cases.get(i).refuses() && cases.get(i).setters().equals(setters)) {
                return cases.get(i).name();
            }
        }
        return null;
    }

    /** The indexes that some of these may make a row come into although it is too long for them, given what the server said of it. */
    Set<String> tooLongFor(Set<Edge> setters, List<Boolean> held) {
        Set<String> indexes = new LinkedHashSet<>();
        for (int i = 0; i < cases.size(); i++) {
            if (held.get(i)
                    && !cases.get(i).refuses()
                    && setters.containsAll(cases.get(i).setters())) {
                indexes.add(cases.get(i).name());
            }
        }
        return indexes;
    }
}
