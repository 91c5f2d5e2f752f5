package dev.cascadecleanup.internal.proof.row;

import dev.cascadecleanup.internal.jdbc.Identifiers;
import dev.cascadecleanup.internal.proof.check.CheckConstraint;
import dev.cascadecleanup.internal.proof.check.Expression;
import dev.cascadecleanup.internal.proof.schema.Column;
import dev.cascadecleanup.internal.proof.schema.TableShape;
import dev.cascadecleanup.internal.proof.value.SqlType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A check with the columns of one table that it is about.
 *
 * @param check the check; that of a domain already speaks of the column
 * @param columns the columns, those behind generated columns in place of these
 */
record Condition(CheckConstraint check, Set<String> columns) {

    /** All conditions that a row of the table has to meet, those of its columns' domains included. */
    static List<Condition> of(TableShape shape) {
        List<Condition> conditions = new ArrayList<>();
        shape.checks().forEach(check -> conditions.add(new Condition(check, inputs(shape, check.columns()))));
        for (Column column : shape.columns()) {
            SqlType type = column.type();
            while (type instanceof SqlType.Domain domain && column.source() != Column.Source.GENERATED) {
                domain.checks()
                        .forEach(check -> conditions.add(new Condition(
                                CheckConstraint.of(
                                        check.name(),
                                        check.definition(),
                                        Expression.replaceValue(check.sql(), Identifiers.quote(column.name()))),
                                Set.of(column.name()))));
                type = domain.base();
            }
        }
        return conditions;
    }

    private static Set<String> inputs(TableShape shape, Set<String> names) {
        Set<String> inputs = new LinkedHashSet<>();
        names.forEach(name -> inputs.addAll(shape.inputsOf(name)));
        return inputs;
    }

    /** Conditions that share columns, directly or through others, belong together. */
    static List<List<Condition>> groups(List<Condition> conditions) {
        List<List<Condition>> groups = new ArrayList<>();
        for (Condition condition : conditions) {
            List<Condition> joined = new ArrayList<>(List.of(condition));
            for (List<Condition> group : List.copyOf(groups)) {
                if (group.stream()
                        .anyMatch(other -> other.columns().stream().anyMatch(condition.columns()::contains))) {
                    groups.remove(group);
                    joined.addAll(group);
                }
            }
            groups.add(joined);
        }
        return groups;
    }

    static Set<String> columnsOf(List<Condition> group) {
        Set<String> columns = new LinkedHashSet<>();
        group.forEach(condition -> columns.addAll(condition.columns()));
        return columns;
    }
}
