package dev.cascadecleanup.proof.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns single conditions into facts about the columns in them. */
final class FactFinder {

    private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", "<=", ">", ">=");
    private static final Map<String, String> MIRRORED = Map.of("=", "=", "<>", "<>", "<", ">", "<=", ">=", ">", "<", ">=", "<=");
    private static final Map<String, String> NEGATED = Map.of("=", "<>", "<>", "=", "<", ">=", "<=", ">", ">", "<=", ">=", "<");
    private static final Set<String> LENGTHS = Set.of("length", "char_length", "character_length", "octet_length", "bit_length",
            "cardinality", "array_length", "array_upper", "jsonb_array_length", "json_array_length");
    private static final Set<String> TRANSPARENT = Set.of("coalesce", "btrim", "trim", "ltrim", "rtrim", "abs", "upper_inc");
    private static final Set<String> TEMPORAL = Set.of("date_part", "date_trunc", "timezone", "age", "date", "extract");
    private static final Map<String, String> JSON_SAMPLES = Map.of("object", "{}", "array", "[]", "string", "\"proof\"",
            "number", "1", "boolean", "true", "null", "null");

    private final Map<String, Facts> facts;

    FactFinder(Map<String, Facts> facts) {
        this.facts = facts;
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
        if (call.is("isnull")) {
            call.columns().forEach(column -> of(column).setNull(holds));
        } else if (COMPARISONS.contains(call.name())) {
            compare(holds ? call.name() : NEGATED.get(call.name()), call.argument(0), call.argument(1));
        } else if (call.is("in")) {
            in(call, holds);
        } else if (call.is("like", "ilike", "~", "~*", "similar") && call.argument(1) instanceof Expression.Constant pattern
                && pattern.text() != null && target(call.argument(0)) != null) {
            match(call, pattern.text(), holds);
        } else if (call.is("starts_with", "^@") && call.argument(1) instanceof Expression.Constant prefix && holds
                && target(call.argument(0)) != null) {
            of(target(call.argument(0))).match('^' + escape(prefix.text()) + ".*");
        } else if (call.is("?", "?&", "?|", "jsonb_exists", "jsonb_exists_all") && holds) {
            keys(call);
        } else if (call.is("@>") && holds && target(call.argument(0)) != null
                && call.argument(1) instanceof Expression.Constant part && part.text() != null) {
            of(target(call.argument(0))).sample(part.text());
        } else {
            relate(call);
        }
    }

    private void in(Expression.Call call, boolean holds) {
        List<String> values = new ArrayList<>();
        boolean constants = call.argument(1) instanceof Expression.Call list && list.is("list") && list.arguments().stream()
                .allMatch(item -> item instanceof Expression.Constant constant && (constant.text() == null || values.add(constant.text())));
        Expression.Column column = target(call.argument(0));
        if (column == null || !constants) {
            keyAndValue(call, values);
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
            compare(MIRRORED.get(operator), right, left);
            return;
        }
        if (!(right instanceof Expression.Constant constant) || constant.text() == null) {
            sameLetterCase(operator, left, right);
            relateTemporal(left);
            relateTemporal(right);
            relate(left);
            relate(right);
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

    private void compareCall(String operator, Expression.Call call, String constant) {
        if (LENGTHS.contains(call.name()) && target(call.argument(0)) != null && isNumber(constant)) {
            length(of(target(call.argument(0))), operator, new BigDecimal(constant), call.is("bit_length") ? 8 : 1);
        } else if (call.is("jsonb_typeof", "json_typeof") && target(call.argument(0)) != null) {
            jsonType(of(target(call.argument(0))), operator, constant);
        } else if (call.is("%", "mod", "+", "-", "*", "/") && isNumber(constant)) {
            arithmetic(call, new BigDecimal(constant));
            relate(call);
        } else if (call.is("->>", "->") && operator.equals("=")) {
            keyAndValue(call, List.of(constant));
            relate(call);
        } else if (call.is("left", "substr", "substring") && operator.equals("=") && target(call.argument(0)) != null) {
            of(target(call.argument(0))).match('^' + escape(constant) + ".*");
        } else if (call.is("position", "strpos") && target(call.argument(0)) != null
                && call.arguments().size() > 1 && call.argument(1) instanceof Expression.Constant part && part.text() != null) {
            of(target(call.argument(0))).sample("a" + part.text() + "a");
        } else {
            relateTemporal(call);
            call.columns().forEach(column -> of(column).sample(constant));
            relate(call);
        }
    }

    /** The column that an expression is, give or take functions that a plain value passes through unchanged. */
    private static Expression.Column target(Expression expression) {
        if (expression instanceof Expression.Column column) {
            return column;
        }
        if (expression instanceof Expression.Call call && !call.arguments().isEmpty()
                && (TRANSPARENT.contains(call.name()) || call.is("lower", "upper"))) {
            return target(call.argument(0));
        }
        return null;
    }

    private void noteLetterCase(Expression expression) {
        if (expression instanceof Expression.Call call && call.is("lower") && target(call) != null) {
            of(target(call)).toLowerCase();
        } else if (expression instanceof Expression.Call call && call.is("upper") && target(call) != null) {
            of(target(call)).toUpperCase();
        }
    }

    /** {@code lower(x) = x}. */
    private void sameLetterCase(String operator, Expression left, Expression right) {
        if (operator.equals("=") && target(left) != null && target(left).equals(target(right))) {
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
        int length = bound.divide(BigDecimal.valueOf(unit), RoundingMode.CEILING).intValue();
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

    private static void jsonType(Facts facts, String operator, String type) {
        if (operator.equals("=")) {
            facts.sample(JSON_SAMPLES.getOrDefault(type, "{}"));
            facts.sample(type.equals("array") ? "[1]" : "{\"proof\": 1}");
        } else {
            JSON_SAMPLES.forEach((name, sample) -> {
                if (!name.equals(type)) {
                    facts.sample(sample);
                }
            });
        }
    }

    /** Undoes the arithmetic where that is simple, and offers the neighbours too. */
    private void arithmetic(Expression.Call call, BigDecimal result) {
        for (String column : call.columns()) {
            for (String other : call.constants()) {
                if (isNumber(other)) {
                    BigDecimal number = new BigDecimal(other);
                    List<BigDecimal> samples = new ArrayList<>(List.of(result, result.add(number), result.subtract(number)));
                    if (call.is("*") && number.signum() != 0) {
                        samples.add(result.divide(number, 6, RoundingMode.HALF_UP).stripTrailingZeros());
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

    private void keyAndValue(Expression.Call call, List<String> values) {
        Expression source = call.is("in") ? call.argument(0) : call;
        if (source instanceof Expression.Call access && access.is("->>", "->") && target(access.argument(0)) != null
                && access.argument(1) instanceof Expression.Constant key) {
            values.forEach(value -> of(target(access.argument(0))).sample("{" + json(key.text()) + ": "
                    + (access.is("->") ? value : json(value)) + "}"));
        }
    }

    private void keys(Expression.Call call) {
        if (target(call.argument(0)) == null) {
            relate(call);
            return;
        }
        List<String> keys = new ArrayList<>();
        if (call.argument(1) instanceof Expression.Constant constant && constant.text() != null) {
            keys.addAll(constant.text().startsWith("{") ? ArrayConstant.elements(constant.text()) : List.of(constant.text()));
        } else {
            keys.addAll(call.argument(1).constants());
        }
        StringBuilder object = new StringBuilder("{");
        for (String key : keys) {
            object.append(object.length() > 1 ? ", " : "").append(json(key)).append(": \"proof\"");
        }
        of(target(call.argument(0))).sample(object.append('}').toString());
    }

    private void match(Expression.Call call, String pattern, boolean holds) {
        Facts facts = of(target(call.argument(0)));
        noteLetterCase(call.argument(0));
        if (!holds) {
            facts.relate();
        } else if (call.is("like", "ilike", "similar")) {
            facts.match(Like.toRegularExpression(pattern, call.is("similar")));
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

    private static String json(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            escaped.append(Character.isLetterOrDigit(c) ? "" : "\\").append(c);
        }
        return escaped.toString();
    }
}
