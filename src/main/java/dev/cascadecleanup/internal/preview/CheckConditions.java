package dev.cascadecleanup.internal.preview;

import dev.cascadecleanup.catalog.Product;
import dev.cascadecleanup.catalog.ReferentialAction;
import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The CHECK constraints that SET NULL and SET DEFAULT may violate, as conditions that the server works out for each row. */
final class CheckConditions {

    private static final int MOST_SETTERS = 4;
    /** What depends on the session's time zone. */
    private static final Pattern BY_TIME_ZONE =
            Pattern.compile("::(?:date|time)|(?i)\\b(?:EXTRACT|date_part|date_trunc|to_char|to_date|to_timestamp)\\(");

    private static final String NOT_VALID = " NOT VALID";

    /** Nothing is asked. */
    static final CheckConditions NONE = new CheckConditions(List.of(), false);

    private record Case(Set<Edge> setters, String name, String sql, boolean touched) {}

    private final List<Case> cases;
    private final boolean incomplete;

    private CheckConditions(List<Case> cases, boolean incomplete) {
        this.cases = cases;
        this.incomplete = incomplete;
    }

    /** For every combination of these setters; they set their columns one after the other. */
    static CheckConditions of(Product product, TableShape shape, List<Edge> setters, RowColumns columns) {
        List<Case> cases = new ArrayList<>();
        List<Edge> some = setters.subList(0, Math.min(MOST_SETTERS, setters.size()));
        for (int bits = 1; bits < 1 << some.size(); bits++) {
            Set<Edge> set = new HashSet<>();
            for (int i = 0; i < some.size(); i++) {
                if ((bits & 1 << i) != 0) {
                    set.add(some.get(i));
                }
            }
            for (CheckConstraint check : shape.checks()) {
                boolean touched = set.stream().anyMatch(edge -> Model.overlap(edge.changed(), check.columns()));
                if (touched || (product == Product.POSTGRESQL && mayFailUntouched(check))) {
                    cases.add(new Case(set, check.name(), isFalse(shape, check, set, columns), touched));
                }
            }
        }
        boolean doubtful = setters.size() > MOST_SETTERS
                || setters.stream()
                        .anyMatch(one -> setters.stream()
                                .anyMatch(other -> one != other
                                        && one.definition().onDelete()
                                                != other.definition().onDelete()
                                        && Model.overlap(one.changed(), other.changed())));
        return new CheckConditions(cases, doubtful && !cases.isEmpty());
    }

    /**
     * PostgreSQL asks all of them again. A row can violate already what is NOT VALID, what was another function when it was written, and what
     * depends on the session's time zone.
     */
    private static boolean mayFailUntouched(CheckConstraint check) {
        return check.definition().endsWith(NOT_VALID)
                || Identifiers.callsSomebodys(check.definition())
                || BY_TIME_ZONE.matcher(check.definition()).find();
    }

    private static String isFalse(TableShape shape, CheckConstraint check, Set<Edge> setters, RowColumns columns) {
        String row = shape.columns().stream()
                .map(column -> value(column, setters, columns) + " AS " + Identifiers.quote(column.name()))
                .collect(Collectors.joining(", "));
        return "(SELECT (" + Identifiers.escape(check.sql()) + ") FROM (SELECT " + row + ") AS "
                + Identifiers.quote(shape.table().name().name()) + ") IS FALSE";
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

    /** Those about columns that are set. */
    CheckConditions ofChangedColumns() {
        return new CheckConditions(cases.stream().filter(Case::touched).toList(), incomplete);
    }

    /** For people. */
    String names() {
        return cases.stream().map(each -> "CHECK " + each.name()).distinct().collect(Collectors.joining(" or "));
    }

    boolean isEmpty() {
        return cases.isEmpty();
    }

    /** Whether there are more setters than are tried, or two that set one column to different things, one after the other. */
    boolean isIncomplete() {
        return incomplete;
    }

    /** The CHECK that refuses a row once these have set their columns, given what the server said of it; null if none does. */
    @Nullable
    String refusedBy(Set<Edge> setters, List<Boolean> held) {
        for (int i = 0; i < cases.size(); i++) {
            if (held.get(i) && cases.get(i).setters().equals(setters)) {
                return cases.get(i).name();
            }
        }
        return null;
    }
}
