package dev.cascadecleanup.internal.proof.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns single conditions into facts about the columns in them. */
final class FactFinder {

    private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", "<=", ">", ">=");
    private static final Map<String, String> MIRRORED =
            Map.of("=", "=", "<>", "<>", "<", ">", "<=", ">=", ">", "<", ">=", "<=");
    private static final Map<String, String> NEGATED =
            Map.of("=", "<>", "<>", "=", "<", ">=", "<=", ">", ">", "<=", ">=", "<");
    private static final Set<String> LENGTHS = Set.of(
            "length",
            "char_length",
            "character_length",
            "octet_length",
            "bit_length",
            "cardinality",
            "array_length",
            "array_upper",
            "jsonb_array_length",
            "json_array_length");
    private static final Set<String> TRANSPARENT =
            Set.of("coalesce", "btrim", "trim", "ltrim", "rtrim", "abs", "upper_inc");
    private static final Set<String> TEMPORAL = Set.of("date_part", "date_trunc", "timezone", "age", "date", "extract");
    private final Map<String, Facts> facts;
    private final Orderings orderings = new Orderings();

    FactFinder(Map<String, Facts> facts) {
        this.facts = facts;
    }

    /** What only all conditions together say. */
    void finish() {
        orderings.apply(facts);
    }

    void add(Expression expression, boolean holds) {
        if (expression instanceof Expression.Column column) {
            of(column).allow(List.of(String.valueOf(holds)));
        } else if (expression instanceof Expression.Call call) {
            add(call, holds);
        } else {
            relate(expression);
        }
    }

    private void add(Expression.Call call, boolean holds) {
        Expression.Column first = first(call);
        String pattern = call.is("like", "ilike", "~", "~*", "similar") ? pattern(call) : null;
        if (call.is("isnull")) {
            call.columns().forEach(column -> of(column).setNull(holds));
        } else if (COMPARISONS.contains(call.name())) {
            compare(
                    holds ? call.name() : Objects.requireNonNull(NEGATED.get(call.name())),
                    call.argument(0),
                    call.argument(1));
        } else if (call.is("in")) {
            in(call, holds);
        } else if (pattern != null && first != null) {
            match(call, first, pattern, holds);
        } else if (call.is("starts_with", "^@")
                && call.argument(1) instanceof Expression.Constant prefix
                && prefix.text() != null
                && holds
                && first != null) {
            of(first).match('^' + escape(prefix.text()) + ".*");
        } else if (call.is("?", "?&", "?|", "jsonb_exists", "jsonb_exists_all") && holds && first != null) {
            JsonFacts.keys(of(first), call.argument(1));
        } else if (call.is("@>", "<@", "&&", "<<", "<<=") && holds && first != null) {
            contain(of(first), call);
        } else {
            relate(call);
        }
    }

    /** Arrays, JSON and networks that contain others or are in them. */
    private static void contain(Facts facts, Expression.Call call) {
        facts.relate();
        List<String> elements = List.copyOf(call.argument(1).constants());
        if (call.argument(1) instanceof Expression.Constant constant && constant.text() != null) {
            facts.sample(call.is("<<", "<<=") ? constant.text().replaceFirst("/\\d+$", "") : constant.text());
            elements = constant.text().startsWith("{") ? ArrayConstant.elements(constant.text()) : List.of();
        }
        if (!elements.isEmpty()) {
            facts.sample(ArrayConstant.of(elements));
            elements.forEach(element -> facts.sample(ArrayConstant.of(List.of(element))));
        }
    }

    /** The constant that a text is compared with, behind the function that SIMILAR TO and ESCAPE are printed with. */
    private static @Nullable String pattern(Expression.Call call) {
        if (call.argument(1) instanceof Expression.Call function
                && function.is("similar_to_escape", "similar_escape", "like_escape")
                && function.argument(0) instanceof Expression.Constant pattern
                && pattern.text() != null) {
            return function.arguments().size() > 1
                            && function.argument(1) instanceof Expression.Constant escape
                            && escape.text() != null
                    ? Like.withBackslash(pattern.text(), escape.text())
                    : pattern.text();
        }
        return call.argument(1) instanceof Expression.Constant pattern ? pattern.text() : null;
    }

    private void in(Expression.Call call, boolean holds) {
        List<String> values = new ArrayList<>();
        boolean constants = call.argument(1) instanceof Expression.Call list
                && list.is("list")
                && list.arguments().stream()
                        .allMatch(item -> item instanceof Expression.Constant constant
                                && (constant.text() == null || values.add(constant.text())));
        Expression.Column column = target(call.argument(0));
        Expression.Column array = target(call.argument(1));
        if (call.argument(0) instanceof Expression.Constant element && element.text() != null && array != null) {
            of(array).sample(ArrayConstant.of(List.of(element.text())));
        } else if (column == null || !constants) {
            values.stream().findFirst().ifPresent(value -> member(call.argument(0), value));
            relate(call);
        } else if (holds) {
            noteLetterCase(call.argument(0));
            of(column).allow(values);
        } else {
            of(column).exclude(values);
        }
    }

    private void compare(String operator, Expression left, Expression right) {
        if (left instanceof Expression.Constant && !(right instanceof Expression.Constant)) {
            compare(Objects.requireNonNull(MIRRORED.get(operator)), right, left);
            return;
        }
        if (!(right instanceof Expression.Constant constant) || constant.text() == null) {
            sameLetterCase(operator, left, right);
            compareColumns(operator, left, right);
            relateTemporal(left);
            relateTemporal(right);
            return;
        }
        Expression.Column column = target(left);
        if (column != null && !(left instanceof Expression.Call inner && inner.is("abs"))) {
            noteLetterCase(left);
            bound(of(column), operator, constant.text());
        } else if (left instanceof Expression.Call call) {
            compareCall(operator, call, constant.text());
        } else {
            relate(left);
        }
    }

    private void compareColumns(String operator, Expression left, Expression right) {
        Expression.Column a = target(left);
        Expression.Column b = target(right);
        relate(left);
        relate(right);
        if (operator.equals("=") && a != null) {
            of(a).equal(right);
        } else if (operator.equals("=") && b != null) {
            of(b).equal(left);
        } else if (a != null && b != null && !a.equals(b) && operator.startsWith("<") && !operator.equals("<>")) {
            orderings.add(a.name(), b.name(), operator.equals("<"));
        } else if (a != null && b != null && !a.equals(b) && operator.startsWith(">")) {
            orderings.add(b.name(), a.name(), operator.equals(">"));
        }
    }

    private void compareCall(String operator, Expression.Call call, String constant) {
        Expression.Column first = first(call);
        if (LENGTHS.contains(call.name()) && first != null && isNumber(constant)) {
            length(of(first), operator, new BigDecimal(constant), call.is("bit_length") ? 8 : 1);
        } else if (call.is("jsonb_typeof", "json_typeof") && first != null) {
            JsonFacts.type(of(first), operator, constant);
        } else if (call.is("%", "mod", "+", "-", "*", "/") && isNumber(constant)) {
            arithmetic(call, new BigDecimal(constant));
            relate(call);
        } else if (call.is("->>", "->")) {
            member(call, beside(operator, constant));
            relate(call);
        } else if (call.is("left", "substr", "substring") && operator.equals("=") && first != null) {
            of(first).match('^' + escape(constant) + ".*");
        } else if (call.is("right") && operator.equals("=") && first != null) {
            of(first).match(".*" + escape(constant) + '$');
        } else if (call.is("position", "strpos")
                && first != null
                && call.arguments().size() > 1
                && call.argument(1) instanceof Expression.Constant part
                && part.text() != null) {
            of(first).sample("a" + part.text() + "a");
        } else {
            relateTemporal(call);
            call.columns().forEach(column -> {
                of(column).sample(constant);
                of(column).sample(beside("<", constant));
                of(column).sample(beside(">", constant));
            });
            relate(call);
        }
    }

    /** A number that compares so with the constant. */
    private static String beside(String operator, String constant) {
        if (!isNumber(constant)) {
            return constant;
        }
        BigDecimal number = new BigDecimal(constant);
        return switch (operator) {
            case ">", "<>" -> number.add(BigDecimal.ONE).toPlainString();
            case "<" -> number.subtract(BigDecimal.ONE).toPlainString();
            default -> constant;
        };
    }

    /** The column that an expression is, give or take functions that a plain value passes through unchanged. */
    private static Expression.@Nullable Column target(Expression expression) {
        if (expression instanceof Expression.Column column) {
            return column;
        }
        if (expression instanceof Expression.Call call
                && !call.arguments().isEmpty()
                && (TRANSPARENT.contains(call.name()) || call.is("lower", "upper"))) {
            return target(call.argument(0));
        }
        return null;
    }

    private static Expression.@Nullable Column first(Expression.Call call) {
        return call.arguments().isEmpty() ? null : target(call.argument(0));
    }

    private void noteLetterCase(Expression expression) {
        Expression.Column column = target(expression);
        if (column != null && expression instanceof Expression.Call call) {
            if (call.is("lower")) {
                of(column).toLowerCase();
            } else if (call.is("upper")) {
                of(column).toUpperCase();
            }
        }
    }

    /** {@code lower(x) = x}. */
    private void sameLetterCase(String operator, Expression left, Expression right) {
        Expression.Column column = target(left);
        if (operator.equals("=") && column != null && column.equals(target(right))) {
            noteLetterCase(left);
            noteLetterCase(right);
        }
    }

    private static void bound(Facts facts, String operator, String constant) {
        switch (operator) {
            case "=" -> facts.allow(List.of(constant));
            case "<>" -> facts.exclude(List.of(constant));
            case ">", ">=" -> facts.atLeast(constant, operator.equals(">="));
            default -> facts.atMost(constant, operator.equals("<="));
        }
    }

    private static void length(Facts facts, String operator, BigDecimal bound, int unit) {
        int length =
                bound.divide(BigDecimal.valueOf(unit), RoundingMode.CEILING).intValue();
        switch (operator) {
            case "=" -> {
                facts.lengthAtLeast(length);
                facts.lengthAtMost(length);
            }
            case ">" -> facts.lengthAtLeast(length + 1);
            case ">=" -> facts.lengthAtLeast(length);
            case "<" -> facts.lengthAtMost(length - 1);
            case "<=" -> facts.lengthAtMost(length);
            default -> facts.lengthAtLeast(length == 0 ? 1 : 0);
        }
    }

    /** Undoes the arithmetic where that is simple, and offers the neighbours too. */
    private void arithmetic(Expression.Call call, BigDecimal result) {
        for (String column : call.columns()) {
            for (String other : call.constants()) {
                if (isNumber(other)) {
                    BigDecimal number = new BigDecimal(other);
                    List<BigDecimal> samples =
                            new ArrayList<>(List.of(result, result.add(number), result.subtract(number)));
                    if (call.is("*") && number.signum() != 0) {
                        samples.add(
                                result.divide(number, 6, RoundingMode.HALF_UP).stripTrailingZeros());
                    }
                    if (call.is("/")) {
                        samples.add(result.multiply(number));
                    }
                    for (BigDecimal sample : samples) {
                        of(column).sample(sample.toPlainString());
                        of(column).sample(sample.add(BigDecimal.ONE).toPlainString());
                        of(column).sample(sample.subtract(BigDecimal.ONE).toPlainString());
                    }
                }
            }
        }
    }

    private void member(Expression source, String value) {
        if (source instanceof Expression.Call access && access.is("->>", "->")) {
            Expression.Column column = first(access);
            if (column != null) {
                JsonFacts.member(of(column), access, value);
            }
        }
    }

    private void match(Expression.Call call, Expression.Column column, String pattern, boolean holds) {
        Facts facts = of(column);
        noteLetterCase(call.argument(0));
        if (!holds) {
            facts.relate();
        } else if (call.is("like", "ilike")) {
            facts.match(Like.toRegularExpression(pattern, false));
        } else if (call.is("similar") || call.argument(1) instanceof Expression.Call) {
            facts.match(Like.toRegularExpression(pattern, true));
        } else {
            facts.match(pattern);
        }
    }

    private void relateTemporal(Expression expression) {
        if (expression instanceof Expression.Call call) {
            if (TEMPORAL.contains(call.name())) {
                for (String sample : List.of("2024-01-01", "2024-02-05", "2024-12-31")) {
                    call.columns().forEach(column -> of(column).sample(sample));
                }
            }
            call.arguments().forEach(this::relateTemporal);
        }
    }

    private void relate(Expression expression) {
        expression.columns().forEach(column -> of(column).relate());
    }

    private Facts of(Expression.Column column) {
        return of(column.name());
    }

    private Facts of(String column) {
        return facts.computeIfAbsent(column, name -> new Facts());
    }

    private static boolean isNumber(String text) {
        return text.matches("-?\\d+(\\.\\d+)?");
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            escaped.append(Character.isLetterOrDigit(c) ? "" : "\\").append(c);
        }
        return escaped.toString();
    }
}
