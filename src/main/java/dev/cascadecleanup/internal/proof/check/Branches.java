package dev.cascadecleanup.internal.proof.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The ways in which a set of conditions can hold together: its disjunctive normal form, each branch of it as facts about columns.
 * A branch promises nothing. It may contradict itself, and what was not understood is left open.
 */
public final class Branches {

    private static final int MOST = 96;
    private static final int MOST_NULL_PATTERNS = 5;
    private static final Set<String> CONDITIONS = Set.of(
            "and", "or", "not", "isnull", "=", "<>", "<", "<=", ">", ">=", "in", "like", "ilike", "~", "~*", "similar");

    /** A condition that cannot be taken apart further, and whether it is to hold. */
    private record Atom(Expression expression, boolean holds) {}

    private Branches() {}

    /** The branches, likelier ones first; empty if the conditions are understood and contradict each other. */
    public static List<Map<String, Facts>> of(List<Expression> conditions) {
        List<List<Atom>> branches = List.of(List.of());
        for (Expression condition : conditions) {
            branches = both(branches, expand(condition, true));
        }
        return branches.stream().map(Branches::facts).filter(Branches::possible).toList();
    }

    private static Map<String, Facts> facts(List<Atom> atoms) {
        Map<String, Facts> facts = new LinkedHashMap<>();
        FactFinder finder = new FactFinder(facts);
        atoms.forEach(atom -> finder.add(atom.expression(), atom.holds()));
        finder.finish();
        return facts;
    }

    private static boolean possible(Map<String, Facts> facts) {
        return facts.values().stream()
                .noneMatch(fact ->
                        fact.allowed() != null && fact.allowed().isEmpty() && Boolean.FALSE.equals(fact.mustBeNull()));
    }

    private static List<List<Atom>> expand(Expression expression, boolean holds) {
        if (expression instanceof Expression.Constant constant && constant.text() != null) {
            boolean value = constant.text().startsWith("t");
            return value == holds ? List.of(List.of()) : List.of();
        }
        if (!(expression instanceof Expression.Call call)) {
            return atom(expression, holds);
        }
        if (call.is("not")) {
            return expand(call.argument(0), !holds);
        }
        if (call.is("and", "or")) {
            List<List<Atom>> left = expand(call.argument(0), holds);
            List<List<Atom>> right = expand(call.argument(1), holds);
            return call.is("and") == holds ? both(left, right) : either(left, right);
        }
        if (call.is("case")) {
            return expandCase(call, holds);
        }
        if (call.is("=", "<>") && isCondition(call.argument(0)) && isCondition(call.argument(1))) {
            boolean same = call.is("=") == holds;
            return either(
                    both(expand(call.argument(0), true), expand(call.argument(1), same)),
                    both(expand(call.argument(0), false), expand(call.argument(1), !same)));
        }
        if (countsNulls(call)) {
            return nullPatterns(call, holds);
        }
        return atom(expression, holds);
    }

    private static List<List<Atom>> expandCase(Expression.Call call, boolean holds) {
        List<List<Atom>> branches = List.of();
        List<List<Atom>> noneBefore = List.of(List.of());
        int last = call.arguments().size() - 1;
        for (int i = 0; i < last; i += 2) {
            List<List<Atom>> here = both(noneBefore, expand(call.argument(i), true));
            branches = either(branches, both(here, expand(call.argument(i + 1), holds)));
            noneBefore = both(noneBefore, expand(call.argument(i), false));
        }
        Expression otherwise = call.argument(last);
        boolean unknown = otherwise instanceof Expression.Constant constant && constant.text() == null;
        return either(branches, unknown ? noneBefore : both(noneBefore, expand(otherwise, holds)));
    }

    private static boolean isCondition(Expression expression) {
        return expression instanceof Expression.Call call && CONDITIONS.contains(call.name());
    }

    /** "exactly one of": {@code num_nonnulls(a, b) = 1}, or a sum of {@code (a IS NOT NULL)::int}. */
    private static boolean countsNulls(Expression.Call call) {
        return !call.is("isnull") && call.columns().size() <= MOST_NULL_PATTERNS && looksAtNulls(call);
    }

    private static boolean looksAtNulls(Expression expression) {
        return expression instanceof Expression.Call call
                && (call.is("isnull", "num_nonnulls", "num_nulls")
                        || call.arguments().stream().anyMatch(Branches::looksAtNulls));
    }

    /** Every way to fill some of the columns, few first: the server picks the ones that fit. */
    private static List<List<Atom>> nullPatterns(Expression.Call call, boolean holds) {
        List<String> columns = List.copyOf(call.columns());
        List<List<Atom>> patterns = new ArrayList<>();
        for (int filled = 0; filled <= columns.size(); filled++) {
            for (int mask = 0; mask < 1 << columns.size(); mask++) {
                if (Integer.bitCount(mask) == filled && mayHave(call, holds, filled, columns.size())) {
                    List<Atom> pattern = new ArrayList<>();
                    for (int i = 0; i < columns.size(); i++) {
                        pattern.add(new Atom(
                                new Expression.Call("isnull", List.of(new Expression.Column(columns.get(i)))),
                                (mask & 1 << i) == 0));
                    }
                    patterns.add(pattern);
                }
            }
        }
        return patterns;
    }

    /** Whether this many filled columns can be right, where the condition is a plain count of them. */
    private static boolean mayHave(Expression.Call call, boolean holds, int filled, int columns) {
        boolean plain = call.is("=")
                && call.argument(0) instanceof Expression.Call count
                && count.is("num_nonnulls", "num_nulls")
                && count.arguments().stream().allMatch(Expression.Column.class::isInstance)
                && call.argument(1) instanceof Expression.Constant number
                && String.valueOf(number.text()).matches("\\d{1,4}");
        if (!plain) {
            return true;
        }
        int counted = ((Expression.Call) call.argument(0)).is("num_nonnulls") ? filled : columns - filled;
        return (counted == Integer.parseInt(((Expression.Constant) call.argument(1)).text())) == holds;
    }

    private static List<List<Atom>> atom(Expression expression, boolean holds) {
        return List.of(List.of(new Atom(expression, holds)));
    }

    private static List<List<Atom>> either(List<List<Atom>> left, List<List<Atom>> right) {
        List<List<Atom>> branches = new ArrayList<>(left);
        branches.addAll(right);
        return branches.size() > MOST ? branches.subList(0, MOST) : branches;
    }

    private static List<List<Atom>> both(List<List<Atom>> left, List<List<Atom>> right) {
        List<List<Atom>> branches = new ArrayList<>();
        for (List<Atom> a : left) {
            for (List<Atom> b : right) {
                if (branches.size() < MOST) {
                    List<Atom> joined = new ArrayList<>(a);
                    joined.addAll(b);
                    branches.add(joined);
                }
            }
        }
        return branches;
    }
}
